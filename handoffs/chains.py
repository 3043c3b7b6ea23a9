"""The chain of a ticket: who owned it when, how it moved, what was said, and whether the rows prove it.

Every audit reads it, so PostgreSQL writes it as JSON in one statement (shape: `handoffs.api` ChainOut).
"""

from datetime import datetime

from django.db import connection

from tickets import errors
from tickets.models import NEVER

# Each check is true when the rows prove it; the schema's keys hold them all at every commit, and here
# they are looked at once more, so that an auditor need not believe the keys.
CHAIN = """
WITH chain AS MATERIALIZED (
    SELECT tenure.*, lag(ended_at) OVER by_seq AS ended_before, row_number() OVER by_seq AS place
    FROM tickets_tenure tenure WHERE ticket_id = %(ticket)s
    WINDOW by_seq AS (ORDER BY seq)
), checks AS (
    SELECT bool_and(seq = place) AS numbered_without_gap,
        bool_and(seq = 1 OR started_at = ended_before) AS each_begins_when_the_last_ended,
        count(*) FILTER (WHERE ended_at IS NULL) = 1 AS one_open_tenure,
        bool_and(seq > 1 OR began_by IN ('opened', 'imported')) AS begins_with_the_opening,
        bool_and(began_by <> 'accepted' OR EXISTS (
            SELECT FROM handoffs_handoff handoff WHERE handoff.id = chain.handoff_id
            AND handoff.ticket_id = chain.ticket_id AND handoff.accepted_by_id = chain.owner_id
            AND handoff.ended_at = chain.started_at AND handoff.read_back_id IS NOT NULL
        )) AS accepted_by_the_owner_with_a_read_back,
        bool_and(ended_at IS NOT NULL OR EXISTS (
            SELECT FROM tickets_ticket ticket WHERE ticket.id = chain.ticket_id
            AND ticket.owner_id = chain.owner_id AND ticket.tenure_seq = chain.seq
            AND ticket.owner_since = chain.started_at
        )) AS the_ticket_names_the_same_owner
    FROM chain
)
SELECT json_build_object(
    'reference', 'T-' || ticket.id,
    'status', CASE WHEN %(as_of)s::timestamptz = %(never)s THEN ticket.status END,
    'owner', (SELECT json_build_object('username', owner.username, 'name', owner.name)
              FROM chain JOIN people_person owner ON owner.id = chain.owner_id
              WHERE started_at <= %(as_of)s ORDER BY seq DESC LIMIT 1),
    'as_of', nullif(%(as_of)s::timestamptz, %(never)s),
    'length', (SELECT count(*) FROM chain WHERE started_at <= %(as_of)s),
    'distinct_owners', (SELECT count(DISTINCT owner_id) FROM chain WHERE started_at <= %(as_of)s),
    'counted_changes', (SELECT count(*) FROM chain WHERE started_at <= %(as_of)s AND counted),
    'verified', (SELECT numbered_without_gap AND each_begins_when_the_last_ended AND one_open_tenure
        AND begins_with_the_opening AND accepted_by_the_owner_with_a_read_back
        AND the_ticket_names_the_same_owner FROM checks),
    'checks', (SELECT row_to_json(checks) FROM checks),
    'tenures', (
        SELECT coalesce(json_agg(json_build_object(
            'seq', chain.seq,
            'owner', json_build_object('username', owner.username, 'name', owner.name),
            'started_at', chain.started_at,
            'ended_at', CASE WHEN chain.ended_at <= %(as_of)s THEN chain.ended_at END,
            'seconds', round(extract(epoch FROM
                least(coalesce(chain.ended_at, now()), %(as_of)s) - chain.started_at)),
            'began_by', chain.began_by,
            'reason', chain.reason,
            'counted', chain.counted,
            'introduced_at', (
                SELECT min(entry.at) FROM tickets_entry entry
                WHERE entry.ticket_id = chain.ticket_id AND entry.at <= %(as_of)s
                AND entry.at >= chain.started_at AND (chain.ended_at IS NULL OR entry.at < chain.ended_at)
                AND (entry.kind = 'acknowledged' OR (entry.kind = 'contact' AND entry.data @> '{"introduced": true}')
                     OR (entry.kind = 'handoff_accepted' AND EXISTS (
                         SELECT FROM handoffs_handoff handoff
                         WHERE handoff.id = chain.handoff_id AND handoff.on_call)))),
            'said', (SELECT text.content ->> 'reason' FROM tickets_text text
                     WHERE chain.began_by = 'taken_over' AND text.ticket_id = chain.ticket_id
                     AND text.part = 'take_over' AND text.written_at = chain.started_at LIMIT 1),
            'handoff', (
                SELECT json_build_object(
                    'id', handoff.id,
                    'kind', handoff.kind,
                    'giver', json_build_object('username', giver.username, 'name', giver.name),
                    'on_call', handoff.on_call,
                    'packet', coalesce(packet.content, '{}') || coalesce(completion.content, '{}'),
                    'read_back', read_back.content ->> 'read_back',
                    'correction', correction.content ->> 'correction',
                    'made_at', handoff.made_at,
                    'accepted_at', handoff.ended_at,
                    'seconds_to_yes', round(extract(epoch FROM handoff.ended_at - handoff.made_at)))
                FROM handoffs_handoff handoff
                JOIN people_person giver ON giver.id = handoff.giver_id
                LEFT JOIN tickets_text packet ON packet.id = handoff.packet_id
                LEFT JOIN tickets_text completion ON completion.id = handoff.completion_id
                    AND completion.written_at <= %(as_of)s
                LEFT JOIN tickets_text read_back ON read_back.id = handoff.read_back_id
                LEFT JOIN tickets_text correction ON correction.id = handoff.correction_id
                    AND correction.written_at <= %(as_of)s
                WHERE handoff.id = chain.handoff_id),
            'covers', (
                SELECT coalesce(json_agg(json_build_object(
                    'covering', json_build_object('username', covering.username, 'name', covering.name),
                    'from', greatest(cover.starts_at, cover.accepted_at),
                    'until', least(cover.until, cover.ended_at)
                ) ORDER BY cover.accepted_at), '[]')
                FROM people_cover cover JOIN people_person covering ON covering.id = cover.covering_id
                WHERE cover.absent_id = chain.owner_id
                AND greatest(cover.starts_at, cover.accepted_at) <= least(%(as_of)s, chain.ended_at)
                AND least(cover.until, cover.ended_at) > greatest(chain.started_at, cover.starts_at)),
            'holds', (
                SELECT coalesce(json_agg(json_build_object(
                    'id', hold.id, 'kind', hold.kind, 'started_at', hold.started_at,
                    'return_by', coalesce(
                        (SELECT (data ->> 'was')::timestamptz FROM tickets_entry
                         WHERE ticket_id = hold.ticket_id AND kind = 'hold_extended' AND at > %(as_of)s
                         AND data @> json_build_object('hold', hold.id)::jsonb ORDER BY at, id LIMIT 1),
                        hold.return_by),
                    'ended_at', CASE WHEN hold.ended_at <= %(as_of)s THEN hold.ended_at END,
                    'how', CASE WHEN hold.ended_at <= %(as_of)s THEN hold.how ELSE '' END
                ) ORDER BY hold.started_at, hold.id), '[]')
                FROM tickets_hold hold WHERE hold.ticket_id = chain.ticket_id
                AND hold.started_at >= chain.started_at AND hold.started_at <= %(as_of)s
                AND (chain.ended_at IS NULL OR hold.started_at < chain.ended_at)),
            'promises', (
                SELECT coalesce(json_agg(json_build_object(
                    'id', promise.id, 'what', (SELECT min(value) FROM jsonb_each_text(what.content)),
                    'made_at', promise.made_at, 'first_due_at', promise.first_due_at,
                    'due_at', coalesce(
                        (SELECT (data ->> 'was')::timestamptz FROM tickets_entry
                         WHERE ticket_id = promise.ticket_id AND kind = 'promise_renegotiated' AND at > %(as_of)s
                         AND data @> json_build_object('promise', promise.id)::jsonb ORDER BY at, id LIMIT 1),
                        promise.due_at),
                    'state', CASE WHEN promise.ended_at <= %(as_of)s THEN promise.state ELSE 'open' END,
                    'ended_at', CASE WHEN promise.ended_at <= %(as_of)s THEN promise.ended_at END
                ) ORDER BY promise.made_at, promise.id), '[]')
                FROM tickets_promise promise JOIN tickets_text what ON what.id = promise.what_id
                WHERE promise.ticket_id = chain.ticket_id
                AND promise.made_at >= chain.started_at AND promise.made_at <= %(as_of)s
                AND (chain.ended_at IS NULL OR promise.made_at < chain.ended_at))
        ) ORDER BY chain.seq), '[]')
        FROM chain JOIN people_person owner ON owner.id = chain.owner_id
        WHERE chain.started_at <= %(as_of)s),
    'looks', (
        SELECT coalesce(json_agg(json_build_object(
            'person', json_build_object('username', person.username, 'name', person.name),
            'hour', look.hour) ORDER BY look.hour, person.username), '[]')
        FROM tickets_look look JOIN people_person person ON person.id = look.person_id
        WHERE look.ticket_id = ticket.id AND look.hour <= %(as_of)s)
)::text
FROM tickets_ticket ticket WHERE ticket.id = %(ticket)s
"""


def chain(ticket: int, *, as_of: datetime | None = None) -> str:
    """Return a ticket's chain as JSON, as it stands or as it stood at `as_of`.

    Every tenure comes with its length in seconds, how it began, packet and read-back, the seconds from
    offer to yes, who covered its owner, and the holds and promises inside it; `verified` says whether all
    the rows prove the chain, `checks` how. Raises UnknownTicket.
    """
    with connection.cursor() as cursor:
        cursor.execute(CHAIN, {"ticket": ticket, "as_of": as_of or NEVER, "never": NEVER})
        row = cursor.fetchone()
    if row is None:
        raise errors.UnknownTicket
    return str(row[0])
