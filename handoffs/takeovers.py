"""Take-overs: a manager makes themselves the owner, and says why."""

from collections.abc import Iterable
from datetime import datetime

from handoffs import errors, moves, protocol
from handoffs.models import Handoff
from notices import outbox
from people.errors import Incomplete, Refusal
from people.models import Person
from people.transactions import verb
from tickets import ownership, permissions, timeline
from tickets.kinds import BeganBy, EntryKind
from tickets.models import Hold, Ticket
from tickets.permissions import Action
from tickets.states import Status


def _revive(ticket: Ticket, *, at: datetime) -> None:
    """Make an imported ticket a live one: the manager who takes it over answers for it from now on."""
    waiting = Hold.objects.filter(ticket=ticket, ended_at=None).exists()
    ticket.historical, ticket.outcome = False, ""
    ticket.status = Status.ON_HOLD if waiting else Status.OPEN
    ticket.acknowledged_at = ticket.acknowledged_at or at
    ticket.resolved_at = ticket.closed_at = None
    ticket.judged_at = at
    ticket.save(
        update_fields=["historical", "status", "outcome", "acknowledged_at", "resolved_at", "closed_at", "judged_at"]
    )
    # The generated column follows in the database; nobody reads it from this object before it is saved.
    ticket.refresh_from_db(fields=["live"])


@verb
def take_over(
    *, ticket: int, by: Person, reason: str, version: int | None = None, at: datetime | None = None
) -> Ticket:
    """Make a manager or deputy of the ticket's team, or of one above, its owner; the reason is kept.

    An offer or a claim in progress is withdrawn, naming the cause. Raises AlreadyYours,
    TicketDoesNotMove, and what `permissions.enter` raises.
    """
    found = permissions.enter(ticket, by, Action.TAKE_OVER, version=version)
    if found.owner_id == by.pk:
        raise errors.AlreadyYours
    if protocol.says_nothing(reason):
        raise Incomplete(reason="Why do you take it over? The owner, and whoever audits it, should know.")
    now = timeline.moment_of_move(found, at)
    if found.historical:
        _revive(found, at=now)
    if not found.live:
        raise errors.TicketDoesNotMove
    for handoff in Handoff.objects.in_progress().filter(ticket=found).values_list("pk", flat=True):
        moves.withdraw_for(Handoff.objects.under_lock(handoff), by=by, cause="taken_over", at=now)
    before = found.owner
    text = timeline.write(found, "take_over", {"reason": reason}, at=now)
    timeline.record(
        found,
        EntryKind.TAKEN_OVER,
        at=now,
        by=by,
        text=text,
        owner=by.username,
        before=before.username,
    )
    ownership.move(found, to=by, at=now, began_by=BeganBy.TAKEN_OVER, reason="take_over")
    outbox.queue("taken_over", to=[before], about=found.reference, by=by.username)
    ownership.settle()
    return found


@verb
def take_over_many(*, tickets: Iterable[int], by: Person, reason: str, at: datetime | None = None) -> list[Ticket]:
    """Take over several tickets with one reason: all of them or none. Raises as `take_over` does."""
    taken = []
    # By number: every verb that locks several tickets locks them in this order.
    for number in sorted(set(tickets)):
        try:
            taken.append(take_over(ticket=number, by=by, reason=reason, at=at))
        except Refusal as refusal:
            # Of two hundred, the caller must know which one it was.
            refusal.fields.setdefault("references", f"T-{number}: {refusal.detail}")
            raise
    return taken
