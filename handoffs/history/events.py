"""From rows to the events of each case, wherever in the file they stand. No ORM.

All events of a history are held at once, as small as they can be: a case may go on until the last line.
"""

import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from handoffs.history.mapping import Mapping
from handoffs.history.readers import Refused, Row
from tickets.states import Status

# The longest that the product keeps: of a case's key, a person's and a team's name, a subject.
LONGEST = 200
# How many texts are remembered with what they mean.
REMEMBERED = 100_000


class Event(NamedTuple):
    """One event of a case; events sort in the order in which they happened.

    person: "" where nobody is named, None for a system account, whose events say nothing about ownership.
    """

    order: float
    place: int
    at: datetime
    person: str | None
    team: str
    subject: str
    state: Status


@dataclass
class History:
    """What a file told: the events of each case, and the rows that were refused."""

    cases: dict[str, list[Event]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)


class _BadRowError(ValueError):
    """A row that cannot be an event; the message says why."""


def gather(rows: Iterable[Row | Refused], mapping: Mapping, *, now: datetime, each: Callable[[], None]) -> History:
    """Collect the events of each case, in order. A row that cannot be one is refused, and the rest goes on.

    now: what lies after it is refused: a history tells of the past. each: is called after each row.
    """
    history = History()
    interpreter = _Interpreter(mapping, now)
    for place, row in enumerate(rows):
        each()
        if isinstance(row, Refused):
            history.refused.append(row)
            continue
        line, values = row
        try:
            case, event = interpreter.event(place, values)
        except _BadRowError as error:
            history.refused.append(Refused(line, str(error)))
        else:
            history.cases.setdefault(case, []).append(event)
    for events in history.cases.values():
        events.sort()
    return history


class _Interpreter:
    """Turns values into events; remembers what it has met, since most values come again and again."""

    def __init__(self, mapping: Mapping, now: datetime) -> None:
        self.mapping = mapping
        self.now = now
        self.zone = ZoneInfo(mapping.time_zone)
        self.nobody = frozenset(mapping.nobody)
        self.not_people = frozenset(mapping.not_people)
        self.time = lru_cache(REMEMBERED)(self._time)
        self.name = lru_cache(REMEMBERED)(self._name)
        self.meaning = lru_cache(REMEMBERED)(mapping.meaning)

    def event(self, place: int, values: tuple[str, ...]) -> tuple[str, Event]:
        """Return the case and the event that a row tells of. Raises _BadRowError."""
        case, time, person, order, team, subject, *states = values
        key = _clean(case, "case")
        if not key:
            raise _BadRowError("the case is missing")
        named = self.name(person, "person")
        event = Event(
            order=self._order(order),
            place=place,
            at=self.time(time),
            person=None if named in self.not_people else named,
            team=self.name(team, "team"),
            subject=self.name(subject[:LONGEST], "subject"),
            state=self.meaning("/".join([state.strip() for state in states])),
        )
        return key, event

    def _name(self, text: str, what: str) -> str:
        name = _clean(text, what)
        return "" if name in self.nobody else sys.intern(name)

    def _order(self, text: str) -> float:
        if not self.mapping.order:
            return 0
        try:
            number = float(text)
        except ValueError as error:
            raise _BadRowError(f"the order “{text}” is not a number") from error
        if not math.isfinite(number):
            raise _BadRowError(f"the order “{text}” is not a number")
        return number

    def _time(self, text: str) -> datetime:
        text = text.strip()
        if not text:
            raise _BadRowError("the time is missing")
        try:
            if self.mapping.time_format:
                at = datetime.strptime(text, self.mapping.time_format)  # noqa: DTZ007 - placed just below
            else:
                at = datetime.fromisoformat(text)
            # In UTC at once: times of one zone compare by their clocks, which jump twice a year.
            at = (at if at.tzinfo else at.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            wanted = f"in the form {self.mapping.time_format}" if self.mapping.time_format else "ISO 8601"
            raise _BadRowError(f"the time “{text}” is not {wanted}") from error
        if at > self.now:
            raise _BadRowError(f"the time “{text}” lies in the future")
        return at


def _clean(text: str, what: str) -> str:
    text = text.strip()
    if len(text) > LONGEST:
        raise _BadRowError(f"the {what} is longer than {LONGEST} characters")
    if "\0" in text:
        raise _BadRowError(f"the {what} holds a NUL character, which no database keeps")
    return text
