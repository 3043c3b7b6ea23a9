"""Promises to the customer: dated, by name, kept or openly changed."""

from datetime import datetime, timedelta

from people.errors import Incomplete
from people.models import Person
from people.statements import insert
from people.transactions import verb
from tickets import clocks, errors, permissions, timeline
from tickets.kinds import EntryKind, PromiseState
from tickets.models import Promise, Text, Ticket
from tickets.permissions import Action

# A promise further away than that is none, and would keep every other clock quiet meanwhile.
FURTHEST = timedelta(days=90)


def check_due(due_at: datetime, *, at: datetime, field: str = "due_at") -> None:
    """Raise Incomplete, naming `field`, unless `due_at` is a time that can be promised at `at`."""
    if not at < due_at <= at + FURTHEST:
        raise Incomplete(**{field: "A promise is about the near future: later than now, within 90 days."})


def make_for(
    ticket: Ticket, *, what: Text, due_at: datetime, by: Person, at: datetime, field: str = "due_at"
) -> Promise:
    """Write a promise on a locked ticket; the caller records it and saves the ticket's next due time.

    field: the name under which the caller was given `due_at`, for the message. Raises Incomplete for a
    time that has passed.
    """
    check_due(due_at, at=at, field=field)
    return insert(Promise(ticket=ticket, what=what, made_by=by, made_at=at, due_at=due_at, first_due_at=due_at))


@verb
def make(
    *,
    ticket: int,
    by: Person,
    what: str,
    due_at: datetime,
    version: int | None = None,
    at: datetime | None = None,
) -> Promise:
    """Promise the customer something by a time; a colleague, what they do themselves.

    Raises Incomplete, and what `permissions.enter` raises.
    """
    found = permissions.enter(ticket, by, Action.PROMISE, version=version)
    _require_live(found)
    now = timeline.moment(found, at)
    text = timeline.write(found, "promise", {"what": what}, at=now)
    promise = make_for(found, what=text, due_at=due_at, by=by, at=now)
    timeline.record(found, EntryKind.PROMISED, at=now, by=by, text=text, promise=promise.pk, due_at=due_at.isoformat())
    clocks.save(found)
    return promise


def _require_live(ticket: Ticket) -> None:
    if not ticket.live:
        raise errors.StateDoesNotAllow("This ticket is resolved: reopen it before you promise more.")


def _enter(promise_id: int, by: Person) -> Promise:
    ticket_id = Promise.objects.filter(pk=promise_id).values_list("ticket_id", flat=True).first()
    if ticket_id is None:
        raise errors.UnknownPromise
    ticket = permissions.enter(ticket_id, by, Action.PROMISE)
    promise = Promise.objects.get(pk=promise_id)
    promise.ticket = ticket
    # On a move, the duty to keep what was promised before passes to the new owner.
    if promise.made_by_id != by.pk or promise.made_at < ticket.owner_since:
        permissions.require(by, Action.SETTLE_PROMISE, ticket)
    if promise.state != PromiseState.OPEN:
        raise errors.PromiseHasEnded
    return promise


def _end(promise: Promise, state: PromiseState, at: datetime) -> None:
    promise.state, promise.ended_at = state, at
    promise.save(update_fields=["state", "ended_at"])


@verb
def keep(*, promise: int, by: Person, at: datetime | None = None) -> Promise:
    """The promise was kept. Raises UnknownPromise, NotYours, PromiseHasEnded."""
    found = _enter(promise, by)
    keep_for(found, by=by, at=timeline.moment(found.ticket, at))
    clocks.save(found.ticket)
    return found


def keep_for(promise: Promise, *, by: Person, at: datetime) -> None:
    """Keep an open promise of a locked ticket, which the caller saves afterwards."""
    _end(promise, PromiseState.KEPT, at)
    in_time = at <= promise.due_at
    timeline.record(promise.ticket, EntryKind.PROMISE_KEPT, at=at, by=by, promise=promise.pk, in_time=in_time)


@verb
def renegotiate(*, promise: int, by: Person, due_at: datetime, told: str, at: datetime | None = None) -> Promise:
    """Agree on another time with the customer; `told` says how they were told. The first time stays.

    From the second time on a sweep raises an amber flag. Raises UnknownPromise, NotYours, PromiseHasEnded, Incomplete.
    """
    found = _enter(promise, by)
    now = timeline.moment(found.ticket, at)
    check_due(due_at, at=now)
    text = timeline.write(found.ticket, "renegotiation", {"told": told}, at=now)
    timeline.record(
        found.ticket,
        EntryKind.PROMISE_RENEGOTIATED,
        at=now,
        by=by,
        text=text,
        promise=found.pk,
        was=found.due_at.isoformat(),
        due_at=due_at.isoformat(),
    )
    found.due_at, found.renegotiations = due_at, found.renegotiations + 1
    if found.renegotiations > 1:
        found.moved_again_at = now
    found.save(update_fields=["due_at", "renegotiations", "moved_again_at"])
    clocks.save(found.ticket)
    return found


@verb
def withdraw(*, promise: int, by: Person, reason: str, at: datetime | None = None) -> Promise:
    """Take a promise back, and say why. Raises UnknownPromise, NotYours, PromiseHasEnded."""
    found = _enter(promise, by)
    now = timeline.moment(found.ticket, at)
    withdraw_for(found, by=by, why=timeline.write(found.ticket, "withdrawal", {"reason": reason}, at=now), at=now)
    clocks.save(found.ticket)
    return found


def withdraw_for(promise: Promise, *, by: Person | None, why: Text | None, at: datetime) -> None:
    """Withdraw an open promise of a locked ticket, which the caller saves afterwards."""
    _end(promise, PromiseState.WITHDRAWN, at)
    timeline.record(promise.ticket, EntryKind.PROMISE_WITHDRAWN, at=at, by=by, text=why, promise=promise.pk)
