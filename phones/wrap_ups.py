"""Wrap-up: what a call was, said in one step by whoever answered it."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from people.errors import Incomplete
from people.models import Person
from people.roles import OWNERS
from people.transactions import verb
from phones import calls, conclusions, consequences, errors, links, spells
from phones.calls import Cause
from phones.models import Call
from tickets import clocks, contacts, endings, permissions, promises, timeline
from tickets.kinds import EntryKind
from tickets.models import Ticket
from tickets.permissions import Action
from tickets.states import Outcome, Status

WrapUp = Call.WrapUp


def _may_wrap_up(call: Call, by: Person) -> bool:
    """Say whether a call is theirs to wrap up: who answered it, a manager; a colleague where nobody knows who did."""
    leads = call.team_id in by.led_team_ids
    nobodys = call.answered_by_id is None and call.team_id in by.team_ids
    return by.role in OWNERS and (call.answered_by_id == by.pk or leads or nobodys)


@verb
def wrap_up(
    *,
    call: int,
    by: Person,
    outcome: str,
    ticket: int | None = None,
    text: str = "",
    subject: str = "",
    chase: bool = False,
    next_contact_at: datetime | None = None,
    at: datetime | None = None,
) -> Call:
    """Say what a call was: a complaint, none, a wrong number, or spam.

    A complaint is noted as a contact on `ticket` (by default the one that the call is linked to; without any
    it opens one, with `subject`): `text` is what was said, `chase` whether the customer asked what has become
    of it. With `next_contact_at` the owner has acknowledged it, or promised the next contact. Anything else
    takes back what the call had concluded. Raises UnknownCall, NotForYou, NotToWrapUp, Incomplete, and what
    the verbs on tickets raise.
    """
    found = Call.objects.lock(call, by)
    if not _may_wrap_up(found, by):
        raise errors.NotYourCall
    if found.wrap_up != WrapUp.WAITING:
        raise errors.NotToWrapUp
    now = at or timezone.now()
    found.wrap_up, found.wrapped_up_at, found.wrapped_up_by = outcome, now, by
    if outcome == WrapUp.COMPLAINT:
        _complaint(
            found, by=by, ticket=ticket, text=text, subject=subject, chase=chase, next_contact_at=next_contact_at
        )
    else:
        _dismiss(found, WrapUp(outcome), by=by, at=now)
    found.check_at = None
    found.save()
    return found


def _complaint(
    call: Call,
    *,
    by: Person,
    ticket: int | None,
    text: str,
    subject: str,
    chase: bool,
    next_contact_at: datetime | None,
) -> None:
    if not text.strip():
        raise Incomplete(text="What was said? A sentence is enough.")
    if ticket is not None and ticket != call.ticket_id:
        _relink(call, ticket, by=by)
    if call.ticket_id is None:
        links.open_ticket(call, by=by, subject=subject, description=text, category="", at=timezone.now())
        _tell_again(call)
    assert call.ticket_id is not None
    found = contacts.contact(ticket=call.ticket_id, by=by, direction="inbound", summary=text, chase=chase)
    if next_contact_at is None:
        return
    if found.status == Status.NEW and found.owner_id == by.pk:
        contacts.acknowledge(ticket=found.pk, by=by, message=text, next_contact_at=next_contact_at)
    else:
        # A colleague promises what they do themselves; the owner's duties are the owner's to promise.
        promises.make(ticket=found.pk, by=by, what=text, due_at=next_contact_at)


def _dismiss(call: Call, outcome: WrapUp, *, by: Person, at: datetime) -> None:
    if call.ticket_id is None:
        return
    ticket = Ticket.objects.lock(call.ticket_id)
    conclusions.take_back(call, ticket, at=at)
    if call.linked == Call.Linked.OPENED and ticket.live:
        endings.close_as(
            ticket, outcome=Outcome(outcome), root_cause="", note="", by=by, at=timeline.moment(ticket, at)
        )
        return
    _leave(call, ticket, by=by, at=at)
    clocks.save(ticket, "cold_since")


@verb
def complain(*, call: int, by: Person, subject: str, description: str) -> Call:
    """It is a complaint: open the ticket that the call is about, while it goes on or afterwards.

    Whoever says so owns it. Raises UnknownCall, NotYourCall, HasTicket.
    """
    found = Call.objects.lock(call, by)
    if not _may_wrap_up(found, by):
        raise errors.NotYourCall
    if found.ticket_id is not None:
        raise errors.HasTicket
    links.open_ticket(found, by=by, subject=subject, description=description, category="", at=timezone.now())
    _tell_again(found)
    return found


@verb
def link(*, call: int, by: Person, ticket: int) -> Call:
    """Say which ticket a call is about. Raises UnknownCall, UnknownTicket, NotYours.

    What the call concluded goes with it: from the ticket that it was linked to, to this one.
    """
    found = Call.objects.lock(call, by)
    if ticket != found.ticket_id:
        _relink(found, ticket, by=by)
        found.save()
    return found


def _relink(call: Call, ticket: int, *, by: Person) -> None:
    now = timezone.now()
    # By number, as every verb locks several tickets.
    for number in sorted({ticket, call.ticket_id or ticket}):
        Ticket.objects.lock(number)
    target = permissions.enter(ticket, by, Action.CONTACT)
    if call.ticket_id is not None:
        before = Ticket.objects.lock(call.ticket_id)
        conclusions.take_back(call, before, at=now)
        _leave(call, before, by=by, at=now)
        clocks.save(before, "cold_since")
    links.to_ticket(call, target, linked=Call.Linked.BY_REP, by=by, at=now)
    _tell_again(call)


def _leave(call: Call, ticket: Ticket, *, by: Person, at: datetime) -> None:
    """Unlink a call from a locked ticket, with the holds that it had reported there."""
    spells.forget(call, ticket, at=at)
    if conclusions.told_cold(call, ticket):
        ticket.cold_since = None
    timeline.record(ticket, EntryKind.CALL_UNLINKED, at=at, by=by, call=call.pk)
    call.ticket, call.linked = None, Call.Linked.NOT


def _tell_again(call: Call) -> None:
    """Draw the consequences of a call once more: it has another ticket."""
    now = timezone.now()
    consequences.apply(call, consequences.tell(call, at=now), at=now)


@verb
def judge(*, call: int, at: datetime) -> bool:
    """Do what time has brought about: silence ends a call; nobody has said what it was. Says whether it was due."""
    free = Call.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = free.select_related("source__team", "customer", "team").filter(pk=call).first()
    if found is None or found.check_at is None or found.check_at > at:
        return False
    told = consequences.tell(found, at=at)
    consequences.apply(found, told, at=at)
    if found.ticket_id is not None and _ended_unresolved(found, told, at=at):
        ticket = Ticket.objects.lock(found.ticket_id)
        unresolved = calls.Conclusion(Cause.ENDED_UNRESOLVED, 0, told.ended_at or at)
        conclusions.write(found, [*told.conclusions, unresolved], ticket, at=at)
        clocks.save(ticket)
    if found.check_at is not None and found.check_at <= at:
        found.check_at = None
        found.save(update_fields=["check_at"])
    return True


def _ended_unresolved(call: Call, told: calls.Call, *, at: datetime) -> bool:
    """Say whether the agent ended it, nobody has said what it was, and nobody has called back."""
    if call.wrap_up != WrapUp.WAITING or told.ended_by != "agent" or told.ended_at is None:
        return False
    if at - told.ended_at < consequences.UNRESOLVED or call.suspect:
        return False
    since = Q(began_at__gt=told.ended_at, direction="outbound", answered_at__isnull=False)
    return not Call.objects.filter(since, ticket=call.ticket).exists()


def sweep(*, at: datetime | None = None, limit: int = 500) -> int:
    """Judge the calls that are due, the longest waiting first, at most `limit`; return how many there were."""
    now = at or timezone.now()
    due = Call.objects.filter(check_at__lte=now).order_by("check_at").values_list("pk", flat=True)
    return sum(judge(call=number, at=now) for number in list(due[:limit]))


def lag(*, at: datetime | None = None) -> timedelta:
    """Return for how long the longest waiting call has been due to be judged; nothing when none is."""
    now = at or timezone.now()
    due = Call.objects.filter(check_at__lte=now).order_by("check_at").values_list("check_at", flat=True).first()
    return now - due if due else timedelta()
