"""What must be true after every verb, whoever called it and whatever went wrong: asked in SQL, not through models.

Each query returns the tickets (or people, teams, rows) for which its sentence is false.
"""

from django.db import connection

INVARIANTS = {
    "a ticket has exactly one open tenure": """
        SELECT ticket.id FROM tickets_ticket ticket
        LEFT JOIN tickets_tenure tenure ON tenure.ticket_id = ticket.id AND tenure.ended_at IS NULL
        GROUP BY ticket.id HAVING count(tenure.id) <> 1""",
    "a ticket names the owner of its open tenure, its number and its start": """
        SELECT ticket.id FROM tickets_ticket ticket
        JOIN tickets_tenure tenure ON tenure.ticket_id = ticket.id AND tenure.ended_at IS NULL
        WHERE (ticket.owner_id, ticket.tenure_seq, ticket.owner_since)
            IS DISTINCT FROM (tenure.owner_id, tenure.seq, tenure.started_at)""",
    "tenures are numbered from 1 without a gap": """
        SELECT ticket_id FROM tickets_tenure
        GROUP BY ticket_id HAVING min(seq) <> 1 OR max(seq) <> count(*) OR count(DISTINCT seq) <> count(*)""",
    "a tenure begins at the instant at which the one before ended": """
        SELECT ticket_id FROM (
            SELECT ticket_id, seq, started_at, lag(ended_at) OVER (PARTITION BY ticket_id ORDER BY seq) AS before
            FROM tickets_tenure) links
        WHERE seq > 1 AND started_at IS DISTINCT FROM before""",
    "a tenure does not end before it begins": """
        SELECT ticket_id FROM tickets_tenure WHERE ended_at < started_at""",
    "the first tenure, and no other, begins with the opening": """
        SELECT ticket_id FROM tickets_tenure
        WHERE began_by <> 'imported' AND (seq = 1) <> (began_by = 'opened')""",
    "an accepted tenure has a handoff that its owner accepted at its start, with a read-back": """
        SELECT tenure.ticket_id FROM tickets_tenure tenure
        LEFT JOIN handoffs_handoff handoff ON handoff.id = tenure.handoff_id
            AND handoff.ticket_id = tenure.ticket_id AND handoff.state = 'accepted'
            AND handoff.accepted_by_id = tenure.owner_id AND handoff.receiver_id = tenure.owner_id
            AND handoff.ended_at = tenure.started_at AND handoff.read_back_id IS NOT NULL
        WHERE (tenure.began_by = 'accepted') <> (tenure.handoff_id IS NOT NULL)
            OR tenure.began_by = 'accepted' AND handoff.id IS NULL""",
    "an accepted handoff has exactly one tenure": """
        SELECT handoff.ticket_id FROM handoffs_handoff handoff
        LEFT JOIN tickets_tenure tenure ON tenure.handoff_id = handoff.id
        WHERE handoff.state = 'accepted' GROUP BY handoff.id HAVING count(tenure.id) <> 1""",
    "only an accepted handoff was accepted by somebody": """
        SELECT ticket_id FROM handoffs_handoff WHERE (state = 'accepted') <> (accepted_by_id IS NOT NULL)""",
    "a live ticket is owned by an active rep or manager": """
        SELECT ticket.id FROM tickets_ticket ticket JOIN people_person owner ON owner.id = ticket.owner_id
        WHERE ticket.status IN ('new', 'open', 'on_hold') AND NOT ticket.historical
            AND (NOT owner.is_active OR owner.role NOT IN ('rep', 'manager'))""",
    "a team's manager is active": """
        SELECT team.id FROM people_team team JOIN people_person manager ON manager.id = team.manager_id
        WHERE NOT manager.is_active""",
    "resolved_at and closed_at are set exactly when the status says so": """
        SELECT id FROM tickets_ticket
        WHERE (resolved_at IS NOT NULL) <> (status IN ('resolved', 'closed'))
            OR (closed_at IS NOT NULL) <> (status = 'closed')""",
    "a ticket is acknowledged unless it is new (or was closed as it was)": """
        SELECT id FROM tickets_ticket
        WHERE status <> 'closed' AND (acknowledged_at IS NOT NULL) <> (status <> 'new')""",
    "a closed ticket has its outcome, no other has one": """
        SELECT id FROM tickets_ticket WHERE NOT historical AND (outcome <> '') <> (status = 'closed')""",
    "a duplicate names the other ticket": """
        SELECT id FROM tickets_ticket WHERE outcome = 'duplicate_of' AND duplicate_of_id IS NULL""",
    "a ticket has at most one handoff in progress": """
        SELECT ticket_id FROM handoffs_handoff WHERE state IN ('requested', 'offered', 'claimed')
        GROUP BY ticket_id HAVING count(*) > 1""",
    "a handoff is in progress on a live ticket only, given by its owner": """
        SELECT ticket.id FROM handoffs_handoff handoff JOIN tickets_ticket ticket ON ticket.id = handoff.ticket_id
        WHERE handoff.state IN ('requested', 'offered', 'claimed')
            AND (ticket.status NOT IN ('new', 'open', 'on_hold') OR handoff.giver_id <> ticket.owner_id
                 OR handoff.tenure_seq <> ticket.tenure_seq)""",
    "a handoff in progress goes to an active person": """
        SELECT handoff.ticket_id FROM handoffs_handoff handoff
        JOIN people_person receiver ON receiver.id = handoff.receiver_id
        WHERE handoff.state IN ('requested', 'offered', 'claimed') AND NOT receiver.is_active""",
    "an approval that is waited for waits for an active person": """
        SELECT handoff.ticket_id FROM handoffs_handoff handoff
        LEFT JOIN people_person approver ON approver.id = handoff.approver_id
        WHERE handoff.state = 'requested' AND approver.is_active IS NOT TRUE""",
    "a handoff has ended exactly when it is not in progress": """
        SELECT ticket_id FROM handoffs_handoff
        WHERE (ended_at IS NULL) <> (state IN ('requested', 'offered', 'claimed'))""",
    "a ticket has at most one open flag of a kind": """
        SELECT ticket_id FROM tickets_flag WHERE status IN ('raised', 'taken_on')
        GROUP BY ticket_id, kind HAVING count(*) > 1""",
    "a ticket has at most one open hold of a kind": """
        SELECT ticket_id FROM tickets_hold WHERE ended_at IS NULL GROUP BY ticket_id, kind HAVING count(*) > 1""",
    "a ticket is on hold exactly when it has an open ticket hold": """
        SELECT ticket.id FROM tickets_ticket ticket WHERE (ticket.status = 'on_hold') <> EXISTS (
            SELECT FROM tickets_hold hold
            WHERE hold.ticket_id = ticket.id AND hold.kind = 'ticket' AND hold.ended_at IS NULL)""",
    "nothing is owed to the customer on a ticket that is resolved or closed": """
        SELECT ticket.id FROM tickets_ticket ticket
        WHERE ticket.status IN ('resolved', 'closed') AND NOT ticket.historical AND (
            EXISTS (SELECT FROM tickets_promise promise
                    WHERE promise.ticket_id = ticket.id AND promise.state = 'open')
            OR EXISTS (SELECT FROM tickets_hold hold
                       WHERE hold.ticket_id = ticket.id AND hold.ended_at IS NULL))""",
    "the next due time is the earliest of what is open, and says which": """
        SELECT ticket.id FROM tickets_ticket ticket
        LEFT JOIN LATERAL (
            SELECT due.at, due.kind FROM (
                SELECT return_by AS at, 'hold' AS kind FROM tickets_hold
                WHERE ticket_id = ticket.id AND ended_at IS NULL
                UNION ALL
                SELECT due_at, 'promise' FROM tickets_promise WHERE ticket_id = ticket.id AND state = 'open'
                UNION ALL
                SELECT ticket.acknowledge_by, 'acknowledge'
                WHERE ticket.status = 'new' AND ticket.acknowledge_by IS NOT NULL) due
            WHERE ticket.status IN ('new', 'open', 'on_hold') AND NOT ticket.historical
            ORDER BY due.at, due.kind LIMIT 1) first ON true
        WHERE ticket.next_due_at IS DISTINCT FROM first.at OR ticket.next_due_kind <> coalesce(first.kind, '')""",
    "owner_count and change_count are those of the chain": """
        SELECT ticket.id FROM tickets_ticket ticket JOIN tickets_tenure tenure ON tenure.ticket_id = ticket.id
        GROUP BY ticket.id HAVING ticket.owner_count <> count(DISTINCT tenure.owner_id)
            OR ticket.change_count <> count(*) FILTER (WHERE tenure.counted)""",
    "every beginning of a tenure has its entry": """
        SELECT tenure.ticket_id FROM tickets_tenure tenure
        WHERE tenure.began_by <> 'imported' AND NOT EXISTS (
            SELECT FROM tickets_entry entry
            WHERE entry.ticket_id = tenure.ticket_id AND entry.at = tenure.started_at
                AND entry.kind = CASE tenure.began_by WHEN 'accepted' THEN 'handoff_accepted'
                                 ELSE tenure.began_by END)""",
    "every guest has an open cause": """
        SELECT viewer.ticket_id FROM tickets_viewer viewer WHERE NOT CASE viewer.because
            WHEN 'offered' THEN EXISTS (
                SELECT FROM handoffs_handoff handoff WHERE handoff.id = viewer.source
                AND handoff.ticket_id = viewer.ticket_id AND handoff.receiver_id = viewer.person_id
                AND handoff.state = 'offered')
            WHEN 'asked' THEN EXISTS (
                SELECT FROM handoffs_helprequest request WHERE request.id = viewer.source
                AND request.ticket_id = viewer.ticket_id AND request.asked_id = viewer.person_id
                AND request.state = 'open')
            WHEN 'duplicate' THEN EXISTS (
                SELECT FROM tickets_ticket ticket WHERE ticket.id = viewer.source
                AND ticket.id = viewer.ticket_id AND ticket.duplicate_of_id IS NOT NULL
                AND ticket.status IN ('new', 'open', 'on_hold'))
            ELSE false END""",
    "nobody who has left covers somebody, or is covered": """
        SELECT cover.id FROM people_cover cover JOIN people_person person
            ON person.id IN (cover.absent_id, cover.covering_id)
        WHERE cover.ended_at IS NULL AND NOT person.is_active""",
    "an open flag for a manager who was asked for has an open request": """
        SELECT flag.ticket_id FROM tickets_flag flag
        WHERE flag.kind = 'manager_asked' AND flag.status IN ('raised', 'taken_on') AND NOT EXISTS (
            SELECT FROM handoffs_managerrequest request
            WHERE request.ticket_id = flag.ticket_id AND request.state = 'open')""",
    "a flag that climbs is red": """
        SELECT ticket_id FROM tickets_flag WHERE climbs_at IS NOT NULL AND level <> 'red'""",
    "whoever is being asked something may see the ticket": """
        SELECT asked.ticket_id FROM (
            SELECT ticket_id, receiver_id AS person_id, id AS source, 'offered' AS because
            FROM handoffs_handoff WHERE state = 'offered'
            UNION ALL
            SELECT ticket_id, asked_id, id, 'asked' FROM handoffs_helprequest WHERE state = 'open') asked
        WHERE NOT EXISTS (
            SELECT FROM tickets_viewer viewer
            WHERE (viewer.ticket_id, viewer.person_id, viewer.source, viewer.because)
                = (asked.ticket_id, asked.person_id, asked.source, asked.because))""",
}


def broken_invariants() -> list[str]:
    """Return a sentence for each invariant that does not hold, with the rows that break it; [] when all do."""
    broken = []
    with connection.cursor() as cursor:
        for sentence, query in INVARIANTS.items():
            cursor.execute(query)
            if rows := sorted({str(row[0]) for row in cursor.fetchall()}):
                broken.append(f"Not so: {sentence} ({', '.join(rows)})")
    return broken
