"""What falls due on a ticket next, and saving it with that known."""

from datetime import timedelta

from django.db.models import CharField, F, Value

from people import working_time
from tickets.kinds import PromiseState
from tickets.models import Hold, Promise, Ticket
from tickets.states import LIVE, Channel, Status

# By when the owner tells the customer "I'll do it", in the team's working time.
ACKNOWLEDGE_BY_PHONE = timedelta(hours=1)
ACKNOWLEDGE_OTHERWISE = timedelta(hours=4)


def start_acknowledging(ticket: Ticket) -> None:
    """Set by when the ticket must be acknowledged; nothing is saved."""
    limit = ACKNOWLEDGE_BY_PHONE if ticket.channel == Channel.PHONE else ACKNOWLEDGE_OTHERWISE
    ticket.acknowledge_by = working_time.add(ticket.team.calendar, ticket.opened_at, limit)


def save(ticket: Ticket, *fields: str) -> None:
    """Save the changed `fields` of a locked ticket: a new version, with the next due time worked out."""
    _find_next_due(ticket)
    ticket.version += 1
    ticket.save(update_fields=[*fields, "version", "next_due_at", "next_due_kind"])


def _find_next_due(ticket: Ticket) -> None:
    ticket.next_due_at, ticket.next_due_kind = None, ""
    if ticket.historical or ticket.status not in LIVE:
        return
    holds = Hold.objects.filter(ticket=ticket, ended_at=None).values_list(Value("hold", CharField()), F("return_by"))
    promises = Promise.objects.filter(ticket=ticket, state=PromiseState.OPEN).values_list(
        Value("promise", CharField()), F("due_at")
    )
    due = [(at, kind) for kind, at in holds.order_by().union(promises.order_by(), all=True)]
    if ticket.status == Status.NEW and ticket.acknowledge_by is not None:
        due.append((ticket.acknowledge_by, "acknowledge"))
    if due:
        ticket.next_due_at, ticket.next_due_kind = min(due)
