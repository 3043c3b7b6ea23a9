"""The answers to a handoff: accepted with a read-back, declined, withdrawn, completed, corrected."""

from datetime import datetime

from handoffs import errors, moves, overdue, protocol
from handoffs.models import Handoff
from handoffs.protocol import Kind, State
from people.errors import Incomplete
from people.models import Person
from people.transactions import verb
from tickets import clocks, timeline
from tickets.kinds import EntryKind


@verb
def accept(
    *, handoff: int, by: Person, read_back: str, next_contact_at: datetime, at: datetime | None = None
) -> Handoff:
    """The receiver takes the ticket: they say back what they read, and when the customer hears from them.

    Raises ReadBackIsACopy, Incomplete, ReceiverCannot, and what `moves.answerable` raises.
    """
    found, now = moves.answerable(handoff, "accept", by, at=at)
    # It is `by` who accepts; if they are just leaving, the key ticket_owner_is_active stops it as it settles.
    found.receiver = by
    if wrong := protocol.wrong_with_read_back(read_back, others=found.said()):
        raise errors.ReadBackIsACopy(read_back=wrong)
    moves.complete_move(found, read_back=read_back, next_contact_at=next_contact_at, at=now)
    moves.tell(found, "handoff_accepted", found.giver, found.made_by, owner=by.username)
    return found


@verb
def decline(*, handoff: int, by: Person, reason: str, at: datetime | None = None) -> Handoff:
    """Say no, and why: the receiver to an offer, the owner to a claim. The owner stays the owner.

    Raises Incomplete for a reason that says nothing, and what `moves.answerable` raises.
    """
    found, now = moves.answerable(handoff, "decline", by, at=at)
    if protocol.says_nothing(reason):
        raise Incomplete(reason="Why not? The other side should know what to do next.")
    text = timeline.write(found.ticket, "decline", {"reason": reason}, at=now)
    moves.end(found, State.DECLINED, at=now, answer=text)
    timeline.record(found.ticket, EntryKind.HANDOFF_DECLINED, at=now, by=by, text=text, handoff=found.pk)
    other = found.giver if found.kind == Kind.OFFER else found.receiver
    moves.tell(found, "handoff_declined", other, found.made_by, by=by.username)
    moves.after_refusal(found, at=now)
    return found


@verb
def withdraw(*, handoff: int, by: Person, at: datetime | None = None) -> Handoff:
    """Take an offer or a claim back before it is answered. Raises what `moves.answerable` raises."""
    found, now = moves.answerable(handoff, "withdraw", by, at=at)
    moves.withdraw_for(found, by=by, cause="", at=now)
    clocks.save(found.ticket)
    return found


@verb
def complete(*, handoff: int, by: Person, expectation: str, history: str, at: datetime | None = None) -> Handoff:
    """Fill in what a live handoff still owed. Raises UnknownHandoff, NotForYou, NothingOwed, PacketIncomplete."""
    found = Handoff.objects.under_lock(handoff)
    if not moves.may_see(found, by):
        raise errors.UnknownHandoff
    if by.pk not in (found.giver_id, found.made_by_id):
        raise errors.NotForYou
    if not found.on_call or found.completion_id or found.state not in (State.OFFERED, State.ACCEPTED):
        raise errors.NothingOwed
    now = timeline.moment(found.ticket, at)
    said = {**found.said(), "expectation": expectation, "history": history}
    if wrong := protocol.missing(said, protocol.REQUIRED):
        raise errors.PacketIncomplete(**wrong)
    owed = {"expectation": expectation, "history": history}
    found.completion = timeline.write(found.ticket, "completion", owed, at=now)
    found.fields_filled, found.packet_owed_by, found.check_at = len(said), None, None
    found.save(update_fields=["completion", "fields_filled", "packet_owed_by", "check_at"])
    timeline.record(found.ticket, EntryKind.HANDOFF_COMPLETED, at=now, by=by, text=found.completion, handoff=found.pk)
    overdue.packet_paid(found, at=now)
    moves.tell(found, "handoff_completed", found.receiver)
    clocks.save(found.ticket)
    return found


@verb
def correct(*, handoff: int, by: Person, correction: str, at: datetime | None = None) -> Handoff:
    """The giver, within a day: "that is not what I meant". Both versions stay.

    Raises UnknownHandoff, NotForYou, TooLateToCorrect, Incomplete.
    """
    found = Handoff.objects.under_lock(handoff)
    if not moves.may_see(found, by):
        raise errors.UnknownHandoff
    if by.pk not in (found.giver_id, found.made_by_id):
        raise errors.NotForYou
    now = timeline.moment(found.ticket, at)
    too_late = found.ended_at is None or now - found.ended_at > protocol.CORRECTION
    if found.state != State.ACCEPTED or found.correction_id or too_late:
        raise errors.TooLateToCorrect
    if protocol.says_nothing(correction):
        raise Incomplete(correction="What did you mean instead?")
    found.correction = timeline.write(found.ticket, "correction", {"correction": correction}, at=now)
    found.save(update_fields=["correction"])
    timeline.record(found.ticket, EntryKind.HANDOFF_CORRECTED, at=now, by=by, text=found.correction, handoff=found.pk)
    moves.tell(found, "handoff_corrected", found.receiver)
    clocks.save(found.ticket)
    return found
