"""The end of a complaint: resolved, closed with an outcome, linked as a duplicate, reopened."""

from datetime import datetime

from notices import outbox
from people.errors import Incomplete, NotYours
from people.models import Person
from people.transactions import verb
from tickets import clocks, errors, holds, ownership, permissions, states, timeline
from tickets.kinds import Because, EntryKind, HoldEnd, PromiseState
from tickets.models import Hold, Promise, Ticket, Viewer
from tickets.permissions import Action
from tickets.states import Outcome, Status


def _transition(ticket: Ticket, action: str) -> Status:
    status = states.after(ticket.status, action)
    if status is None:
        said = "closed as" if action == "close" else action
        raise errors.StateDoesNotAllow(
            f"A ticket that is {ticket.status.replace('_', ' ')} cannot be {SAID.get(action, said)}."
        )
    return status


SAID = {
    "resolve": "resolved",
    "close": "closed as resolved: resolve it first",
    "dismiss": "closed",
    "reopen": "reopened",
}


def _end_waiting(ticket: Ticket, *, by: Person, at: datetime) -> None:
    # A promise is owed to the customer: it is kept or withdrawn by name, never lost with the ticket.
    if Promise.objects.filter(ticket=ticket, state=PromiseState.OPEN).exists():
        raise errors.PromiseIsOpen
    for hold in Hold.objects.filter(ticket=ticket, ended_at=None):
        hold.ticket = ticket
        holds.end_for(hold, how=HoldEnd.CLOSED, by=by, at=at)


@verb
def resolve(
    *,
    ticket: int,
    by: Person,
    resolution: str,
    root_cause: str,
    customer_agreed: bool,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """The complaint has been put right: how, what had caused it (a code), and whether the customer agrees.

    Resolving a ticket that nobody had acknowledged acknowledges it as well. Raises StateDoesNotAllow,
    PromiseIsOpen, HandoffInProgress, and what `permissions.enter` raises.
    """
    found = permissions.enter(ticket, by, Action.RESOLVE, version=version)
    status = _transition(found, "resolve")
    now = timeline.moment(found, at)
    _end_waiting(found, by=by, at=now)
    text = timeline.write(found, "resolution", {"resolution": resolution}, at=now)
    found.status, found.resolved_at = status, now
    found.acknowledged_at = found.acknowledged_at or now
    found.root_cause, found.customer_agreed = root_cause, customer_agreed
    _drop_proposal(found)
    timeline.record(
        found,
        EntryKind.RESOLVED,
        at=now,
        by=by,
        text=text,
        root_cause=root_cause,
        customer_agreed=customer_agreed,
    )
    clocks.save(found, "status", "resolved_at", "acknowledged_at", "root_cause", "customer_agreed", "duplicate_of")
    return found


@verb
def close(
    *,
    ticket: int,
    by: Person,
    outcome: Outcome,
    root_cause: str = "",
    duplicate_of: int | None = None,
    note: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Close a ticket with its outcome.

    outcome: `resolved` needs a resolved ticket; `duplicate_of` needs the other ticket, whose owner must
    say yes: until then this one stays open (see `confirm_duplicate`). root_cause: needed unless the
    outcome says that there was no complaint. Raises StateDoesNotAllow, PromiseIsOpen, Incomplete,
    HandoffInProgress, and what `permissions.enter` raises.
    """
    if outcome == Outcome.DUPLICATE_OF:
        return _propose_duplicate(
            ticket=ticket, by=by, root_cause=root_cause, of=duplicate_of, note=note, version=version, at=at
        )
    found = permissions.enter(ticket, by, Action.CLOSE, version=version)
    action = "close" if outcome == Outcome.RESOLVED else "dismiss"
    _transition(found, action)
    _need_root_cause(outcome, root_cause or found.root_cause)
    _close(
        found,
        outcome=outcome,
        root_cause=root_cause,
        note=note,
        by=by,
        at=timeline.moment(found, at),
    )
    return found


def _need_root_cause(outcome: Outcome, root_cause: str) -> None:
    if outcome not in states.UNMEASURED and not root_cause:
        raise Incomplete(root_cause="What had caused the complaint? Give a short code.")


def _close(
    ticket: Ticket, *, outcome: Outcome, root_cause: str, note: str, by: Person, at: datetime, **data: str
) -> None:
    _end_waiting(ticket, by=by, at=at)
    text = timeline.write(ticket, "closing", {"note": note}, at=at) if note else None
    ticket.status, ticket.closed_at, ticket.outcome = Status.CLOSED, at, outcome
    ticket.resolved_at = ticket.resolved_at or at
    ticket.root_cause = root_cause or ticket.root_cause
    if outcome != Outcome.DUPLICATE_OF:
        _drop_proposal(ticket)
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


def _drop_proposal(ticket: Ticket) -> None:
    """Forget that a ticket was proposed as a duplicate: it ends otherwise, and nobody is asked any more."""
    if ticket.duplicate_of_id is not None:
        ticket.duplicate_of = None
        Viewer.objects.filter(because=Because.DUPLICATE, source=ticket.pk).delete()


def _propose_duplicate(
    *,
    ticket: int,
    by: Person,
    root_cause: str,
    of: int | None,
    note: str,
    version: int | None,
    at: datetime | None,
) -> Ticket:
    if of is None:
        raise Incomplete(duplicate_of="Which ticket is this a duplicate of?")
    if of == ticket:
        raise errors.DuplicateOfItself(duplicate_of="A ticket cannot be a duplicate of itself.")
    # One that does not exist is refused in the words of one that may not be seen.
    unseen = Incomplete(duplicate_of="There is no ticket of that reference that you can see.")
    if not Ticket.objects.filter(pk=of).exists():
        raise unseen
    # Two tickets are locked: always the lower number first, so that two such verbs never wait in a circle.
    locked = {number: Ticket.objects.lock(number) for number in sorted((ticket, of))}
    found, survivor = permissions.enter(ticket, by, Action.CLOSE, version=version), locked[of]
    try:
        permissions.require(by, Action.VIEW, survivor)
    except errors.UnknownTicket:
        raise unseen from None
    _transition(found, "dismiss")
    if not survivor.live:
        raise errors.StateDoesNotAllow(f"{survivor} is not open: link to the complaint that is still live.")
    _need_root_cause(Outcome.DUPLICATE_OF, root_cause)
    now = timeline.moment(found, at)
    found.duplicate_of, found.root_cause = survivor, root_cause
    if survivor.owner_id == by.pk:
        _link(found, survivor, by=by, note=note, at=now)
        return found
    # Resolved, it waits for nobody's answer: whoever confirmed the proposal would be told that there is none.
    if not found.live:
        raise errors.StateDoesNotAllow("This ticket is resolved: close it as resolved, or reopen it first.")
    timeline.record(found, EntryKind.DUPLICATE_PROPOSED, at=now, by=by, of=survivor.reference)
    # Proposed before as a duplicate of another ticket: its owner is not asked any more.
    Viewer.objects.filter(because=Because.DUPLICATE, source=found.pk).exclude(person=survivor.owner).delete()
    Viewer.objects.get_or_create(
        because=Because.DUPLICATE, source=found.pk, person=survivor.owner, defaults={"ticket": found}
    )
    outbox.queue("duplicate_proposed", to=[survivor.owner], about=found.reference, of=survivor.reference)
    clocks.save(found, "duplicate_of", "root_cause")
    return found


def _link(ticket: Ticket, survivor: Ticket, *, by: Person, note: str, at: datetime) -> None:
    _close(
        ticket,
        outcome=Outcome.DUPLICATE_OF,
        root_cause=ticket.root_cause,
        note=note,
        by=by,
        at=at,
        of=survivor.reference,
    )
    timeline.record(survivor, EntryKind.DUPLICATE_LINKED, at=at, by=by, duplicate=ticket.reference)
    clocks.save(survivor)
    Viewer.objects.filter(because=Because.DUPLICATE, source=ticket.pk).delete()


@verb
def confirm_duplicate(*, ticket: int, by: Person, yes: bool, at: datetime | None = None) -> Ticket:
    """The owner of the surviving ticket says whether the other really is a duplicate of theirs.

    Yes closes `ticket` as a duplicate; no leaves it open with its owner. Raises UnknownTicket,
    NotYours for anybody else, StateDoesNotAllow when nothing was proposed, PromiseIsOpen.
    """
    of = Ticket.objects.filter(pk=ticket).values_list("duplicate_of_id", flat=True).first()
    locked = {number: Ticket.objects.lock(number) for number in sorted({ticket, of or ticket})}
    found = locked[ticket]
    # The surviving ticket may have moved on since: its owner answers, whoever was asked first.
    if of is None or locked[of].owner_id != by.pk:
        permissions.require(by, Action.VIEW, found)
    if found.duplicate_of_id is None or found.duplicate_of_id != of or not found.live:
        raise errors.StateDoesNotAllow("Nobody has proposed this ticket as a duplicate.")
    survivor = locked[found.duplicate_of_id]
    if survivor.owner_id != by.pk:
        raise NotYours(f"The owner of {survivor} says whether this is a duplicate of it.")
    if yes and not survivor.live:
        raise errors.StateDoesNotAllow(f"{survivor} is over by now: this complaint would be lost with it.")
    now = timeline.moment(found, at)
    found.duplicate_of = survivor
    if yes:
        _link(found, survivor, by=by, note="", at=now)
        outbox.queue("duplicate_linked", to=[found.owner], about=found.reference, of=survivor.reference)
        return found
    found.duplicate_of, found.root_cause = None, ""
    Viewer.objects.filter(because=Because.DUPLICATE, source=found.pk).delete()
    timeline.record(found, EntryKind.DUPLICATE_DECLINED, at=now, by=by, of=survivor.reference)
    outbox.queue("duplicate_declined", to=[found.owner], about=found.reference, of=survivor.reference)
    clocks.save(found, "duplicate_of", "root_cause")
    return found


@verb
def reopen(*, ticket: int, by: Person, reason: str, version: int | None = None, at: datetime | None = None) -> Ticket:
    """The complaint is not put right after all. Its owner still owns it; who has left is inherited from.

    Raises StateDoesNotAllow, and what `permissions.enter` raises.
    """
    found = permissions.enter(ticket, by, Action.REOPEN, version=version)
    unacknowledged = found.acknowledged_at is None
    status = _transition(found, "reopen_unacknowledged" if unacknowledged else "reopen")
    now = timeline.moment(found, at)
    text = timeline.write(found, "reopening", {"reason": reason}, at=now)
    found.status, found.resolved_at, found.closed_at, found.outcome = status, None, None, ""
    found.duplicate_of = None
    timeline.record(found, EntryKind.REOPENED, at=now, by=by, text=text)
    clocks.save(found, "status", "resolved_at", "closed_at", "outcome", "duplicate_of")
    if not found.owner.is_active:
        ownership.inherit(found, at=now, left=found.owner)
    else:
        outbox.queue("reopened", to=[found.owner], about=found.reference)
    ownership.settle()
    return found
