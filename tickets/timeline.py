"""The timeline: every verb leaves one entry, and only this module writes them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from notices import live
from people import copying
from people.models import Person
from people.statements import insert
from tickets import errors
from tickets.kinds import EntryKind
from tickets.models import Entry, Text, Ticket

# How far back an API caller may say that a note or a contact happened.
LATE = timedelta(hours=24)


def moment(ticket: Ticket, at: datetime | None) -> datetime:
    """Return when a verb happens: `at`, or now; by default never before the present tenure began.

    Call it after the lock: whoever waited for the lock acts after whoever held it.
    """
    return at if at is not None else max(timezone.now(), ticket.owner_since)


def moment_of_move(ticket: Ticket, at: datetime | None) -> datetime:
    """Return when ownership moves. Raises BeforeTheTenure for a time before the present tenure, or ahead."""
    if at is not None and not ticket.owner_since <= at <= timezone.now():
        raise errors.BeforeTheTenure
    return moment(ticket, at)


def moment_reported(at: datetime | None) -> datetime | None:
    """Return the time an API caller gives for something that has happened; raises NotSoLate."""
    if at is not None and not timedelta(0) <= timezone.now() - at <= LATE:
        raise errors.NotSoLate(at="Not in the future, and not more than 24 hours ago.")
    return at


def write(ticket: Ticket, part: str, content: dict[str, str], *, at: datetime) -> Text:
    """Keep what a person typed about a customer, where it can be erased. `part` says what it is."""
    return insert(Text(ticket=ticket, part=part, content=content, written_at=at))


def record(
    ticket: Ticket,
    kind: EntryKind,
    *,
    at: datetime,
    by: Person | None,
    text: Text | None = None,
    **data: Any,
) -> Entry:
    """Write one line: what happened, when, and by whom (None is the system); `data` is ids, codes, figures."""
    live.changed([ticket])
    return insert(Entry(ticket=ticket, kind=kind, at=at, by=by, text=text, data=data))


def record_all(entries: Iterable[Entry]) -> None:
    """Write what the system did to several tickets at once: entries as `record` makes them, unsaved."""
    written = Entry.objects.bulk_create(entries)
    if written:
        live.changed(entry.ticket for entry in written)


class ImportedEntry(NamedTuple):
    """What an imported ticket's timeline says of one of its tenures."""

    ticket_id: int
    at: datetime
    data: dict[str, Any]


def load(entries: Iterable[ImportedEntry]) -> None:
    """Write the entries of an import, set-based; they are recorded now and tell of the past."""
    copying.copy(Entry, ImportedEntry._fields, entries, kind=EntryKind.IMPORTED.value)
