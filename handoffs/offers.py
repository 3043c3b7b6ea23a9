"""Offers: the owner asks somebody to take a ticket, with everything that they need to know."""

from collections.abc import Mapping
from datetime import datetime

from handoffs import approvals, drafts, errors, moves, protocol
from handoffs.models import Handoff
from handoffs.protocol import Kind, State, Urgency
from people.models import Person, Team
from people.transactions import verb
from tickets import clocks, permissions, timeline
from tickets.kinds import EntryKind
from tickets.permissions import Action


@verb
def offer(
    *,
    ticket: int,
    by: Person,
    to: Person,
    reason: protocol.Reason,
    packet: Mapping[str, str],
    urgency: Urgency = Urgency.TODAY,
    on_call: bool = False,
    team: Team | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Handoff:
    """Ask `to` to take a ticket: the owner does, or their manager on their behalf.

    packet: need, next_action, expectation, history, and optionally contingency and customer_told; a live
    offer (`on_call`, the customer is on the line) needs the first two only, and owes the others within
    15 minutes. team: into which the ticket would move, when `to` is in several. From the third counted
    change on it waits for a manager's approval first, unless it is live. Raises PacketIncomplete with
    what is missing, ReceiverCannot, WhichTeam, HandoffInProgress, and what `permissions.enter` raises.
    """
    found = permissions.enter(ticket, by, Action.OFFER, version=version)
    if not found.live:
        raise errors.TicketDoesNotMove
    now = timeline.moment_of_move(found, at)
    receiver = Person.objects.get(pk=to.pk)
    moves.check_receiver(receiver, found, at=now)
    if receiver.pk == by.pk:
        # Both yeses would be one person's: that is a take-over, and is called one.
        raise errors.ReceiverCannot(to="You cannot offer a ticket to yourself. Claim it, or take it over.")
    said = {name: packet.get(name, "").strip() for name in protocol.PACKET}
    wrong = protocol.missing(said, protocol.REQUIRED_LIVE if on_call else protocol.REQUIRED)
    if wrong:
        raise errors.PacketIncomplete(**wrong)
    if Handoff.objects.in_progress().filter(ticket=found).exists():
        raise errors.HandoffInProgress
    to_team = moves.team_of(receiver, team, found)
    approver = None if on_call else approvals.needed(found, to=receiver, by=by, reason=reason, at=now)
    clock_team = approver[1] if approver else to_team
    handoff = Handoff.objects.create(
        ticket=found,
        kind=Kind.OFFER,
        state=State.REQUESTED if approver else State.OFFERED,
        giver=found.owner,
        receiver=receiver,
        made_by=by,
        to_team=to_team,
        tenure_seq=found.tenure_seq,
        reason=reason,
        urgency=Urgency.NOW if on_call else urgency,
        on_call=on_call,
        packet=timeline.write(found, "packet", {name: text for name, text in said.items() if text}, at=now),
        fields_filled=sum(map(bool, said.values())),
        made_at=now,
        approver=approver[0] if approver else None,
        due_at=moves.due(urgency, team=clock_team, at=now, on_call=on_call),
    )
    handoff.ticket = found
    drafts.drop(found)
    timeline.record(
        found,
        EntryKind.HANDOFF_REQUESTED if approver else EntryKind.HANDOFF_OFFERED,
        at=now,
        by=by,
        # Until it is approved, the receiver does not read it on the timeline either.
        text=None if approver else handoff.packet,
        handoff=handoff.pk,
        to=receiver.username,
        reason=reason,
        urgency=handoff.urgency,
        on_call=on_call,
        due_at=handoff.due_at.isoformat(),
    )
    if approver:
        moves.tell(handoff, "handoff_approval_asked", approver[0], receiver=receiver.username)
    else:
        moves.show_to_receiver(handoff)
        if on_call:
            moves.tell(handoff, "handoff_live", found.team.manager, receiver=receiver.username)
    clocks.save(found)
    return handoff
