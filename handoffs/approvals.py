"""Approval: from the third counted change on, a manager looks at an offer before its receiver does."""

from collections.abc import Iterable
from datetime import datetime

from handoffs import moves, protocol
from handoffs.models import Handoff
from handoffs.protocol import State, Urgency
from people.errors import Incomplete
from people.lines import line_of
from people.models import Person, Team
from people.roles import Role
from people.transactions import verb
from tickets import clocks, ownership, timeline
from tickets.kinds import BeganBy, EntryKind
from tickets.models import Ticket


def _first_of(teams: Iterable[Team], *, not_among: set[int | None]) -> tuple[Person, Team] | None:
    """Return the manager of the first of the teams whose manager is not among those people."""
    return next(((team.manager, team) for team in teams if team.manager_id not in not_among), None)


def needed(ticket: Ticket, *, to: Person, by: Person, reason: str, at: datetime) -> tuple[Person, Team] | None:
    """Return who must approve an offer of `ticket` and in which team's hours, or None when nobody need.

    The manager of the ticket's team does; the parent team's, when that manager gives or receives. A
    manager's own offer is approved as it is made, and so is one that has nobody above it left to ask.
    """
    chain = ownership.chain_of(ticket)
    counted = ownership.would_count(ticket, began_by=BeganBy.ACCEPTED, reason=reason, at=at, chain=chain)
    leads = by.role == Role.MANAGER and ticket.team_id in by.led_team_ids
    if not counted or ticket.change_count + 1 < protocol.APPROVAL_FROM or leads:
        return None
    return _first_of(line_of(ticket.team), not_among={ticket.owner_id, to.pk})


@verb
def approve(*, handoff: int, by: Person, at: datetime | None = None) -> Handoff:
    """Let an offer go to its receiver, whose clock starts now. Raises what `moves.answerable` raises."""
    found, now = moves.answerable(handoff, "approve", by, at=at)
    found.state, found.approver, found.approved_at = State.OFFERED, by, now
    found.due_at = moves.due(Urgency(found.urgency), team=found.to_team, at=now, on_call=False)
    found.save(update_fields=["state", "approver", "approved_at", "due_at"])
    timeline.record(
        found.ticket,
        EntryKind.HANDOFF_APPROVED,
        at=now,
        by=by,
        text=found.packet,
        handoff=found.pk,
        to=found.receiver.username,
        due_at=found.due_at.isoformat(),
    )
    moves.show_to_receiver(found)
    moves.tell(found, "handoff_approved", found.giver, found.made_by, by=by.username)
    if not found.receiver.is_present(now):
        moves.tell_receiver_is_away(found)
    clocks.save(found.ticket)
    return found


@verb
def refuse(*, handoff: int, by: Person, reason: str, at: datetime | None = None) -> Handoff:
    """Refuse an offer before its receiver sees it; the giver keeps the ticket and is told why.

    Raises what `moves.answerable` raises.
    """
    found, now = moves.answerable(handoff, "refuse", by, at=at)
    if protocol.says_nothing(reason):
        raise Incomplete(reason="Why not? The giver should know what to do next.")
    text = timeline.write(found.ticket, "refusal", {"reason": reason}, at=now)
    moves.end(found, State.REFUSED, at=now, answer=text, approver=by)
    timeline.record(found.ticket, EntryKind.HANDOFF_REFUSED, at=now, by=by, text=text, handoff=found.pk)
    moves.tell(found, "handoff_refused", found.giver, found.made_by, by=by.username)
    clocks.save(found.ticket)
    return found


def climb(handoff: Handoff, *, at: datetime) -> bool:
    """Pass an unanswered approval on to the next manager above, and say whether there was one.

    The handoff's ticket is locked. The new approver has as long as the one before.
    """
    line = line_of(handoff.ticket.team)
    managers = [team.manager_id for team in line]
    # A team may have got another manager meanwhile: then it is asked from the ticket's own team on.
    passed = managers.index(handoff.approver_id) + 1 if handoff.approver_id in managers else 0
    # Whoever manages several teams of the line is asked once: otherwise it would climb in a circle.
    asked = {handoff.approver_id, *managers[:passed]}
    above = _first_of(line[passed:], not_among={handoff.giver_id, handoff.receiver_id, *asked})
    if above is None:
        return False
    handoff.approver, team = above
    handoff.due_at = moves.due(Urgency(handoff.urgency), team=team, at=at, on_call=False)
    handoff.save(update_fields=["approver", "due_at"])
    timeline.record(
        handoff.ticket,
        EntryKind.APPROVAL_CLIMBED,
        at=at,
        by=None,
        handoff=handoff.pk,
        to=handoff.approver.username,
    )
    moves.tell(handoff, "handoff_approval_asked", handoff.approver, receiver=handoff.receiver.username)
    return True
