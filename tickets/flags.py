"""Flags: raised by the rules, dealt with by managers. Only this module writes them, and `climbing`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from notices import outbox
from notices.outbox import Message
from people import copying
from people.errors import Incomplete
from people.models import Person
from people.transactions import verb
from tickets import capacity, climbing, clocks, errors, permissions, timeline
from tickets.bounces import Finding
from tickets.kinds import EntryKind, FlagKind, FlagState, Level
from tickets.models import Entry, Flag, Ticket
from tickets.permissions import Action


def raise_for(ticket: Ticket, findings: Iterable[Finding], *, at: datetime) -> list[Flag]:
    """Raise what the rules found on a locked ticket, in the transaction of the verb that caused it."""
    return raise_all([(ticket, finding) for finding in findings], at=at)


def raise_all(found: Sequence[tuple[Ticket, Finding]], *, at: datetime) -> list[Flag]:
    """Raise what the rules found on locked tickets; an open flag of the kind rises instead of doubling.

    In a handful of statements, however many there are. An amber flag is the manager's to look at; of a
    red one the deputy is told as well, and when nobody takes it on it climbs (see `climbing`). Returns
    the flags that are new or rose.
    """
    if not found:
        return []
    numbers = {ticket.pk for ticket, _ in found}
    known = {
        (flag.ticket_id, flag.kind): flag for flag in Flag.objects.filter(ticket__in=numbers, status__in=Flag.OPEN)
    }
    new, risen, changed = [], [], []
    for ticket, finding in found:
        flag = known.get((ticket.pk, finding.kind))
        if flag is None:
            flag = Flag(ticket=ticket, kind=finding.kind, level=finding.level, raised_at=at)
            known[ticket.pk, finding.kind] = flag
            new.append(flag)
        elif flag.level == Level.AMBER and finding.level == Level.RED:
            flag.level, flag.rose_at = finding.level, at
            risen.append(flag)
        else:
            changed.append(flag)
        flag.ticket, flag.evidence = ticket, finding.evidence
        if flag.level == Level.RED and flag.climbs_at is None and not flag.climbed:
            flag.climbs_at = climbing.next_climb(ticket, at=at)
    if new:
        overloads = capacity.overloads({flag.ticket.team for flag in new})
        for flag in new:
            flag.capacity = overloads.get(flag.ticket.team_id)
        Flag.objects.bulk_create(new)
    if risen or changed:
        Flag.objects.bulk_update([*risen, *changed], ["level", "rose_at", "evidence", "climbs_at"])
    _tell([(flag, EntryKind.FLAG_RAISED) for flag in new] + [(flag, EntryKind.FLAG_ROSE) for flag in risen], at=at)
    return [*new, *risen]


def _tell(told: Sequence[tuple[Flag, EntryKind]], *, at: datetime) -> None:
    """Write it on the timelines and tell who answers for the teams."""
    facts = [({"flag": flag.pk, "flag_kind": flag.kind, "level": flag.level}, flag, str(kind)) for flag, kind in told]
    timeline.record_all(
        Entry(ticket=flag.ticket, kind=kind, at=at, data={**fact, **flag.evidence}) for fact, flag, kind in facts
    )
    outbox.queue_all(
        Message(kind, to=_answering(flag, at=at), about=flag.ticket.reference, payload=fact)
        for fact, flag, kind in facts
    )


def _answering(flag: Flag, *, at: datetime) -> list[Person | None]:
    """Return who is to look at a flag: the manager; the deputy too, of a red one or when the manager is away."""
    team = flag.ticket.team
    with_deputy = flag.level == Level.RED or not team.manager.is_present(at)
    return [team.manager, team.deputy if with_deputy else None]


def clear_all(cleared: Iterable[tuple[int, Ticket]], *, at: datetime) -> None:
    """Clear open flags (their numbers) of locked tickets by themselves: their cause is gone. The entries stay."""
    tickets = dict(cleared)
    flags = list(Flag.objects.filter(pk__in=tickets)) if tickets else []
    for flag in flags:
        flag.status, flag.closed_at = FlagState.CLEARED, at
    Flag.objects.bulk_update(flags, ["status", "closed_at"])
    timeline.record_all(
        Entry(
            ticket=tickets[flag.pk],
            kind=EntryKind.FLAG_CLEARED,
            at=at,
            data={"flag": flag.pk, "flag_kind": flag.kind},
        )
        for flag in flags
    )


def clear_kind(ticket: Ticket, kind: FlagKind, *, at: datetime) -> None:
    """Clear the open flag of a kind on a locked ticket, if there is one."""
    flags = Flag.objects.filter(ticket=ticket, kind=kind, status__in=Flag.OPEN)
    clear_all([(number, ticket) for number in flags.values_list("pk", flat=True)], at=at)


def _enter(flag_id: int, by: Person) -> tuple[Flag, Ticket]:
    ticket_id = Flag.objects.filter(pk=flag_id).values_list("ticket_id", flat=True).first()
    if ticket_id is None:
        raise errors.UnknownFlag
    ticket = Ticket.objects.lock(ticket_id)
    permissions.require(by, Action.DEAL_WITH_FLAGS, ticket)
    flag = Flag.objects.get(pk=flag_id)
    if not flag.is_open:
        raise errors.FlagHasEnded
    return flag, ticket


@verb
def take_on(*, flag: int, by: Person, at: datetime | None = None) -> Flag:
    """A manager says "I'm on it". Raises UnknownFlag, NotYours, FlagHasEnded, FlagIsTakenOn."""
    found, ticket = _enter(flag, by)
    if found.status == FlagState.TAKEN_ON:
        raise errors.FlagIsTakenOn
    now = timeline.moment(ticket, at)
    found.status, found.taken_on_by, found.taken_on_at = FlagState.TAKEN_ON, by, now
    found.save(update_fields=["status", "taken_on_by", "taken_on_at"])
    timeline.record(ticket, EntryKind.FLAG_TAKEN_ON, at=now, by=by, flag=found.pk, flag_kind=found.kind)
    clocks.save(ticket)
    return found


@verb
def close(*, flag: int, by: Person, note: str, at: datetime | None = None) -> Flag:
    """A manager has dealt with it; `note` says how. Raises UnknownFlag, NotYours, FlagHasEnded."""
    found, ticket = _enter(flag, by)
    return _end(found, ticket, status=FlagState.CLOSED, by=by, note=note, at=at)


@verb
def call_false_alarm(*, flag: int, by: Person, note: str, at: datetime | None = None) -> Flag:
    """A manager says that a red flag is none, because of `note`.

    Raises UnknownFlag, NotYours, FlagHasEnded; Incomplete for an amber one.
    """
    found, ticket = _enter(flag, by)
    if found.level != Level.RED:
        raise Incomplete("Only a red flag can be a false alarm; close an amber one with a note.")
    return _end(found, ticket, status=FlagState.FALSE_ALARM, by=by, note=note, at=at)


def _end(flag: Flag, ticket: Ticket, *, status: FlagState, by: Person, note: str, at: datetime | None) -> Flag:
    now = timeline.moment(ticket, at)
    flag.status, flag.closed_by, flag.closed_at = status, by, now
    flag.note = timeline.write(ticket, "flag_note", {"note": note}, at=now)
    flag.save(update_fields=["status", "closed_by", "closed_at", "note"])
    timeline.record(
        ticket, EntryKind.FLAG_CLOSED, at=now, by=by, text=flag.note, flag=flag.pk, flag_kind=flag.kind, how=status
    )
    clocks.save(ticket)
    return flag


class ImportedFlag(NamedTuple):
    """A flag that the rules found over the history of an imported ticket."""

    ticket_id: int
    kind: str
    level: str
    raised_at: datetime
    rose_at: datetime | None
    evidence: dict[str, Any]


def load(flags: Iterable[ImportedFlag]) -> None:
    """Write the flags of an import, set-based; nobody is told of what is long past."""
    copying.copy(Flag, ImportedFlag._fields, flags, historical=True)
