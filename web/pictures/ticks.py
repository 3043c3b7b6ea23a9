"""What is written on a time axis: days above, hours below, in the reader's time zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from django.utils.formats import date_format

from web.pictures import lettering
from web.pictures.axis import Axis

SIZE = 11.0
APART = 10.0
# Words may reach so far beyond the end of the axis.
MARGIN = 14.0
MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)
DAYS = (1, 2, 7, 14, 31, 92, 366)
ROOM_FOR_TIME = 58.0
ROOM_FOR_DAY = 92.0


@dataclass(frozen=True)
class Tick:
    """A line through the picture, and the words on it: day and time, either may be empty."""

    x: float
    day: str
    time: str


def ticks(axis: Axis, *, zone: tzinfo) -> list[Tick]:
    """Return the ticks, left to right; their words do not touch."""
    drawn: list[Tick] = []
    free_day = free_time = float("-inf")
    seen = ""
    right = axis.places[-1]
    for number, (begin, end) in enumerate(axis.stretches()):
        for place, at in enumerate(_moments(axis, begin, end, zone)):
            x = axis.x(at) if place or not number else axis.cuts[number - 1].x + axis.cuts[number - 1].width
            by_days = at.timetz().replace(tzinfo=None) == time() and not _by_minutes(axis, begin, end)
            day = date_format(at, "D j M" if axis.moments[-1] - axis.moments[0] < timedelta(days=200) else "j M Y")
            hour = "" if by_days else f"{at:%H:%M}"
            if not drawn:
                day = date_format(at, "D j M Y")
            day_width, time_width = lettering.width(day, SIZE), lettering.width(hour, SIZE)
            if x < free_time or x + time_width > right + MARGIN or (by_days and x < free_day):
                continue
            write_day = date_format(at, "Y-m-d") != seen and x >= free_day and x + day_width <= right + MARGIN
            if write_day:
                seen, free_day = date_format(at, "Y-m-d"), x + day_width + APART
            if hour:
                free_time = x + time_width + APART
            drawn.append(Tick(round(x, 1), day if write_day else "", hour))
    return drawn


def _by_minutes(axis: Axis, begin: datetime, end: datetime) -> int:
    """Return the minutes between two ticks of a stretch; 0 when days are long enough for it."""
    scale = (axis.x(end) - axis.x(begin)) / (end - begin).total_seconds()
    return next((minutes for minutes in MINUTES if minutes * 60 * scale >= ROOM_FOR_TIME), 0)


def _moments(axis: Axis, begin: datetime, end: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Yield the moments of a stretch that are worth a tick: its beginning, then round ones."""
    local = begin.astimezone(zone)
    yield local
    if minutes := _by_minutes(axis, begin, end):
        midnight = datetime.combine(local.date(), time(), zone)
        step = timedelta(minutes=minutes)
        at = midnight + ((local - midnight) // step + 1) * step
        while at <= end:
            yield at
            # Through UTC: an hour more is an hour more when the clocks change.
            at = (at.astimezone(begin.tzinfo) + step).astimezone(zone)
        return
    scale = (axis.x(end) - axis.x(begin)) / (end - begin).total_seconds()
    days = next((days for days in DAYS if days * 86_400 * scale >= ROOM_FOR_DAY), DAYS[-1])
    day = local.date() + timedelta(days=1)
    if days in (7, 14):
        day += timedelta(days=-day.weekday() % 7)
    elif days > 14:
        day = (day + timedelta(days=31)).replace(day=1) if day.day > 1 else day
    while (at := datetime.combine(day, time(), zone)) <= end:
        yield at
        if days <= 14:
            day += timedelta(days=days)
        else:
            month = day.year * 12 + day.month - 1 + days // 30
            day = day.replace(year=month // 12, month=month % 12 + 1, day=1)
