"""The end of a complaint: resolved, closed with an outcome, reopened."""

from datetime import datetime

from notices import outbox
from people.models import Person
from people.transactions import verb
from tickets import clocks, duplicates, endings, ownership, permissions, timeline
from tickets.kinds import EntryKind
from tickets.models import Ticket
from tickets.permissions import Action
from tickets.states import Outcome, Status


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
    status = endings.transition(found, "resolve")
    now = timeline.moment(found, at)
    endings.end_waiting(found, by=by, at=now)
    text = timeline.write(found, "resolution", {"resolution": resolution}, at=now)
    found.status, found.resolved_at = status, now
    found.acknowledged_at = found.acknowledged_at or now
    found.root_cause, found.customer_agreed = root_cause, customer_agreed
    endings.drop_proposal(found)
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
    say yes: until then this one stays open (see `duplicates.confirm`). root_cause: needed unless the
    outcome says that there was no complaint. Raises StateDoesNotAllow, PromiseIsOpen, Incomplete,
    HandoffInProgress, and what `permissions.enter` raises.
    """
    if outcome == Outcome.DUPLICATE_OF:
        return duplicates.propose(
            ticket=ticket, by=by, root_cause=root_cause, of=duplicate_of, note=note, version=version, at=at
        )
    found = permissions.enter(ticket, by, Action.CLOSE, version=version)
    action = "close" if outcome == Outcome.RESOLVED else "dismiss"
    endings.transition(found, action)
    endings.need_root_cause(outcome, root_cause or found.root_cause)
    endings.close_as(
        found,
        outcome=outcome,
        root_cause=root_cause,
        note=note,
        by=by,
        at=timeline.moment(found, at),
    )
    return found


@verb
def reopen(*, ticket: int, by: Person, reason: str, version: int | None = None, at: datetime | None = None) -> Ticket:
    """The complaint is not put right after all. Its owner still owns it; who has left is inherited from.

    Raises StateDoesNotAllow, and what `permissions.enter` raises.
    """
    found = permissions.enter(ticket, by, Action.REOPEN, version=version)
    unacknowledged = found.acknowledged_at is None
    status = endings.transition(found, "reopen_unacknowledged" if unacknowledged else "reopen")
    now = timeline.moment(found, at)
    text = timeline.write(found, "reopening", {"reason": reason}, at=now)
    found.status, found.resolved_at, found.closed_at, found.outcome = status, None, None, ""
    found.duplicate_of = None
    # Whoever reopens it has heard from the customer, and what passed meanwhile was nobody's to do.
    found.last_contact_at = found.judged_at = now
    if found.status == Status.NEW:
        clocks.start_acknowledging(found, at=now)
    timeline.record(found, EntryKind.REOPENED, at=now, by=by, text=text)
    clocks.save(
        found,
        "status",
        "resolved_at",
        "closed_at",
        "outcome",
        "duplicate_of",
        "last_contact_at",
        "judged_at",
        "acknowledge_by",
    )
    if not found.owner.is_active:
        ownership.inherit(found, at=now, left=found.owner, by=by)
    else:
        outbox.queue("reopened", to=[found.owner], about=found.reference)
    ownership.settle()
    return found
