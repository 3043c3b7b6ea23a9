"""Working time: clocks that run only while a team is at work, right across the changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from people.working_time import Calendar, Shift, add, add_days, between

BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE: tuple[Shift, ...] = ((time(9), time(17)),)
LUNCH: tuple[Shift, ...] = ((time(9), time(12)), (time(13), time(17)))
NIGHT: tuple[Shift, ...] = ((time(22), time(6)),)
ALL_DAY: tuple[Shift, ...] = ((time(0), time(0)),)
CLOSED: tuple[Shift, ...] = ()


def weekdays(shifts: tuple[Shift, ...], *holidays: date, zone: ZoneInfo = BERLIN) -> Calendar:
    """Return a calendar with the shifts from Monday to Friday."""
    return Calendar(zone, (shifts,) * 5 + (CLOSED,) * 2, frozenset(holidays))


def daily(shifts: tuple[Shift, ...], *holidays: date, zone: ZoneInfo = BERLIN) -> Calendar:
    """Return a calendar with the same shifts every day."""
    return Calendar(zone, (shifts,) * 7, frozenset(holidays))


def berlin(text: str) -> datetime:
    """Return a moment by Berlin's clock: "2027-03-01 09:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def hours(number: float) -> timedelta:
    """Return so many hours."""
    return timedelta(hours=number)


# 2027: 1 March is a Monday; clocks go forward in the night to 28 March, and back in that to 31 October.
CASES = [
    ("within the shift", weekdays(NINE_TO_FIVE), "2027-03-01 10:00", 2, "2027-03-01 12:00"),
    ("to the very end of it", weekdays(NINE_TO_FIVE), "2027-03-01 15:00", 2, "2027-03-01 17:00"),
    ("over night", weekdays(NINE_TO_FIVE), "2027-03-01 16:00", 2, "2027-03-02 10:00"),
    ("from before the opening", weekdays(NINE_TO_FIVE), "2027-03-01 06:00", 1, "2027-03-01 10:00"),
    ("from after the close", weekdays(NINE_TO_FIVE), "2027-03-01 20:00", 1, "2027-03-02 10:00"),
    ("over the weekend", weekdays(NINE_TO_FIVE), "2027-03-05 16:00", 2, "2027-03-08 10:00"),
    ("from the weekend", weekdays(NINE_TO_FIVE), "2027-03-06 12:00", 8, "2027-03-08 17:00"),
    ("several days", weekdays(NINE_TO_FIVE), "2027-03-01 09:00", 20, "2027-03-03 13:00"),
    ("over lunch", weekdays(LUNCH), "2027-03-01 11:00", 2, "2027-03-01 14:00"),
    ("from within lunch", weekdays(LUNCH), "2027-03-01 12:30", 1, "2027-03-01 14:00"),
    ("over a holiday", weekdays(NINE_TO_FIVE, date(2027, 3, 2)), "2027-03-01 16:00", 2, "2027-03-03 10:00"),
    ("no time at all, at work", weekdays(NINE_TO_FIVE), "2027-03-01 10:00", 0, "2027-03-01 10:00"),
    ("no time at all, closed", weekdays(NINE_TO_FIVE), "2027-03-01 20:00", 0, "2027-03-02 09:00"),
    ("within a night shift", daily(NIGHT), "2027-03-01 23:00", 3, "2027-03-02 02:00"),
    ("from the second half of it", daily(NIGHT), "2027-03-01 05:00", 2, "2027-03-01 23:00"),
    ("the night before a holiday works on into it", daily(NIGHT, date(2027, 3, 2)), "2027-03-02 01:00", 6,
     "2027-03-03 23:00"),
    ("Friday's night shift ends on Saturday", weekdays(NIGHT), "2027-03-05 23:00", 7, "2027-03-06 06:00"),
    ("around the clock", daily(ALL_DAY), "2027-03-01 09:00", 30, "2027-03-02 15:00"),
    ("around the clock but for a holiday", daily(ALL_DAY, date(2027, 3, 2)), "2027-03-01 23:00", 2,
     "2027-03-03 01:00"),
    ("clocks go forward: by day nothing changes", daily(NINE_TO_FIVE), "2027-03-27 16:00", 2, "2027-03-28 10:00"),
    ("clocks go forward: the night is an hour shorter", daily(NIGHT), "2027-03-27 23:00", 6, "2027-03-28 06:00"),
    ("clocks go back: by day nothing changes", daily(NINE_TO_FIVE), "2027-10-30 16:00", 2, "2027-10-31 10:00"),
    ("clocks go back: the night is an hour longer", daily(NIGHT), "2027-10-30 23:00", 8, "2027-10-31 06:00"),
    ("clocks go forward: around the clock", daily(ALL_DAY), "2027-03-28 00:00", 23, "2027-03-29 00:00"),
    ("clocks go back: around the clock", daily(ALL_DAY), "2027-10-31 00:00", 25, "2027-11-01 00:00"),
    ("a shift that begins in the hour that is left out", daily(((time(2, 30), time(6)),)), "2027-03-28 00:00", 1,
     "2027-03-28 04:30"),
    ("a shift that begins in the hour that comes twice", daily(((time(2, 30), time(6)),)), "2027-10-31 00:00", 4.5,
     "2027-10-31 06:00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("calendar", "start", "duration", "end"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_clock_runs_only_at_work(calendar: Calendar, start: str, duration: float, end: str) -> None:
    assert add(calendar, berlin(start), hours(duration)) == berlin(end)
    assert between(calendar, berlin(start), berlin(end)) == hours(duration)


def test_what_comes_out_is_in_utc() -> None:
    assert add(weekdays(NINE_TO_FIVE), berlin("2027-03-01 10:00"), hours(1)).tzinfo is UTC


def test_nothing_lies_between_a_moment_and_an_earlier_one() -> None:
    assert between(daily(ALL_DAY), berlin("2027-03-02 10:00"), berlin("2027-03-01 10:00")) == timedelta(0)


def test_out_of_hours_no_time_passes() -> None:
    assert between(weekdays(NINE_TO_FIVE), berlin("2027-03-05 17:00"), berlin("2027-03-08 09:00")) == timedelta(0)


def test_overlapping_shifts_are_not_counted_twice() -> None:
    calendar = daily(((time(9), time(13)), (time(12), time(17)), (time(10), time(11))))
    assert between(calendar, berlin("2027-03-01 00:00"), berlin("2027-03-02 00:00")) == hours(8)


def test_a_night_shift_and_the_day_shift_that_it_runs_into() -> None:
    calendar = daily(((time(5), time(8)), (time(22), time(6))))
    assert between(calendar, berlin("2027-03-01 20:00"), berlin("2027-03-02 20:00")) == hours(10)


@pytest.mark.parametrize(
    "calendar", [daily(CLOSED), daily(NINE_TO_FIVE, *(date(2027, 3, 1) + timedelta(days=n) for n in range(500)))]
)
def test_a_team_that_never_works_runs_no_clock(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="no working time left"):
        add(calendar, berlin("2027-03-01 10:00"), hours(1))


def test_a_clock_of_ten_thousand_hours_is_too_long() -> None:
    with pytest.raises(ValueError, match="no working time left"):
        add(weekdays(NINE_TO_FIVE), berlin("2027-03-01 10:00"), hours(10_000))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2027-03-01 10:00", 1, "2027-03-02 17:00"),
        ("2027-03-01 20:00", 1, "2027-03-02 17:00"),
        ("2027-03-05 12:00", 1, "2027-03-08 17:00"),
        ("2027-03-06 12:00", 1, "2027-03-08 17:00"),
        ("2027-03-05 12:00", 3, "2027-03-11 17:00"),  # 9 March is a holiday
        ("2027-03-26 12:00", 1, "2027-03-29 17:00"),
    ],
)
def test_working_days_end_with_the_close_of_business(start: str, days: int, end: str) -> None:
    assert add_days(weekdays(LUNCH, date(2027, 3, 9)), berlin(start), days) == berlin(end)


def test_a_team_that_never_works_has_no_next_day() -> None:
    with pytest.raises(ValueError, match="no working day left"):
        add_days(daily(CLOSED), berlin("2027-03-01 10:00"), 1)


times = st.times().map(lambda one: one.replace(minute=one.minute // 15 * 15, second=0, microsecond=0))
shifts = st.lists(st.tuples(times, times), max_size=3).map(tuple)
weeks = st.tuples(*[shifts] * 7).filter(any)
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
days_off = st.frozensets(st.dates(date(2027, 1, 1), date(2027, 12, 31)), max_size=10)
calendars = st.builds(Calendar, zones.map(ZoneInfo), weeks, days_off)
moments = st.datetimes(
    datetime.fromisoformat("2027-01-01"), datetime.fromisoformat("2027-12-31"), timezones=zones.map(ZoneInfo)
)
durations = st.timedeltas(timedelta(0), timedelta(hours=20))
quickly = settings(max_examples=60, deadline=None)


@quickly
@given(calendars, moments, durations)
def test_between_undoes_add(calendar: Calendar, start: datetime, duration: timedelta) -> None:
    assert between(calendar, start, add(calendar, start, duration)) == duration


@quickly
@given(calendars, moments, durations, durations)
def test_more_time_ends_later(calendar: Calendar, start: datetime, one: timedelta, more: timedelta) -> None:
    assert add(calendar, start, one) <= add(calendar, start, one + more)


@quickly
@given(calendars, moments, durations, durations)
def test_one_clock_after_another_is_one_clock(
    calendar: Calendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    assume(other > timedelta(0))  # nothing more, after closing time, is due then; nothing at all is due at once
    assert add(calendar, add(calendar, start, one), other) == add(calendar, start, one + other)


@quickly
@given(calendars, moments, durations)
def test_a_later_start_never_ends_earlier(calendar: Calendar, start: datetime, duration: timedelta) -> None:
    later = start.astimezone(UTC) + timedelta(minutes=37)
    assert add(calendar, start, duration) <= add(calendar, later, duration)


@quickly
@given(calendars, moments, durations)
def test_what_falls_due_falls_due_at_work(calendar: Calendar, start: datetime, duration: timedelta) -> None:
    due = add(calendar, start, duration)
    assert any(opens <= due <= closes for opens, closes in islice(calendar.shifts(due - timedelta(seconds=1)), 3))


@quickly
@given(calendars, moments)
def test_shifts_come_in_order_and_never_overlap(calendar: Calendar, start: datetime) -> None:
    found = list(islice(calendar.shifts(start), 12))
    assert all(opens < closes for opens, closes in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))


@quickly
@given(calendars, moments, durations, durations)
def test_the_parts_add_up_to_the_whole(calendar: Calendar, start: datetime, one: timedelta, other: timedelta) -> None:
    middle = start.astimezone(UTC) + one
    end = middle + other
    assert between(calendar, start, middle) + between(calendar, middle, end) == between(calendar, start, end)
