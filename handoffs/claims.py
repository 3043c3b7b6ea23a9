"""Claims: somebody says "I'll do it", the owner lets go. Two yeses and a read-back, from the other side."""

from datetime import datetime

from handoffs import errors, moves, protocol
from handoffs.models import Handoff
from handoffs.protocol import Kind, State, Urgency
from people.models import Person, Team
from people.transactions import verb
from tickets import clocks, permissions, promises, timeline
from tickets.kinds import EntryKind
from tickets.models import Text
from tickets.permissions import Action


@verb
def claim(
    *,
    ticket: int,
    by: Person,
    read_back: str,
    next_contact_at: datetime,
    urgency: Urgency = Urgency.HOUR,
    team: Team | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Handoff:
    """Offer to take a ticket: `by` says what the customer needs and when they would hear next.

    The owner has until `urgency` runs out, or the promised contact falls due, to release it. Raises
    ReceiverCannot, ReadBackIsACopy, Incomplete, WhichTeam, HandoffInProgress, and what
    `permissions.enter` raises.
    """
    found = permissions.enter(ticket, by, Action.CLAIM, version=version)
    if not found.live:
        raise errors.TicketDoesNotMove
    now = timeline.moment_of_move(found, at)
    claimer = Person.objects.get(pk=by.pk)
    moves.check_receiver(claimer, found, at=now, field="ticket")
    described = Text.objects.filter(ticket=found, part="description").order_by("pk").last()
    wrong = protocol.wrong_with_read_back(read_back, others=(described and described.content) or {})
    if wrong:
        raise errors.ReadBackIsACopy(read_back=wrong)
    promises.check_due(next_contact_at, at=now, field="next_contact_at")
    if Handoff.objects.in_progress().filter(ticket=found).exists():
        raise errors.HandoffInProgress
    due_at = moves.due(urgency, team=found.team, at=now, on_call=False)
    handoff = Handoff.objects.create(
        ticket=found,
        kind=Kind.CLAIM,
        state=State.CLAIMED,
        giver=found.owner,
        receiver=claimer,
        made_by=claimer,
        to_team=moves.team_of(claimer, team, found),
        tenure_seq=found.tenure_seq,
        urgency=urgency,
        read_back=timeline.write(found, "read_back", {"read_back": read_back}, at=now),
        next_contact_at=next_contact_at,
        made_at=now,
        # Released later than that, the promise would be broken as it is made.
        due_at=min(due_at, next_contact_at),
    )
    handoff.ticket = found
    timeline.record(
        found,
        EntryKind.HANDOFF_CLAIMED,
        at=now,
        by=claimer,
        text=handoff.read_back,
        handoff=handoff.pk,
        due_at=handoff.due_at.isoformat(),
    )
    moves.tell(handoff, "handoff_claimed", found.owner, by=claimer.username)
    clocks.save(found)
    return handoff


@verb
def release(*, handoff: int, by: Person, at: datetime | None = None) -> Handoff:
    """The owner lets go: the second yes, and the ticket is the claimer's.

    Raises ReceiverCannot when the claimer has left meanwhile, and what `moves.answerable` raises.
    """
    found, now = moves.answerable(handoff, "release", by, at=at)
    claimer = found.receiver
    if not claimer.is_active or found.next_contact_at is None:
        raise errors.ReceiverCannot(to="Whoever claimed it has left.")
    moves.complete_move(found, read_back="", next_contact_at=found.next_contact_at, at=now)
    moves.tell(found, "handoff_released", claimer, by=by.username)
    return found
