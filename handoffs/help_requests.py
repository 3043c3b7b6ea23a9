"""Help requests: the owner asks somebody a question by a time, and still owns the ticket."""

from datetime import datetime

from handoffs import errors
from handoffs.models import HelpRequest
from handoffs.protocol import HelpState, says_nothing
from notices import outbox
from people.errors import Incomplete
from people.models import Person
from people.roles import OWNERS
from people.transactions import verb
from tickets import clocks, flags, permissions, promises, timeline
from tickets.kinds import Because, EntryKind, FlagKind
from tickets.models import Ticket, Viewer
from tickets.permissions import Action


@verb
def ask(
    *,
    ticket: int,
    by: Person,
    asked: Person,
    question: str,
    answer_by: datetime,
    version: int | None = None,
    at: datetime | None = None,
) -> HelpRequest:
    """Ask `asked` a question about a ticket, which they see from now on; several may run at once.

    Raises Incomplete, and what `permissions.enter` raises.
    """
    found = permissions.enter(ticket, by, Action.ASK_FOR_HELP, version=version)
    if not found.live:
        raise errors.TicketDoesNotMove("Only about a live ticket is there something to ask.")
    if asked.pk == by.pk or not asked.is_active or asked.role not in OWNERS:
        raise Incomplete(asked="Ask an active rep or manager other than yourself.")
    now = timeline.moment(found, at)
    if not now < answer_by <= now + promises.FURTHEST:
        raise Incomplete(answer_by="By when do you need the answer? Later than now, within 90 days.")
    if says_nothing(question):
        raise Incomplete(question="What do you need to know?")
    text = timeline.write(found, "question", {"question": question}, at=now)
    request = HelpRequest.objects.create(
        ticket=found, asked_by=by, asked=asked, question=text, asked_at=now, answer_by=answer_by, check_at=answer_by
    )
    timeline.record(
        found,
        EntryKind.HELP_ASKED,
        at=now,
        by=by,
        text=text,
        help_request=request.pk,
        asked=asked.username,
        answer_by=answer_by.isoformat(),
    )
    Viewer.objects.create(ticket=found, person=asked, because=Because.ASKED, source=request.pk)
    outbox.queue("help_asked", to=[asked], about=found.reference, help_request=request.pk)
    clocks.save(found)
    return request


def _enter(number: int, by: Person) -> HelpRequest:
    ticket_id = HelpRequest.objects.filter(pk=number).values_list("ticket_id", flat=True).first()
    if ticket_id is None:
        raise errors.UnknownHelpRequest
    ticket = Ticket.objects.lock(ticket_id)
    request = HelpRequest.objects.select_related("asked", "asked_by").get(pk=number)
    request.ticket = ticket
    if by.pk not in (request.asked_id, request.asked_by_id) and not any(
        True for _ in permissions.standings(by, ticket)
    ):
        raise errors.UnknownHelpRequest
    return request


def end(request: HelpRequest, state: HelpState, *, at: datetime) -> None:
    """Save the end of a help request; whoever was asked sees the ticket no longer on its account."""
    request.state, request.ended_at, request.check_at = state, at, None
    request.save(update_fields=["state", "ended_at", "check_at", "answer"])
    Viewer.objects.filter(because=Because.ASKED, source=request.pk).delete()


@verb
def answer(*, help_request: int, by: Person, answer: str, at: datetime | None = None) -> HelpRequest:
    """Answer a help request, or one that is asked of somebody whom one covers.

    Raises UnknownHelpRequest, NotForYou, HelpHasEnded, Incomplete.
    """
    request = _enter(help_request, by)
    if by.pk != request.asked_id and request.asked_id not in by.covered_ids:
        raise errors.NotForYou
    if request.state != HelpState.OPEN:
        raise errors.HelpHasEnded
    if says_nothing(answer):
        raise Incomplete(answer="What is the answer?")
    now = timeline.moment(request.ticket, at)
    request.answer = timeline.write(request.ticket, "answer", {"answer": answer}, at=now)
    end(request, HelpState.ANSWERED, at=now)
    timeline.record(
        request.ticket,
        EntryKind.HELP_ANSWERED,
        at=now,
        by=by,
        text=request.answer,
        help_request=request.pk,
    )
    _clear_flag(request, at=now)
    # Who asked may have handed the ticket on meanwhile: the answer is for its owner too.
    outbox.queue(
        "help_answered",
        to=[request.asked_by, request.ticket.owner],
        about=request.ticket.reference,
        help_request=request.pk,
    )
    clocks.save(request.ticket)
    return request


@verb
def withdraw(*, help_request: int, by: Person, at: datetime | None = None) -> HelpRequest:
    """Take a question back: whoever asked it, the ticket's owner, or a manager of its team.

    Raises UnknownHelpRequest, NotForYou, HelpHasEnded.
    """
    request = _enter(help_request, by)
    if by.pk != request.asked_by_id:
        permissions.require(by, Action.ASK_FOR_HELP, request.ticket)
    if request.state != HelpState.OPEN:
        raise errors.HelpHasEnded
    now = timeline.moment(request.ticket, at)
    withdraw_for(request, by=by, cause="", at=now)
    clocks.save(request.ticket)
    return request


def withdraw_for(request: HelpRequest, *, by: Person | None, cause: str, at: datetime) -> None:
    """Withdraw an open help request of a locked ticket; `cause` is named when the system does it."""
    end(request, HelpState.WITHDRAWN, at=at)
    timeline.record(request.ticket, EntryKind.HELP_WITHDRAWN, at=at, by=by, help_request=request.pk, cause=cause)
    _clear_flag(request, at=at)
    outbox.queue(
        "help_withdrawn",
        to=[request.asked, request.asked_by],
        about=request.ticket.reference,
        help_request=request.pk,
        cause=cause,
    )


def _clear_flag(request: HelpRequest, *, at: datetime) -> None:
    """Clear the flag for a question that has been answered or withdrawn, unless another one is overdue."""
    others = HelpRequest.objects.filter(ticket=request.ticket, state=HelpState.OPEN, answer_by__lte=at)
    if not others.exclude(pk=request.pk).exists():
        flags.clear_kind(request.ticket, FlagKind.HELP_UNANSWERED, at=at)
