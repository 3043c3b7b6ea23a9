"""What only time reveals: each rule's steps, on a clock and a calendar given as literals."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from people.working_time import Calendar
from tickets import limits
from tickets.kinds import FlagKind, Level
from tickets.limits import Known, Owed, Waiting
from tickets.thresholds import Thresholds

# Monday to Friday, nine to five, in UTC; the first of March 2027 is a Monday.
OFFICE = Calendar(ZoneInfo("UTC"), (((time(9), time(17)),),) * 5 + ((), ()))
MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return a moment of March 2027."""
    return datetime(2027, 3, day, hour, minute, second, tzinfo=UTC)


def steps_of(kind: FlagKind, known: Known) -> list[tuple[datetime, Level | None]]:
    """Return when a rule reminds (None) and raises, as (moment, level)."""
    return [(step.at, step.level) for step in limits.steps(known, OFFICE, Thresholds()) if step.kind == kind]


def opened(**more: object) -> Known:
    """Return a ticket opened on Monday at nine, about which nothing else is known."""
    return Known(opened_at=MONDAY, heard_at=MONDAY, **more)  # type: ignore[arg-type]


def test_unacknowledged_at_half_of_the_limit_and_at_the_limit() -> None:
    assert steps_of(FlagKind.UNACKNOWLEDGED, opened(acknowledge_by=at(1, 13))) == [
        (at(1, 11), Level.AMBER),
        (at(1, 13), Level.RED),
    ]


def test_half_of_the_limit_is_half_of_the_working_time() -> None:
    known = Known(opened_at=at(1, 16), heard_at=at(1, 16), acknowledge_by=at(2, 12))
    assert steps_of(FlagKind.UNACKNOWLEDGED, known)[0] == (at(2, 10), Level.AMBER)


def test_acknowledged_nothing_is_due() -> None:
    assert steps_of(FlagKind.UNACKNOWLEDGED, opened()) == []


def test_a_customer_on_the_line_waits_a_minute_two_four() -> None:
    hold = Waiting(1, "call", at(1, 10), at(1, 10, 1))
    assert steps_of(FlagKind.HOLD_OVERDUE, opened(holds=[hold])) == [
        (at(1, 10, 1), None),
        (at(1, 10, 2), Level.AMBER),
        (at(1, 10, 4), Level.RED),
    ]


def test_a_ticket_on_hold_past_its_return_and_a_working_day_more() -> None:
    hold = Waiting(1, "ticket", at(1, 10), at(5, 12))  # returns on Friday
    assert steps_of(FlagKind.HOLD_OVERDUE, opened(holds=[hold])) == [(at(5, 12), Level.AMBER), (at(8, 17), Level.RED)]


def test_a_promise_is_reminded_of_due_and_broken() -> None:
    assert steps_of(FlagKind.PROMISE_BROKEN, opened(promises=[Owed(1, at(1, 15))])) == [
        (at(1, 14, 45), None),
        (at(1, 15), Level.AMBER),
        (at(1, 15, 15), Level.RED),
    ]


def test_a_new_owner_whom_the_customer_has_not_met() -> None:
    assert steps_of(FlagKind.COLD_TRANSFER, opened(moved_at=at(1, 15))) == [(at(2, 11), Level.RED)]


def test_silence_after_three_and_five_working_days() -> None:
    assert steps_of(FlagKind.SILENT, opened()) == [(at(4, 17), Level.AMBER), (at(8, 17), Level.RED)]


def test_no_silence_before_a_promised_contact_falls_due() -> None:
    known = opened(promises=[Owed(1, at(12, 9))])
    assert steps_of(FlagKind.SILENT, known) == [(at(12, 9), Level.AMBER), (at(12, 9), Level.RED)]


def test_whoever_is_on_hold_for_days_is_owed_a_word_whatever_is_promised_for_later() -> None:
    hold = Waiting(1, "ticket", at(1, 10), at(26, 12))
    known = opened(holds=[hold], promises=[Owed(1, at(12, 9))])
    assert (at(8, 17), Level.RED) in steps_of(FlagKind.SILENT, known)


def test_of_what_has_passed_the_highest_level_counts_and_reminders_do_not() -> None:
    ahead = limits.steps(opened(promises=[Owed(1, at(1, 15))]), OFFICE, Thresholds())
    assert [finding.level for finding in limits.passed(ahead, at=at(1, 14, 50))] == []
    assert [finding.level for finding in limits.passed(ahead, at=at(1, 15, 10))] == [Level.AMBER]
    assert [finding.level for finding in limits.passed(ahead, at=at(1, 16))] == [Level.RED]


def test_the_next_step_comes_after_not_at() -> None:
    ahead = limits.steps(opened(promises=[Owed(1, at(1, 15))]), OFFICE, Thresholds())
    assert limits.next_after(ahead, at=MONDAY) == at(1, 14, 45)
    assert limits.next_after(ahead, at=at(1, 14, 45)) == at(1, 15)
    assert limits.next_after(ahead, at=at(31, 0)) is None


@pytest.mark.parametrize(
    ("kind", "level", "clears"),
    [
        ("silent", "red", True),
        ("unacknowledged", "red", True),
        ("hold_overdue", "red", True),
        ("cold_transfer", "red", True),
        ("promise_broken", "amber", True),
        ("promise_broken", "red", False),
        ("bounced", "amber", False),
        ("repeat_contact", "amber", False),
    ],
)
def test_what_clears_by_itself(kind: str, level: str, clears: bool) -> None:
    assert limits.clears(kind, level) is clears


def test_limits_can_be_others() -> None:
    hold = Waiting(1, "call", at(1, 10), at(1, 10, 1))
    patient = Thresholds(call_hold_amber_seconds=300)
    ahead = limits.steps(opened(holds=[hold]), OFFICE, patient)
    assert (at(1, 10, 5), Level.AMBER) in [(step.at, step.level) for step in ahead]
