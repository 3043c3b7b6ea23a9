"""Working time: when a team is at work, and clocks that run only then.

Pure: no ORM, no clock of its own, no settings. Every instant that comes in or goes out is aware, and
durations are real elapsed time. Opening hours are local wall-clock times, so a night shift is an hour
shorter in the night in which the clocks go forward and an hour longer in that in which they go back.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# How far ahead a calendar is searched for an open hour before it is called closed for good.
HORIZON = timedelta(days=400)

Shift = tuple[time, time]


@dataclass(frozen=True)
class Calendar:
    """The opening hours of a team.

    zone: where the wall clock hangs. week: for Monday to Sunday the shifts of the day as (from, to) in
    local time; a shift whose end is not after its start runs into the next day, so (00:00, 00:00) is
    the whole day. holidays: local dates on which no shift begins.
    """

    zone: ZoneInfo
    week: tuple[tuple[Shift, ...], ...]
    holidays: Container[date] = field(default=frozenset())

    def shifts(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the shifts that end after `start` as (opens, closes) in UTC, in order, never overlapping."""
        first = start.astimezone(self.zone).date() - timedelta(days=1)
        covered = datetime.min.replace(tzinfo=UTC)
        for offset in range(HORIZON.days):
            day = first + timedelta(days=offset)
            if day in self.holidays:
                continue
            for begin, end in sorted(self.week[day.weekday()]):
                # A shift that begins before the one of the night before has ended only adds what is left.
                opens = max(self._instant(day, begin), covered)
                closes = self._instant(day + timedelta(days=end <= begin), end)
                if closes <= opens:
                    continue
                covered = closes
                if closes > start:
                    yield opens, closes

    def _instant(self, day: date, wall: time) -> datetime:
        # A wall time that does not exist (clocks forward) is read with the offset from before the change,
        # one that exists twice as the first of the two: that is fold=0, and the round trip makes it so.
        return datetime.combine(day, wall, tzinfo=self.zone).astimezone(UTC)


def add(calendar: Calendar, start: datetime, duration: timedelta) -> datetime:
    """Return the instant at which `duration` of working time has passed since `start`, in UTC.

    A clock started outside the hours starts with the next shift. Raises ValueError when the calendar
    has not that much working time ahead within `HORIZON` of days.
    """
    start, left = start.astimezone(UTC), duration  # in any other zone, Python adds by the wall clock
    for opens, closes in calendar.shifts(start):
        begin = max(opens, start)
        if closes - begin >= left:
            return begin + left
        left -= max(closes - begin, timedelta(0))
    raise ValueError("the calendar has no working time left to run this clock in")


def between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return how much working time lies between two instants; zero when `end` is not after `start`."""
    start, end, total = start.astimezone(UTC), end.astimezone(UTC), timedelta(0)
    for opens, closes in calendar.shifts(start):
        if opens >= end:
            break
        total += max(min(closes, end) - max(opens, start), timedelta(0))
    return total


def add_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    """Return the end of the `days`-th working day after the local day of `start`, in UTC.

    One working day from Friday noon is the close of business on Monday. Raises ValueError as `add` does.
    """
    today = start.astimezone(calendar.zone).date()
    ends: dict[date, datetime] = {}
    for opens, closes in calendar.shifts(start):
        day = opens.astimezone(calendar.zone).date()
        if day <= today:
            continue
        if day not in ends and len(ends) == days:
            return list(ends.values())[-1]
        ends[day] = closes
    raise ValueError("the calendar has no working day left to run this clock in")
