"""What falls due on a ticket next, and saving it with that known."""

from datetime import timedelta

from django.db import connection

from people import working_time
from people.statements import update
from tickets.models import Ticket
from tickets.states import LIVE, Channel, Status

# By when the owner tells the customer "I'll do it", in the team's working time.
ACKNOWLEDGE_BY_PHONE = timedelta(hours=1)
ACKNOWLEDGE_OTHERWISE = timedelta(hours=4)


# What the customer is owed: returns from hold, and promises.
OPEN = """
SELECT return_by, 'hold' FROM tickets_hold WHERE ticket_id = %s AND ended_at IS NULL
UNION ALL SELECT due_at, 'promise' FROM tickets_promise WHERE ticket_id = %s AND state = 'open'"""


def start_acknowledging(ticket: Ticket) -> None:
    """Set by when the ticket must be acknowledged; nothing is saved."""
    limit = ACKNOWLEDGE_BY_PHONE if ticket.channel == Channel.PHONE else ACKNOWLEDGE_OTHERWISE
    ticket.acknowledge_by = working_time.add(ticket.team.calendar, ticket.opened_at, limit)


def save(ticket: Ticket, *fields: str) -> None:
    """Save the changed `fields` of a locked ticket: a new version, with the next due time worked out."""
    _find_next_due(ticket)
    ticket.version += 1
    update(ticket, *fields, "version", "next_due_at", "next_due_kind")


def _find_next_due(ticket: Ticket) -> None:
    ticket.next_due_at, ticket.next_due_kind = None, ""
    if ticket.historical or ticket.status not in LIVE:
        return
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [ticket.pk, ticket.pk])
        due = cursor.fetchall()
    if ticket.status == Status.NEW and ticket.acknowledge_by is not None:
        due.append((ticket.acknowledge_by, "acknowledge"))
    if due:
        ticket.next_due_at, ticket.next_due_kind = min(due)
