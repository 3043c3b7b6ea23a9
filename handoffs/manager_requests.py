"""Manager, please: asked for by one key, answered by a manager; whoever owns the ticket still does.

What happens while nobody answers is told by `ringing`.
"""

from datetime import datetime, timedelta

from handoffs import errors, ringing
from handoffs.models import ManagerRequest
from handoffs.protocol import RequestState, says_nothing
from notices import outbox
from people import lines, working_time
from people.errors import Incomplete
from people.models import Person
from people.roles import OWNERS
from people.transactions import verb
from tickets import clocks, contacts, permissions, promises, thresholds, timeline
from tickets.kinds import EntryKind, PromiseState
from tickets.models import Ticket
from tickets.permissions import Action
from tickets.states import Channel

BATCH = 500
CALL_BACK = "A manager calls back."


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
        check_at=ringing.steps(now, calendar, ours)[0][0],
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
    ringing.ring(request, by)
    clocks.save(found)
    return request


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
    ringing.end(request, RequestState.ANSWERED, at=now)
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
        permissions.require(by, Action.SETTLE_PROMISE, request.ticket)
    _require_open(request)
    now = timeline.moment(request.ticket, at)
    text = timeline.write(request.ticket, "withdrawal", {"reason": reason}, at=now)
    if request.call_back is not None and request.call_back.state == PromiseState.OPEN:
        request.call_back.ticket = request.ticket
        promises.withdraw_for(request.call_back, by=by, why=text, at=now)
    ringing.end(request, RequestState.WITHDRAWN, at=now)
    timeline.record(request.ticket, EntryKind.MANAGER_UNASKED, at=now, by=by, text=text, manager_request=request.pk)
    outbox.queue("manager_unasked", to=[request.asked], about=request.ticket.reference, manager_request=request.pk)
    clocks.save(request.ticket)
    return request
