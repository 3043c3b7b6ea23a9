"""The JSON of what is read most, as PostgreSQL writes it: one statement a request, nothing parsed on the way.

Each expression writes one row of the table whose columns it names; `representations` has the same shapes
for the schema, and tests hold the two against each other.
"""

from tickets.models import NEVER


def person(column: str) -> str:
    """Return the expression for a person, null where there is none."""
    return (
        "(SELECT json_build_object('username', username, 'name', name)"
        f" FROM people_person WHERE people_person.id = {column})"
    )


_TICKET = f"""json_build_object(
    'reference', 'T-' || tickets_ticket.id,
    'subject', tickets_ticket.subject,
    'category', tickets_ticket.category,
    'skill', tickets_ticket.skill,
    'severity', tickets_ticket.severity,
    'channel', tickets_ticket.channel,
    'status', tickets_ticket.status,
    'team', (SELECT slug FROM people_team WHERE people_team.id = tickets_ticket.team_id),
    'customer', (SELECT json_build_object('id', id, 'name', name)
                 FROM tickets_customer WHERE tickets_customer.id = tickets_ticket.customer_id),
    'owner', {person("tickets_ticket.owner_id")},
    'owner_since', tickets_ticket.owner_since,
    'chain_length', tickets_ticket.tenure_seq,
    'opened_at', tickets_ticket.opened_at,
    'acknowledge_by', tickets_ticket.acknowledge_by,
    'acknowledged_at', tickets_ticket.acknowledged_at,
    'resolved_at', tickets_ticket.resolved_at,
    'closed_at', tickets_ticket.closed_at,
    'outcome', tickets_ticket.outcome,
    'root_cause', tickets_ticket.root_cause,
    'duplicate_of', 'T-' || tickets_ticket.duplicate_of_id,
    'next_due', CASE WHEN tickets_ticket.next_due_at IS NOT NULL THEN
        json_build_object('kind', tickets_ticket.next_due_kind, 'at', tickets_ticket.next_due_at) END,
    'flags', (SELECT coalesce(json_agg(json_build_object('kind', kind, 'level', level) ORDER BY id), '[]')
              FROM tickets_flag WHERE ticket_id = tickets_ticket.id AND tickets_flag.status IN ('raised', 'taken_on')),
    'version', tickets_ticket.version,
    'historical', tickets_ticket.historical"""
TICKET = f"{_TICKET})"
TICKET_DETAILS = f"""{_TICKET},
    'description', (
        SELECT content ->> 'description' FROM tickets_text
        WHERE ticket_id = tickets_ticket.id AND part = 'description' ORDER BY id DESC LIMIT 1)
)"""

ENTRY = f"""json_build_object(
    'id', tickets_entry.id,
    'kind', tickets_entry.kind,
    'at', tickets_entry.at,
    'recorded_at', tickets_entry.recorded_at,
    'by', {person("tickets_entry.by_id")},
    'data', tickets_entry.data,
    'text', (SELECT content FROM tickets_text WHERE tickets_text.id = tickets_entry.text_id),
    'erased_at', (SELECT erased_at FROM tickets_text WHERE tickets_text.id = tickets_entry.text_id)
)"""

FLAG = f"""json_build_object(
    'id', tickets_flag.id,
    'ticket', 'T-' || tickets_flag.ticket_id,
    'kind', tickets_flag.kind,
    'level', tickets_flag.level,
    'status', tickets_flag.status,
    'raised_at', tickets_flag.raised_at,
    'rose_at', tickets_flag.rose_at,
    'evidence', tickets_flag.evidence,
    'taken_on_by', {person("tickets_flag.taken_on_by_id")},
    'taken_on_at', tickets_flag.taken_on_at,
    'closed_by', {person("tickets_flag.closed_by_id")},
    'closed_at', tickets_flag.closed_at,
    'historical', tickets_flag.historical
)"""

CUSTOMER = f"""json_build_object(
    'id', tickets_customer.id,
    'name', tickets_customer.name,
    'since', tickets_customer.since,
    'value', tickets_customer.value,
    'language', tickets_customer.language,
    'preferences', tickets_customer.preferences,
    'preferred_rep', {person("tickets_customer.preferred_rep_id")},
    'anonymous', tickets_customer.anonymous,
    'erased_at', tickets_customer.erased_at,
    'contact_points', (
        SELECT coalesce(json_agg(json_build_object('kind', kind, 'value', value, 'label', label) ORDER BY id), '[]')
        FROM tickets_contactpoint WHERE customer_id = tickets_customer.id),
    'open_tickets', (
        SELECT coalesce(json_agg('T-' || id ORDER BY id), '[]')
        FROM tickets_ticket WHERE customer_id = tickets_customer.id AND live)
)"""

# One ticket, with what the permission rules need to know of it.
ONE_TICKET = f"""
SELECT {TICKET_DETAILS}::text, version, owner_id, team_id FROM tickets_ticket WHERE id = %s"""

# Somebody's own live tickets from a place on, in the order in which they fall due: the index ticket_desk.
_DUE = f"coalesce(next_due_at, '{NEVER}'::timestamptz)"
_DESK = f"""
SELECT {TICKET}::text, {_DUE}, id FROM tickets_ticket
WHERE owner_id = %(owner)s AND live AND ({_DUE}, id) {{beyond}} (%(due)s, %(number)s)
ORDER BY {_DUE} {{order}}, id {{order}} LIMIT %(count)s"""
DESK_ON = _DESK.format(beyond=">", order="ASC")
DESK_BACK = _DESK.format(beyond="<", order="DESC")
