"""Ringing managers: what happens, step by step, while nobody answers a customer who wants one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from handoffs.models import ManagerRequest
from handoffs.protocol import RequestState, Ring
from notices import outbox
from people import lines, working_time
from people.models import Person
from people.transactions import verb
from people.working_time import Calendar
from tickets import clocks, flags, promises, thresholds, timeline
from tickets.bounces import Finding
from tickets.kinds import EntryKind, FlagKind, Level
from tickets.models import Ticket
from tickets.thresholds import Thresholds

BATCH = 500
CALL_BACK = "A manager calls back."


def steps(asked_at: datetime, calendar: Calendar, ours: Thresholds) -> list[tuple[datetime, Ring]]:
    """Return what happens when, in this order, while nobody answers. Pure."""
    wait = timedelta(seconds=ours.manager_deputy_seconds)
    amber, red = (
        working_time.add(calendar, asked_at, timedelta(seconds=seconds))
        for seconds in (ours.manager_asked_amber_seconds, ours.manager_asked_red_seconds)
    )
    steps = [(asked_at + wait, Ring.DEPUTY), (asked_at + 2 * wait, Ring.CALL_BACK), (amber, Ring.AMBER)]
    return [*sorted(steps, key=lambda step: step[0]), (max(red, *(at for at, _ in steps)), Ring.RED)]


def ring(request: ManagerRequest, by: Person) -> None:
    """Tell whoever is being rung that a customer of `by` wants them."""
    outbox.queue(
        "manager_asked",
        to=[request.asked],
        about=request.ticket.reference,
        manager_request=request.pk,
        by=by.username,
        call_back_by=request.call_back_by.isoformat(),
    )


def end(request: ManagerRequest, state: RequestState, *, at: datetime) -> None:
    """Save the end of a request of a locked ticket; its flag goes."""
    request.state, request.ended_at, request.check_at = state, at, None
    request.save(update_fields=["state", "ended_at", "check_at", "answered_by"])
    flags.clear_kind(request.ticket, FlagKind.MANAGER_ASKED, at=at)


@verb
def judge(*, manager_request: int, at: datetime) -> bool:
    """Take the steps of an unanswered request that are due at `at`; say whether there were any.

    A ticket that somebody is just working on is left to the next sweep, and one that was answered
    meanwhile is left alone.
    """
    free = Ticket.objects.filter(manager_requests=manager_request)
    if not free.select_for_update(of=("self",), skip_locked=True).exists():
        return False
    found = ManagerRequest.objects.select_related("asked_by", "asked").get(pk=manager_request)
    if found.check_at is None or found.check_at > at:
        return False
    ticket = found.ticket = Ticket.objects.lock(found.ticket_id)
    if not ticket.live:
        end(found, RequestState.LAPSED, at=at)
        return True
    ahead = steps(found.asked_at, ticket.team.calendar, thresholds.of(ticket.team.thresholds))
    for due_at, what in ahead[found.rung :]:
        if due_at > at:
            break
        _take(found, what, at=at)
        found.rung += 1
    found.check_at = ahead[found.rung][0] if found.rung < len(ahead) else None
    found.save(update_fields=["asked", "call_back", "rung", "check_at"])
    clocks.save(ticket)
    return True


def _take(request: ManagerRequest, ring: Ring, *, at: datetime) -> None:
    ticket = request.ticket
    if ring == Ring.CALL_BACK:
        _promise_call_back(request, at=at)
        return
    if ring == Ring.DEPUTY:
        _climb(request, [ticket.team.deputy] if ticket.team.deputy else [], at=at)
        return
    level = Level.RED if ring == Ring.RED else Level.AMBER
    evidence = {"manager_request": request.pk, "asked_at": request.asked_at.isoformat()}
    flags.raise_for(ticket, [Finding(FlagKind.MANAGER_ASKED, level, evidence)], at=at)
    if ring == Ring.RED:
        _climb(request, lines.managers_above(ticket.team), at=at)


def _climb(request: ManagerRequest, people: Sequence[Person], *, at: datetime) -> None:
    """Ring the first of `people` who has not been rung, and is not the one who asked."""
    passed = (request.asked_id, request.asked_by_id, request.ticket.owner_id)
    further = next((person for person in people if person.is_active and person.pk not in passed), None)
    if further is None:
        return
    request.asked = further
    timeline.record(
        request.ticket,
        EntryKind.MANAGER_RUNG,
        at=at,
        by=None,
        manager_request=request.pk,
        asked=further.username,
    )
    ring(request, request.asked_by)


def _promise_call_back(request: ManagerRequest, *, at: datetime) -> None:
    """Promise the customer, in the manager's name, that they are called back; whoever asked tells them."""
    ticket = request.ticket
    if request.call_back_by <= at:  # Nothing ran for an hour: the flags say more than a promise that is broken.
        return
    text = timeline.write(ticket, "promise", {"what": CALL_BACK}, at=at)
    manager = ticket.team.manager
    request.call_back = promises.make_for(ticket, what=text, due_at=request.call_back_by, by=manager, at=at)
    due_at = request.call_back_by.isoformat()
    timeline.record(ticket, EntryKind.PROMISED, at=at, by=None, text=text, promise=request.call_back.pk, due_at=due_at)
    outbox.queue(
        "manager_calls_back",
        to=[request.asked_by, ticket.owner],
        about=ticket.reference,
        manager_request=request.pk,
        due_at=due_at,
    )


def sweep(*, at: datetime | None = None, limit: int = BATCH) -> int:
    """Take what steps are due, the oldest first, of at most `limit` requests; return how many there were."""
    now = at or timezone.now()
    due = ManagerRequest.objects.filter(check_at__lte=now).order_by("check_at").values_list("pk", flat=True)
    return sum(judge(manager_request=number, at=now) for number in list(due[:limit]))
