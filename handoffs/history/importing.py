"""The import of a history: read the file, replay each case, report, and write what is new, whole or not at all."""

import time
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone

from handoffs.history import accounts, loading
from handoffs.history.errors import RowsRefused
from handoffs.history.events import History, gather
from handoffs.history.files import opened
from handoffs.history.mapping import Mapping
from handoffs.history.readers import rows
from handoffs.history.replay import replay
from handoffs.history.report import Report
from people.models import Person
from people.transactions import verb
from tickets import ownership

# Of a history that is being written, so many cases are held as rows at once.
BATCH = 2_000
# Told how far an import is: what it is doing, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


def import_history(
    file: Path,
    mapping: Mapping,
    *,
    fallback_owner: str,
    dry_run: bool = False,
    strict: bool = False,
    progress: Progress,
) -> Report:
    """Import the cases of a history as historical tickets and return the figures of the whole history.

    fallback_owner: the username of who answers for cases that name nobody. dry_run: write nothing. strict:
    write nothing if a row was refused; the report says so (`Report.imported` is 0). A case that is there
    already, by its source and key, is left alone. Raises NoFallbackOwner, Unreadable, AlreadyImported when
    somebody imports the same cases meanwhile.
    """
    began = time.monotonic()
    fallback = accounts.fallback_owner(fallback_owner)
    history = _read(file, mapping, progress)
    write = not dry_run and not (strict and history.refused)
    report = _write(history, mapping, fallback=fallback, write=write, progress=progress)
    report.dry_run = dry_run
    report.seconds = time.monotonic() - began
    return report


def refuse_if_strict(report: Report) -> None:
    """Raise RowsRefused for the report of a strict import that had a row to refuse."""
    if report.refused:
        raise RowsRefused(f"{len(report.refused):,} rows were refused, so that nothing was imported (--strict).")


def _read(file: Path, mapping: Mapping, progress: Progress) -> History:
    with opened(file) as source:
        count = 0

        def each() -> None:
            nonlocal count
            count += 1
            if count % 2_000 == 0:
                progress("Reading", source.position(), source.size)

        history = gather(rows(source.stream, mapping), mapping, now=timezone.now(), each=each)
        progress("Reading", source.size, source.size)
    return history


@verb
def _write(history: History, mapping: Mapping, *, fallback: Person, write: bool, progress: Progress) -> Report:
    report = Report(mapping.source, refused=history.refused)
    there = loading.already_there(mapping.source)
    # In the order in which they were opened, as tickets get their references.
    keys = sorted(history.cases, key=lambda key: (history.cases[key][0].at, key))
    cast = None
    if write and not there.issuperset(keys):
        cast = loading.Cast(mapping.source, fallback=fallback, time_zone=mapping.time_zone)
    for start in range(0, len(keys), BATCH):
        batch = [replay(key, history.cases[key]) for key in keys[start : start + BATCH]]
        for case in batch:
            report.add(case)
        new = [case for case in batch if case.key not in there]
        report.already_there += len(batch) - len(new)
        if cast and new:
            loading.load(new, cast)
            report.imported += len(new)
        progress("Importing" if cast else "Counting", start + len(batch), len(keys))
    if report.imported:
        progress("Proving", 0, 1)
        loading.take_stock()
        ownership.settle()
        progress("Proving", 1, 1)
    return report
