"""Manager, please: the manager is rung, then the deputy, then the customer is promised a call-back.

Whoever owns the ticket still does. While nobody answers it goes up step by step, and is flagged.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from handoffs import errors
from handoffs.models import ManagerRequest
from handoffs.protocol import RequestState, Ring, says_nothing
from notices import outbox
from people import lines, working_time
from people.errors import Incomplete
from people.models import Person
from people.roles import OWNERS
from people.transactions import verb
from people.working_time import Calendar
from tickets import clocks, contacts, flags, permissions, promises, thresholds, timeline
from tickets.bounces import Finding
from tickets.kinds import EntryKind, FlagKind, Level, PromiseState
from tickets.models import Ticket
from tickets.permissions import Action
from tickets.states import Channel
from tickets.thresholds import Thresholds

BATCH = 500
CALL_BACK = "A manager calls back."


def ringing(asked_at: datetime, calendar: Calendar, ours: Thresholds) -> list[tuple[datetime, Ring]]:
    """Return what happens when, in this order, while nobody answers. Pure."""
    wait = timedelta(seconds=ours.manager_deputy_seconds)
    amber, red = (
        working_time.add(calendar, asked_at, timedelta(seconds=seconds))
        for seconds in (ours.manager_asked_amber_seconds, ours.manager_asked_red_seconds)
    )
    steps = [(asked_at + wait, Ring.DEPUTY), (asked_at + 2 * wait, Ring.CALL_BACK), (amber, Ring.AMBER)]
    return [*sorted(steps, key=lambda step: step[0]), (max(red, *(at for at, _ in steps)), Ring.RED)]


@verb
def ask(
    *, ticket: int, by: Person, reason: str = "", version: int | None = None, at: datetime | None = None
) -> ManagerRequest:
    """The customer wants a manager. The team's is rung, or the deputy when the manager is not there.

    Raises ManagerIsAsked, NobodyToAsk, TicketDoesNotMove, and what `permissions.enter` raises.
    """
    found = permissions.enter(ticket, by, Action.ASK_FOR_MANAGER, version=version)
    if not found.live:
        raise errors.TicketDoesNotMove("This ticket is resolved or closed: reopen it first.")
    if ManagerRequest.objects.filter(ticket=found, state=RequestState.OPEN).exists():
        raise errors.ManagerIsAsked
    now = timeline.moment(found, at)
    ladder = [person for person in lines.ladder(found.team) if person.pk not in (by.pk, found.owner_id)]
    if not ladder:
        raise errors.NobodyToAsk
    ours, calendar = thresholds.of(found.team.thresholds), found.team.calendar
    text = timeline.write(found, "manager_reason", {"reason": reason}, at=now) if reason else None
    request = ManagerRequest.objects.create(
        ticket=found,
        asked_by=by,
        asked=next((person for person in ladder if person.is_present(now)), ladder[0]),
        reason=text,
        asked_at=now,
        call_back_by=working_time.add(calendar, now, timedelta(seconds=ours.manager_asked_red_seconds)),
        check_at=ringing(now, calendar, ours)[0][0],
    )
    timeline.record(
        found,
        EntryKind.MANAGER_ASKED,
        at=now,
        by=by,
        text=text,
        manager_request=request.pk,
        asked=request.asked.username,
    )
    _ring(request, by)
    clocks.save(found)
    return request


def _ring(request: ManagerRequest, by: Person) -> None:
    outbox.queue(
        "manager_asked",
        to=[request.asked],
        about=request.ticket.reference,
        manager_request=request.pk,
        by=by.username,
        call_back_by=request.call_back_by.isoformat(),
    )


def _enter(number: int, by: Person) -> ManagerRequest:
    ticket_id = ManagerRequest.objects.filter(pk=number).values_list("ticket_id", flat=True).first()
    if ticket_id is None:
        raise errors.UnknownManagerRequest
    ticket = Ticket.objects.lock(ticket_id)
    request = ManagerRequest.objects.select_related("asked", "asked_by", "call_back").get(pk=number)
    request.ticket = ticket
    if by.pk not in (request.asked_id, request.asked_by_id) and not any(
        True for _ in permissions.standings(by, ticket)
    ):
        raise errors.UnknownManagerRequest
    return request


def _require_open(request: ManagerRequest) -> None:
    if request.state != RequestState.OPEN:
        raise errors.ManagerRequestHasEnded


@verb
def answer(*, manager_request: int, by: Person, answer: str, at: datetime | None = None) -> ManagerRequest:
    """A manager has spoken with the customer; `answer` says what came of it.

    Any manager or deputy of the team or of one above does, or whoever covers the one who was rung. It
    counts as a contact with the customer, and keeps the call-back when one was promised. Raises
    UnknownManagerRequest, NotForYou, ManagerRequestHasEnded, Incomplete.
    """
    request = _enter(manager_request, by)
    ticket = request.ticket
    leads = by.role in OWNERS and ticket.team_id in by.led_team_ids
    if by.pk != request.asked_id and not leads and request.asked_id not in by.covered_ids:
        raise errors.NotForYou
    _require_open(request)
    if says_nothing(answer):
        raise Incomplete(answer="What did you agree with the customer?")
    now = timeline.moment(ticket, at)
    called_back = request.call_back is not None
    contacts.record_contact(
        ticket,
        by=by,
        direction="outbound" if called_back else "inbound",
        channel=Channel.PHONE,
        summary=answer,
        chase=False,
        at=now,
    )
    if request.call_back is not None and request.call_back.state == PromiseState.OPEN:
        request.call_back.ticket = ticket
        promises.keep_for(request.call_back, by=by, at=now)
    request.answered_by = by
    _end(request, RequestState.ANSWERED, at=now)
    timeline.record(ticket, EntryKind.MANAGER_ANSWERED, at=now, by=by, manager_request=request.pk)
    outbox.queue(
        "manager_answered",
        to=[request.asked_by, ticket.owner],
        about=ticket.reference,
        manager_request=request.pk,
        by=by.username,
    )
    clocks.save(ticket)
    return request


@verb
def withdraw(*, manager_request: int, by: Person, reason: str, at: datetime | None = None) -> ManagerRequest:
    """The customer does not want a manager any more: whoever asked says so, the owner, or a manager.

    A call-back that was promised is withdrawn with it. Raises UnknownManagerRequest, NotYours,
    ManagerRequestHasEnded.
    """
    request = _enter(manager_request, by)
    if by.pk != request.asked_by_id:
        permissions.require(by, Action.PROMISE, request.ticket)
    _require_open(request)
    now = timeline.moment(request.ticket, at)
    text = timeline.write(request.ticket, "withdrawal", {"reason": reason}, at=now)
    if request.call_back is not None and request.call_back.state == PromiseState.OPEN:
        request.call_back.ticket = request.ticket
        promises.withdraw_for(request.call_back, by=by, why=text, at=now)
    _end(request, RequestState.WITHDRAWN, at=now)
    timeline.record(request.ticket, EntryKind.MANAGER_UNASKED, at=now, by=by, text=text, manager_request=request.pk)
    outbox.queue("manager_unasked", to=[request.asked], about=request.ticket.reference, manager_request=request.pk)
    clocks.save(request.ticket)
    return request


def _end(request: ManagerRequest, state: RequestState, *, at: datetime) -> None:
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
        _end(found, RequestState.LAPSED, at=at)
        return True
    steps = ringing(found.asked_at, ticket.team.calendar, thresholds.of(ticket.team.thresholds))
    for due_at, ring in steps[found.rung :]:
        if due_at > at:
            break
        _take(found, ring, at=at)
        found.rung += 1
    found.check_at = steps[found.rung][0] if found.rung < len(steps) else None
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
    _ring(request, request.asked_by)


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
