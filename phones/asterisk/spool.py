"""What waits on disk until the tracker has it, so that neither side's absence loses anything."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any


class SpoolError(Exception):
    """The file cannot be used; the message says why."""


class Spool:
    """A queue of neutral events in a file, of bounded length. What was added outlives a loss of power.

    SQLite writes it: appending, fsync, and what a torn write leaves are its life's work.
    """

    def __init__(self, file: Path, *, most: int) -> None:
        """Open it, or begin it. most: how many events it holds. Raises SpoolError."""
        self.most = most
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600)  # it holds callers' numbers
            self._db = sqlite3.connect(file, isolation_level=None, timeout=1)
            for statement in (
                "PRAGMA locking_mode = EXCLUSIVE",
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY AUTOINCREMENT, said TEXT NOT NULL)",
            ):
                self._db.execute(statement)
            self._count = int(self._db.execute("SELECT count(*) FROM event").fetchone()[0])
        except (OSError, sqlite3.Error) as error:
            busy = "another listener uses it" if "locked" in str(error) else str(error)
            raise SpoolError(f"{file}: {busy}") from error

    def __len__(self) -> int:
        """Return how many events wait."""
        return self._count

    def add(self, events: Sequence[dict[str, Any]]) -> int:
        """Add events, and return how many of the oldest had to go for them. Raises SpoolError, and adds none."""
        excess = max(0, self._count + len(events) - self.most)
        with self._transaction() as db:
            db.executemany("INSERT INTO event (said) VALUES (?)", [(json.dumps(each),) for each in events])
            db.execute("DELETE FROM event WHERE id IN (SELECT id FROM event ORDER BY id LIMIT ?)", [excess])
        self._count += len(events) - excess
        return excess

    def oldest(self, count: int) -> list[tuple[int, dict[str, Any]]]:
        """Return the events that have waited longest, with their places."""
        rows = self._db.execute("SELECT id, said FROM event ORDER BY id LIMIT ?", [count]).fetchall()
        return [(place, json.loads(said)) for place, said in rows]

    def done(self, place: int) -> None:
        """Take away the events up to a place. Raises SpoolError, and leaves them."""
        with self._transaction() as db:
            gone = db.execute("DELETE FROM event WHERE id <= ?", [place]).rowcount
        self._count -= gone

    def close(self) -> None:
        """Leave the file to others."""
        self._db.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise SpoolError(str(error)) from error
