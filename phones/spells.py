"""Spells on hold, as holds on the call's ticket: the customer's wait has one clock, wherever it was noticed."""

from datetime import datetime

from people.models import Person
from phones import calls
from phones.calls import Spell
from phones.models import Call, CallHold
from tickets import clocks, holds, timeline
from tickets.kinds import EntryKind, HoldEnd
from tickets.models import Ticket


def write(call: Call, told: calls.Call, ticket: Ticket, *, at: datetime) -> None:
    """Make the holds of a locked ticket those that the call tells of; the caller saves the ticket."""
    written = {each.number: each for each in CallHold.objects.filter(call=call).select_related("hold")}
    for spell in told.spells:
        known = written.pop(spell.number, None)
        if known is None:
            _begin(call, spell, ticket)
        else:
            _follow(known, spell, ticket, at=at)
    for known in written.values():
        _never_was(known, ticket, at=at)


def forget(call: Call, ticket: Ticket, *, at: datetime) -> None:
    """Take back what a call reported on a locked ticket: it is about another one, or about none."""
    for known in CallHold.objects.filter(call=call).select_related("hold"):
        _never_was(known, ticket, at=at)


def _never_was(known: CallHold, ticket: Ticket, *, at: datetime) -> None:
    """Later news: nobody was on hold there. Its row stays, and lasted no time."""
    hold = known.hold
    holds.correct(hold, started_at=hold.started_at, ended_at=hold.started_at, how=HoldEnd.CLOSED)
    _corrected(known.call, ticket, hold.pk, at=at)
    known.delete()


def _begin(call: Call, spell: Spell, ticket: Ticket) -> None:
    by = agent(spell.by) or call.answered_by or ticket.owner
    hold = holds.report(ticket, by=by, started_at=spell.started_at, ended_at=spell.ended_at, how=_how(spell))
    if hold is not None:
        clocks.judge_from(ticket, spell.started_at)
        CallHold.objects.create(call=call, number=spell.number, hold=hold)


def _follow(known: CallHold, spell: Spell, ticket: Ticket, *, at: datetime) -> None:
    hold = known.hold
    hold.ticket = ticket
    if (hold.started_at, hold.ended_at, hold.how) == (spell.started_at, spell.ended_at, _how(spell) or ""):
        return
    if hold.started_at == spell.started_at and hold.ended_at is None and spell.ended_at is not None:
        holds.end_for(hold, how=_how(spell) or HoldEnd.CLOSED, by=None, at=spell.ended_at)
        return
    holds.correct(hold, started_at=spell.started_at, ended_at=spell.ended_at, how=_how(spell))
    clocks.judge_from(ticket, spell.started_at)
    _corrected(known.call, ticket, hold.pk, at=at)


def _how(spell: Spell) -> HoldEnd | None:
    return None if spell.how is None else HoldEnd(spell.how)


def _corrected(call: Call, ticket: Ticket, hold: int, *, at: datetime) -> None:
    timeline.record(ticket, EntryKind.CALL_CORRECTED, at=at, by=None, call=call.pk, hold=hold)


def agent(extension: str) -> Person | None:
    """Return who has signed in to an extension."""
    return Person.objects.filter(extension=extension, is_active=True).first() if extension else None
