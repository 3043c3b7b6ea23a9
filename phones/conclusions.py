"""What went wrong with calls, as flags on their tickets; and what turns out not to have gone wrong after all."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from notices import outbox
from people.models import Person
from people.roles import Role
from phones.calls import Cause
from phones.calls import Conclusion as Concluded
from phones.events import EndedBy
from phones.models import Call, Conclusion, Source
from tickets import flags, promises, timeline
from tickets.bounces import Finding
from tickets.kinds import EntryKind, FlagKind, Level, PromiseState
from tickets.models import Flag, Ticket

FLAGGED = {
    Cause.HELD_CALLER_HUNG_UP: FlagKind.ABANDONED_ON_HOLD,
    Cause.DROPPED_ON_HOLD: FlagKind.DROPPED_BY_US,
    Cause.DROPPED_AFTER_TRANSFER: FlagKind.DROPPED_BY_US,
    Cause.ENDED_UNRESOLVED: FlagKind.DROPPED_BY_US,
    Cause.QUEUE_ABANDONED: FlagKind.QUEUE_ABANDONED,
}
# Red at once; the others are amber, and red when it happens again within a week.
RED = frozenset({Cause.HELD_CALLER_HUNG_UP, Cause.DROPPED_ON_HOLD})
AGAIN_WITHIN = timedelta(days=7)
# More reds of one source than that within ten minutes say that the source is broken, not the contact centre.
BROKEN_FROM, BROKEN_WITHIN = 10, timedelta(minutes=10)
# Whoever was lost on the line is called back.
LOST = frozenset({Cause.HELD_CALLER_HUNG_UP, Cause.DROPPED_ON_HOLD, Cause.DROPPED_AFTER_TRANSFER})
CALL_BACK = timedelta(minutes=15)
CALLED_BACK = "We call back."


def write(call: Call, concluded: Iterable[Concluded], ticket: Ticket | None, *, at: datetime) -> None:
    """Make a call's conclusions those that its events give now; its ticket is locked, and saved by the caller."""
    rows = {
        (row.cause, row.number): row for row in Conclusion.objects.filter(call=call).select_related("flag", "promise")
    }
    wanted = {(str(each.cause), each.number): each for each in concluded}
    for key, each in wanted.items():
        row = rows.get(key)
        if row is None:
            row = Conclusion(call=call, cause=each.cause, number=each.number, concluded_at=at)
        elif row.withdrawn_at is None and (row.flag_id or ticket is None or each.slight or each.cause not in FLAGGED):
            continue
        row.at, row.withdrawn_at = each.at, None
        if ticket is not None and not each.slight:
            _support(row, ticket, at=at)
        row.save()
    for key, row in rows.items():
        if key not in wanted and row.withdrawn_at is None and not _still_unresolved(row, call):
            _withdraw(row, ticket, at=at)


def _still_unresolved(row: Conclusion, call: Call) -> bool:
    """Say whether time has shown that, not an event; it stays, unless late news say that the call ended otherwise."""
    ended = (call.ended_by, call.ended_at)
    return row.cause == Cause.ENDED_UNRESOLVED and ended == (EndedBy.AGENT, row.at)


def take_back(call: Call, ticket: Ticket, *, at: datetime) -> None:
    """Withdraw all that a call had concluded on a locked ticket: it is about another one, or was no complaint."""
    for row in Conclusion.objects.filter(call=call, withdrawn_at=None).select_related("flag", "promise"):
        _withdraw(row, ticket, at=at)
    # It may be concluded anew, on another ticket.
    Conclusion.objects.filter(call=call).update(flag=None, promise=None)


def told_cold(call: Call, ticket: Ticket) -> bool:
    """Say whether it was this call that told that the ticket's caller had been passed on cold."""
    since = ticket.cold_since
    return since is not None and Conclusion.objects.filter(call=call, cause=Cause.COLD_TRANSFER, at=since).exists()


def _looks_broken(source: Source, *, at: datetime) -> bool:
    """Say whether a source reports more reds than there can be; the first time, its people are told."""
    if source.looks_broken_at is not None:
        return True
    lately = Conclusion.objects.filter(call__source=source, cause__in=RED, concluded_at__gt=at - BROKEN_WITHIN)
    if lately.filter(withdrawn_at=None).count() < BROKEN_FROM:
        return False
    source.looks_broken_at = at
    # Two calls at once: whoever is first tells.
    if Source.objects.filter(pk=source.pk, looks_broken_at=None).update(looks_broken_at=at):
        administrators = Person.objects.filter(role=Role.ADMIN, is_active=True)
        outbox.queue("source_looks_broken", to=[source.team.manager, *administrators], about=source.slug)
    return True


def _support(row: Conclusion, ticket: Ticket, *, at: datetime) -> None:
    kind = FLAGGED.get(Cause(row.cause))
    if kind is None or not ticket.live or (row.cause in RED and _looks_broken(row.call.source, at=at)):
        return
    evidence = {"call": row.call.pk, "cause": row.cause, "at": row.at.isoformat()}
    flags.raise_for(ticket, [Finding(kind, _level(row, kind, ticket), evidence)], at=at)
    row.flag = Flag.objects.get(ticket=ticket, kind=kind, status__in=Flag.OPEN)
    if row.cause in LOST and row.promise_id is None:
        _promise(row, ticket, at=at)


def _level(row: Conclusion, kind: FlagKind, ticket: Ticket) -> Level:
    causes = [cause for cause, flagged in FLAGGED.items() if flagged == kind]
    others = Conclusion.objects.filter(
        call__ticket=ticket, cause__in=causes, withdrawn_at=None, at__gt=row.at - AGAIN_WITHIN, at__lte=row.at
    ).exclude(call=row.call)
    return Level.RED if row.cause in RED or others.exists() else Level.AMBER


def _promise(row: Conclusion, ticket: Ticket, *, at: datetime) -> None:
    """Promise, for the owner, that whoever was lost is called back within a quarter of an hour."""
    due_at = max(row.at + CALL_BACK, at + timedelta(minutes=1))
    text = timeline.write(ticket, "promise", {"what": CALLED_BACK}, at=at)
    row.promise = promises.make_for(ticket, what=text, due_at=due_at, by=ticket.owner, at=at)
    timeline.record(
        ticket, EntryKind.PROMISED, at=at, by=None, text=text, promise=row.promise.pk, due_at=due_at.isoformat()
    )


def _withdraw(row: Conclusion, ticket: Ticket | None, *, at: datetime) -> None:
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    if ticket is None:
        return
    timeline.record(ticket, EntryKind.CALL_CORRECTED, at=at, by=None, call=row.call.pk, cause=row.cause)
    supported = Conclusion.objects.filter(flag=row.flag_id, withdrawn_at=None).exists()
    if row.flag is not None and row.flag.is_open and not supported:
        flags.clear_all([(row.flag.pk, ticket)], at=at)
    if row.promise is not None and row.promise.state == PromiseState.OPEN:
        row.promise.ticket = ticket
        promises.withdraw_for(row.promise, by=None, why=None, at=at)
