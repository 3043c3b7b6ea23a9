"""Flags: raised by the rules, dealt with by managers. Only this module writes them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from notices import outbox
from people import copying
from people.errors import Incomplete
from people.models import Person
from people.transactions import verb
from tickets import clocks, errors, permissions, timeline
from tickets.bounces import Finding
from tickets.kinds import EntryKind, FlagKind, FlagState, Level
from tickets.models import Flag, Ticket
from tickets.permissions import Action


def raise_for(ticket: Ticket, findings: Iterable[Finding], *, at: datetime) -> list[Flag]:
    """Raise what the rules found on a locked ticket; an open flag of the kind rises instead of doubling.

    Runs in the transaction of the verb that caused it. Returns the flags that are new or rose.
    """
    changed = []
    for finding in findings:
        flag = Flag.objects.filter(ticket=ticket, kind=finding.kind, status__in=Flag.OPEN).first()
        if flag is None:
            flag = Flag.objects.create(
                ticket=ticket, kind=finding.kind, level=finding.level, raised_at=at, evidence=finding.evidence
            )
            kind = EntryKind.FLAG_RAISED
        elif flag.level == Level.AMBER and finding.level == Level.RED:
            flag.level, flag.rose_at, flag.evidence = finding.level, at, finding.evidence
            flag.save(update_fields=["level", "rose_at", "evidence"])
            kind = EntryKind.FLAG_ROSE
        else:
            flag.evidence = finding.evidence
            flag.save(update_fields=["evidence"])
            continue
        changed.append(flag)
        timeline.record(
            ticket,
            kind,
            at=at,
            by=None,
            flag=flag.pk,
            flag_kind=flag.kind,
            level=flag.level,
            **finding.evidence,
        )
        outbox.queue(
            str(kind),
            to=[ticket.team.manager],
            about=ticket.reference,
            flag=flag.pk,
            flag_kind=flag.kind,
            level=flag.level,
        )
    return changed


def clear(flag: Flag, ticket: Ticket, *, at: datetime) -> None:
    """Clear an open flag of a locked ticket by itself: its cause is gone. The entry stays."""
    flag.status, flag.closed_at = FlagState.CLEARED, at
    flag.save(update_fields=["status", "closed_at"])
    timeline.record(ticket, EntryKind.FLAG_CLEARED, at=at, by=None, flag=flag.pk, flag_kind=flag.kind)


def clear_kind(ticket: Ticket, kind: FlagKind, *, at: datetime) -> None:
    """Clear the open flag of a kind on a locked ticket, if there is one."""
    for flag in Flag.objects.filter(ticket=ticket, kind=kind, status__in=Flag.OPEN):
        clear(flag, ticket, at=at)


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
