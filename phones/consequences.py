"""What follows from a call: whose it is, which ticket it is about, who waited, and what went wrong."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from handoffs import drafts
from phones import call_backs, calls, conclusions, links, pops, spells
from phones.calls import Cause
from phones.events import Direction, EndedBy, Event, TransferKind, Type
from phones.models import Call, PhoneEvent
from tickets import clocks, timeline
from tickets.kinds import EntryKind
from tickets.models import Ticket

# These open a ticket where there is none: a customer was lost, whatever the call was about.
LOST = conclusions.LOST
# Ended so long ago, and nobody has said what it was.
UNSAID = timedelta(minutes=5)
UNRESOLVED = timedelta(minutes=10)


def tell(call: Call, *, at: datetime) -> calls.Call:
    """Return a call as all of its stored events tell it."""
    rows = PhoneEvent.objects.filter(call=call)
    return calls.fold(
        [Event(row.event_id, Type(row.type), call.call_id, row.occurred_at, row.sequence, row.data) for row in rows],
        at=at,
    )


def apply(call: Call, told: calls.Call, *, at: datetime) -> None:
    """Draw the consequences of a locked call as it is told now; doing so again changes nothing."""
    had_ended = call.ended_at is not None
    _describe(call, told)
    if not call.suspect and not call.is_dismissed:
        links.find(call, at=at)
        if call.ticket is None and (reason := needs_ticket(call, told, at=at)):
            _give_ticket(call, reason, at=at)
        ticket = None if call.ticket_id is None else Ticket.objects.lock(call.ticket_id)
        if ticket is not None and ticket.live:
            spells.write(call, told, ticket, at=at)
            cold = [each.at for each in told.conclusions if each.cause == Cause.COLD_TRANSFER]
            _cold(call, ticket, max(cold, default=None))
            _draft(call, told, ticket, at=at)
        conclusions.write(call, told.conclusions, ticket, at=at)
        if ticket is not None:
            if call.ended_at is not None and not had_ended:
                _record_end(call, ticket)
            clocks.save(ticket, "cold_since", "judged_at")
        pops.show(call, told)
        call_backs.notice(call, told)
    call.save()


def _describe(call: Call, told: calls.Call) -> None:
    """Write the told call into its row; unsaved."""
    call.told = _plain(asdict(told))
    call.direction = told.direction
    number = told.caller if told.direction == Direction.INBOUND else told.called
    call.number = links.e164_of(call, number)
    call.began_at, call.heard_at = told.began_at, told.heard_at
    call.answered_at, call.ended_at = told.answered_at, told.ended_at
    call.ended_by = told.ended_by or ""
    call.answered_by = spells.agent(told.agent) or call.answered_by
    waits = told.ended_at is not None and told.answered_at is not None and told.direction == Direction.INBOUND
    if call.wrap_up in (Call.WrapUp.NONE, Call.WrapUp.WAITING):
        call.wrap_up = Call.WrapUp.WAITING if waits else Call.WrapUp.NONE
    gave_up = any(each.cause == Cause.QUEUE_ABANDONED and not each.slight for each in told.conclusions)
    call.call_back_since = told.ended_at if gave_up and call.ticket_id is None else None
    call.check_at = next_check(call, told)


def next_check(call: Call, told: calls.Call) -> datetime | None:
    """Return when the clock must look at the call: when silence ends it, or when nobody has wrapped it up."""
    if told.ended_at is None:
        return told.heard_at + calls.SILENCE
    if told.conclusions and call.ticket_id is None and not call.is_dismissed:
        return told.ended_at + UNSAID
    if call.wrap_up != Call.WrapUp.WAITING:
        return None
    return told.ended_at + UNRESOLVED if told.ended_by == EndedBy.AGENT else None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value


def needs_ticket(call: Call, told: calls.Call, *, at: datetime) -> str:
    """Return why a call without a ticket needs one: a customer was lost, or passed on and nobody said why."""
    causes = [each.cause for each in told.conclusions]
    lost = next((cause for cause in causes if cause in LOST), None)
    over = told.ended_at is not None and at - told.ended_at >= UNSAID
    # Until it is known who called, it may be about a ticket that there is: the news of that may be late.
    if lost is not None and (told.rang_at is not None or over):
        return str(lost)
    unsaid = call.wrap_up == Call.WrapUp.WAITING and over
    return str(Cause.COLD_TRANSFER) if Cause.COLD_TRANSFER in causes and unsaid else ""


def _give_ticket(call: Call, reason: str, *, at: datetime) -> None:
    """Link it to what the customer has open (of several the one last spoken about), or open one."""
    if call.customer is not None:
        live = Ticket.objects.filter(customer=call.customer, live=True)
        latest = live.order_by("-last_contact_at", "-pk").first()
        if latest is not None:
            links.to_ticket(call, latest, linked=Call.Linked.BY_NUMBER, by=None, at=at)
            return
    links.open_ticket(call, by=call.answered_by, subject="", description="", category=reason, at=at)
    call.call_back_since = None


def _cold(call: Call, ticket: Ticket, since: datetime | None) -> None:
    """Note since when the caller is with somebody to whom nobody handed the complaint over; unsaved."""
    if since is None:
        # Only what this call told: the flag goes when later news take it back, not when she calls again.
        if conclusions.told_cold(call, ticket):
            ticket.cold_since = None
    elif ticket.owner_since <= since and (ticket.last_contact_at or since) <= since:
        ticket.cold_since = since
        clocks.judge_from(ticket, since - timedelta(microseconds=1))


def _draft(call: Call, told: calls.Call, ticket: Ticket, *, at: datetime) -> None:
    """Draft the offer to whoever has the caller now: live, when they spoke with each other first."""
    last = told.transfers[-1] if told.transfers else None
    if last is None or last.failed or not last.picked_up_by:
        return
    receiver = spells.agent(last.picked_up_by)
    if receiver is not None:
        live = last.kind == TransferKind.ATTENDED and told.ended_at is None
        drafts.draft(ticket, to=receiver, on_call=live, call=call.pk, at=at)


def _record_end(call: Call, ticket: Ticket) -> None:
    assert call.ended_at is not None
    timeline.record(
        ticket, EntryKind.CALL_ENDED, at=call.ended_at, by=None, call=call.pk, ended_by=call.ended_by or "unknown"
    )
