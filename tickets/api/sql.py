"""The JSON of what is read most, as PostgreSQL writes it: one statement a request, nothing parsed on the way.

Each expression writes one row of the table whose columns it names; `representations` has the same shapes
for the schema, and tests hold the two against each other.
"""

from tickets.models import NEVER


def shape(columns: str) -> str:
    """Return the expression for an object of these columns, named by their names or AS what.

    PostgreSQL writes a whole row faster than the pairs of json_build_object.
    """
    return f"(SELECT row_to_json(shape) FROM (SELECT {columns}) shape)"


def person(column: str) -> str:
    """Return the expression for a person, null where there is none."""
    return f"(SELECT person FROM (SELECT username, name FROM people_person WHERE id = {column}) person)"


def rows(columns: str, source: str) -> str:
    """Return the expression for an array of objects, in the order of their ids."""
    listed = f"SELECT {columns} FROM {source} ORDER BY id"
    return f"(SELECT coalesce(json_agg(listed), '[]') FROM ({listed}) listed)"


_TICKET = f"""
    'T-' || tickets_ticket.id AS reference,
    tickets_ticket.subject,
    tickets_ticket.category,
    tickets_ticket.skill,
    tickets_ticket.severity,
    tickets_ticket.channel,
    tickets_ticket.status,
    (SELECT slug FROM people_team WHERE id = tickets_ticket.team_id) AS team,
    (SELECT customer FROM (
        SELECT id, name FROM tickets_customer WHERE id = tickets_ticket.customer_id) customer) AS customer,
    {person("tickets_ticket.owner_id")} AS owner,
    tickets_ticket.owner_since,
    tickets_ticket.tenure_seq AS chain_length,
    tickets_ticket.opened_at,
    tickets_ticket.acknowledge_by,
    tickets_ticket.acknowledged_at,
    tickets_ticket.resolved_at,
    tickets_ticket.closed_at,
    tickets_ticket.outcome,
    tickets_ticket.root_cause,
    'T-' || tickets_ticket.duplicate_of_id AS duplicate_of,
    (SELECT due FROM (SELECT tickets_ticket.next_due_kind AS kind, tickets_ticket.next_due_at AS at) due
     WHERE due.at IS NOT NULL) AS next_due,
    {rows("kind, level", "tickets_flag WHERE ticket_id = tickets_ticket.id AND status IN ('raised', 'taken_on')")}
        AS flags,
    tickets_ticket.version,
    tickets_ticket.historical"""
TICKET = shape(_TICKET)
TICKET_DETAILS = shape(f"""{_TICKET},
    (SELECT content ->> 'description' FROM tickets_text
     WHERE ticket_id = tickets_ticket.id AND part = 'description' ORDER BY id DESC LIMIT 1) AS description""")

ENTRY = shape(f"""
    tickets_entry.id,
    tickets_entry.kind,
    tickets_entry.at,
    tickets_entry.recorded_at,
    {person("tickets_entry.by_id")} AS by,
    tickets_entry.data,
    (SELECT content FROM tickets_text WHERE id = tickets_entry.text_id) AS text,
    (SELECT erased_at FROM tickets_text WHERE id = tickets_entry.text_id) AS erased_at""")

FLAG = shape(f"""
    tickets_flag.id,
    'T-' || tickets_flag.ticket_id AS ticket,
    tickets_flag.kind,
    tickets_flag.level,
    tickets_flag.status,
    tickets_flag.raised_at,
    tickets_flag.rose_at,
    tickets_flag.evidence,
    tickets_flag.capacity,
    {person("tickets_flag.taken_on_by_id")} AS taken_on_by,
    tickets_flag.taken_on_at,
    {person("tickets_flag.closed_by_id")} AS closed_by,
    tickets_flag.closed_at,
    tickets_flag.historical""")

CUSTOMER = shape(f"""
    tickets_customer.id,
    tickets_customer.name,
    tickets_customer.since,
    tickets_customer.value,
    tickets_customer.language,
    tickets_customer.preferences,
    {person("tickets_customer.preferred_rep_id")} AS preferred_rep,
    tickets_customer.anonymous,
    tickets_customer.erased_at,
    {rows("kind, value, label", "tickets_contactpoint WHERE customer_id = tickets_customer.id")} AS contact_points,
    (SELECT coalesce(json_agg('T-' || id ORDER BY id), '[]')
     FROM tickets_ticket WHERE customer_id = tickets_customer.id AND live) AS open_tickets""")

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
