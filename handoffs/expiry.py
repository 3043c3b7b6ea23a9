"""Offers, claims and approvals that nobody answered in time."""

from datetime import datetime

from django.utils import timezone

from handoffs import approvals, candidates, moves
from handoffs.models import Handoff
from handoffs.protocol import IN_PROGRESS, Kind, State
from people.transactions import verb
from tickets import clocks, timeline
from tickets.kinds import EntryKind
from tickets.models import Ticket

BATCH = 500


@verb
def expire(*, handoff: int, at: datetime) -> bool:
    """Expire a handoff whose time has passed by `at`; an approval climbs to the next manager instead.

    Says whether there was anything to do. A ticket that somebody is just working on is left to the next
    sweep; one that was answered meanwhile is left alone, so any number of sweeps may run at once.
    """
    free = Ticket.objects.filter(handoffs=handoff).select_for_update(of=("self",), skip_locked=True)
    if not free.exists():
        return False
    found = Handoff.objects.under_lock(handoff)
    if found.state not in IN_PROGRESS or found.due_at >= at:
        return False
    if found.state == State.REQUESTED and approvals.climb(found, at=at):
        clocks.save(found.ticket)
        return True
    unapproved = found.state == State.REQUESTED
    moves.end(found, State.EXPIRED, at=at, cause="not_approved" if unapproved else "not_answered")
    timeline.record(found.ticket, EntryKind.HANDOFF_EXPIRED, at=at, by=None, handoff=found.pk, cause=found.cause)
    asked = found.approver if unapproved else found.receiver if found.kind == Kind.OFFER else found.giver
    asking = found.receiver if found.kind == Kind.CLAIM else found.giver
    moves.tell(found, "handoff_expired", asking, found.made_by, asked, cause=found.cause, **_way_out(found, at))
    moves.after_refusal(found, at=at)
    return True


def _way_out(handoff: Handoff, at: datetime) -> dict[str, str]:
    """With the customer on the line there is no time to search: name somebody else to try."""
    if not handoff.on_call:
        return {}
    others = candidates.candidates(handoff.ticket, at=at)
    names = [one.person.username for one in others if one.person != handoff.receiver]
    return {"try": names[0]} if names else {}


def sweep(*, at: datetime | None = None, limit: int = BATCH) -> int:
    """Expire what is due, the oldest first, at most `limit`; each in a transaction of its own.

    Returns how many were dealt with. Reads only rows that are due, through a partial index.
    """
    now = at or timezone.now()
    due = Handoff.objects.in_progress().filter(due_at__lt=now).order_by("due_at")
    return sum(expire(handoff=number, at=now) for number in list(due.values_list("pk", flat=True)[:limit]))
