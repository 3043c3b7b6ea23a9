"""Holds: the customer waits because of us, and is promised a return. Only this module writes them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from people import copying, working_time
from people.errors import Incomplete
from people.models import Person
from people.transactions import verb
from tickets import clocks, errors, flags, permissions, states, timeline
from tickets.bounces import Finding
from tickets.kinds import EntryKind, FlagKind, HoldEnd, HoldKind, Level
from tickets.models import Hold, Ticket
from tickets.permissions import Action

CALL_RETURN = timedelta(seconds=60)
TICKET_LIMIT = timedelta(days=30)
# Long enough for any call; past it, the customer is not on the line any more.
CALL_LIMIT = timedelta(hours=1)

# A call hold that ends like that has lost the customer.
LOST_ON_THE_LINE = {
    HoldEnd.CALLER_HUNG_UP: FlagKind.ABANDONED_ON_HOLD,
    HoldEnd.DROPPED_BY_US: FlagKind.DROPPED_BY_US,
}

ACTIONS = {HoldKind.CALL: Action.HOLD_CALL, HoldKind.TICKET: Action.HOLD}


def _check_return(kind: HoldKind, *, started_at: datetime, return_by: datetime) -> None:
    limit = TICKET_LIMIT if kind == HoldKind.TICKET else CALL_LIMIT
    if not started_at < return_by <= started_at + limit:
        longest = "30 days" if kind == HoldKind.TICKET else "an hour"
        raise Incomplete(return_by=f"Say when we return: later than now, within {longest}.")


@verb
def start(
    *,
    ticket: int,
    by: Person,
    kind: HoldKind,
    reason: str = "",
    return_by: datetime | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Hold:
    """Put the customer on hold: on the line, or for days.

    return_by: the promised return; by default 60 seconds from now for a call, the end of the next
    working day for a ticket. Raises HoldIsOpen, StateDoesNotAllow, Incomplete, and what
    `permissions.enter` raises.
    """
    found = permissions.enter(ticket, by, ACTIONS[kind], version=version)
    now = timeline.moment(found, at)
    if kind == HoldKind.TICKET:
        found.status = _after(found, "hold")
    elif not found.live:
        raise errors.StateDoesNotAllow("This ticket is resolved: reopen it first.")
    if return_by is None:
        tomorrow = working_time.add_days(found.team.calendar, now, 1)
        return_by = now + CALL_RETURN if kind == HoldKind.CALL else tomorrow
    _check_return(kind, started_at=now, return_by=return_by)
    text = timeline.write(found, "hold", {"reason": reason}, at=now) if reason else None
    hold = Hold.objects.create(ticket=found, kind=kind, reason=text, by=by, started_at=now, return_by=return_by)
    timeline.record(
        found,
        EntryKind.HOLD_STARTED,
        at=now,
        by=by,
        text=text,
        hold=hold.pk,
        hold_kind=kind,
        return_by=return_by.isoformat(),
    )
    clocks.save(found, "status")
    return hold


def _after(ticket: Ticket, action: str) -> states.Status:
    status = states.after(ticket.status, action)
    if status is None:
        if ticket.status == states.Status.ON_HOLD:
            raise errors.HoldIsOpen
        raise errors.StateDoesNotAllow(
            f"A ticket that is {ticket.status.replace('_', ' ')} cannot be put on hold: acknowledge it first."
            if ticket.status == states.Status.NEW
            else f"A ticket that is {ticket.status} cannot be put on hold."
        )
    return status


def _enter(hold_id: int, by: Person) -> Hold:
    row = Hold.objects.filter(pk=hold_id).values_list("ticket_id", "kind").first()
    if row is None:
        raise errors.UnknownHold
    ticket = permissions.enter(row[0], by, ACTIONS[HoldKind(row[1])])
    hold = Hold.objects.get(pk=hold_id)
    hold.ticket = ticket
    if hold.ended_at is not None:
        raise errors.HoldHasEnded
    return hold


def end_for(hold: Hold, *, how: HoldEnd, by: Person | None, at: datetime) -> None:
    """End an open hold of a locked ticket, which the caller saves afterwards."""
    hold.ended_at, hold.how = max(at, hold.started_at), how
    hold.save(update_fields=["ended_at", "how"])
    timeline.record(hold.ticket, EntryKind.HOLD_ENDED, at=at, by=by, hold=hold.pk, hold_kind=hold.kind, how=how)


@verb
def end(*, hold: int, by: Person, how: HoldEnd = HoldEnd.RETURNED, at: datetime | None = None) -> Hold:
    """The customer does not wait any more; `how` says why. A customer lost on the line is flagged, red.

    Raises UnknownHold, NotYours, HoldHasEnded.
    """
    found = _enter(hold, by)
    now = timeline.moment(found.ticket, at)
    end_for(found, how=how, by=by, at=now)
    if found.kind == HoldKind.TICKET:
        found.ticket.status = states.after(found.ticket.status, "resume") or found.ticket.status
    clocks.save(found.ticket, "status")
    lost = LOST_ON_THE_LINE.get(how) if found.kind == HoldKind.CALL else None
    if lost is not None:
        seconds = round((now - found.started_at).total_seconds())
        flags.raise_for(
            found.ticket, [Finding(lost, Level.RED, {"hold": found.pk, "waited_seconds": seconds})], at=now
        )
    return found


@verb
def extend(*, hold: int, by: Person, return_by: datetime, reason: str = "", at: datetime | None = None) -> Hold:
    """Promise a later return. Raises UnknownHold, NotYours, HoldHasEnded, Incomplete."""
    found = _enter(hold, by)
    now = timeline.moment(found.ticket, at)
    if return_by <= found.return_by:
        raise Incomplete(return_by="Extending means a later return than the one promised.")
    _check_return(HoldKind(found.kind), started_at=found.started_at, return_by=return_by)
    text = timeline.write(found.ticket, "hold", {"reason": reason}, at=now) if reason else None
    timeline.record(
        found.ticket,
        EntryKind.HOLD_EXTENDED,
        at=now,
        by=by,
        text=text,
        hold=found.pk,
        was=found.return_by.isoformat(),
        return_by=return_by.isoformat(),
    )
    found.return_by = return_by
    found.save(update_fields=["return_by"])
    clocks.save(found.ticket)
    return found


def report(
    ticket: Ticket, *, by: Person, started_at: datetime, ended_at: datetime | None, how: HoldEnd | None
) -> Hold | None:
    """Write a hold on the line that a telephone system reports, on a locked ticket, which the caller saves.

    Returns None for one that goes on while the ticket has one: it has one clock.
    """
    if ended_at is None and Hold.objects.filter(ticket=ticket, kind=HoldKind.CALL, ended_at=None).exists():
        return None
    return_by = started_at + CALL_RETURN
    hold = Hold.objects.create(ticket=ticket, kind=HoldKind.CALL, by=by, started_at=started_at, return_by=return_by)
    timeline.record(
        ticket,
        EntryKind.HOLD_STARTED,
        at=started_at,
        by=by,
        hold=hold.pk,
        hold_kind=hold.kind,
        return_by=return_by.isoformat(),
    )
    if ended_at is not None:
        end_for(hold, how=how or HoldEnd.CLOSED, by=None, at=ended_at)
    return hold


def correct(hold: Hold, *, started_at: datetime, ended_at: datetime | None, how: HoldEnd | None) -> None:
    """Set a reported hold of a locked ticket right: later news told of another beginning or end."""
    hold.started_at, hold.return_by = started_at, started_at + CALL_RETURN
    hold.ended_at, hold.how = ended_at, how or ("" if ended_at is None else HoldEnd.CLOSED)
    hold.save(update_fields=["started_at", "return_by", "ended_at", "how"])


class ImportedHold(NamedTuple):
    """A hold of an imported ticket; `how` it ended is "" while it has not."""

    ticket_id: int
    by_id: int
    started_at: datetime
    return_by: datetime
    ended_at: datetime | None
    how: str


def load(holds: Iterable[ImportedHold]) -> None:
    """Write the holds of an import, set-based: of the past, and without a maximum."""
    copying.copy(Hold, ImportedHold._fields, holds, kind=HoldKind.TICKET.value)
