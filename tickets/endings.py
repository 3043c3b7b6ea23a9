"""What every ending of a ticket shares: is it allowed, who still waits, and closing it with an outcome."""

from datetime import datetime

from people.errors import Incomplete
from people.models import Person
from tickets import clocks, errors, flags, holds, limits, states, timeline
from tickets.kinds import Because, EntryKind, HoldEnd, PromiseState
from tickets.models import Flag, Hold, Promise, Ticket, Viewer
from tickets.states import Outcome, Status

SAID = {
    "resolve": "resolved",
    "close": "closed as resolved: resolve it first",
    "dismiss": "closed",
    "reopen": "reopened",
    "reopen_unacknowledged": "reopened",
}


def transition(ticket: Ticket, action: str) -> Status:
    """Return the status that an action leads to. Raises StateDoesNotAllow."""
    status = states.after(ticket.status, action)
    if status is None:
        raise errors.StateDoesNotAllow(f"A ticket that is {ticket.status.replace('_', ' ')} cannot be {SAID[action]}.")
    return status


def end_waiting(ticket: Ticket, *, by: Person, at: datetime) -> None:
    """End the holds of a locked ticket, and the flags that clear by themselves. Raises PromiseIsOpen."""
    # A promise is owed to the customer: it is kept or withdrawn by name, never lost with the ticket.
    if Promise.objects.filter(ticket=ticket, state=PromiseState.OPEN).exists():
        raise errors.PromiseIsOpen
    for hold in Hold.objects.filter(ticket=ticket, ended_at=None):
        hold.ticket = ticket
        holds.end_for(hold, how=HoldEnd.CLOSED, by=by, at=at)
    # No sweep looks at a ticket that has ended: their causes end here.
    up = Flag.objects.filter(ticket=ticket, status__in=Flag.OPEN)
    flags.clear_all([(flag.pk, ticket) for flag in up if limits.clears(flag.kind, flag.level)], at=at)


def need_root_cause(outcome: Outcome, root_cause: str) -> None:
    """Raise Incomplete when an outcome wants to know what had caused the complaint."""
    if outcome not in states.UNMEASURED and not root_cause:
        raise Incomplete(root_cause="What had caused the complaint? Give a short code.")


def close_as(
    ticket: Ticket, *, outcome: Outcome, root_cause: str, note: str, by: Person, at: datetime, **data: str
) -> None:
    """Close a locked ticket, its outcome having been checked; `data` goes into the entry."""
    end_waiting(ticket, by=by, at=at)
    text = timeline.write(ticket, "closing", {"note": note}, at=at) if note else None
    ticket.status, ticket.closed_at, ticket.outcome = Status.CLOSED, at, outcome
    ticket.resolved_at = ticket.resolved_at or at
    ticket.root_cause = root_cause or ticket.root_cause
    if outcome != Outcome.DUPLICATE_OF:
        drop_proposal(ticket)
    timeline.record(
        ticket,
        EntryKind.CLOSED,
        at=at,
        by=by,
        text=text,
        outcome=outcome,
        root_cause=ticket.root_cause,
        **data,
    )
    clocks.save(ticket, "status", "closed_at", "resolved_at", "outcome", "root_cause", "duplicate_of")


def drop_proposal(ticket: Ticket) -> None:
    """Forget that a ticket was proposed as a duplicate: it ends otherwise, and nobody is asked any more."""
    if ticket.duplicate_of_id is not None:
        ticket.duplicate_of = None
        Viewer.objects.filter(because=Because.DUPLICATE, source=ticket.pk).delete()
