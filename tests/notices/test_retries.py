"""When a message is tried again, and when it is given up."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from notices.retries import FEWEST_ATTEMPTS, PAUSES, TRIED_FOR, next_attempt
from tests.cast import utc

QUEUED = utc(2026, 5, 4, 9)


def tries(chance: float) -> list[timedelta]:
    """Return how long after queueing each try happens, when all fail at once and the clock is kept."""
    now, made = QUEUED, []
    while True:
        made.append(now - QUEUED)
        again = next_attempt(attempts=len(made), queued_at=QUEUED, now=now, chance=chance)
        if again is None:
            return made
        now = again


def test_the_first_pauses_are_short_and_they_grow() -> None:
    made = tries(0)
    assert [after - before for before, after in pairwise(made)][: len(PAUSES)] == list(PAUSES)


def test_it_is_tried_for_a_day_and_not_longer() -> None:
    assert tries(0)[-1] == TRIED_FOR
    assert tries(1)[-1] == TRIED_FOR


def test_chance_keeps_apart_what_failed_together() -> None:
    first, second = (next_attempt(attempts=3, queued_at=QUEUED, now=QUEUED, chance=chance) for chance in (0, 1))
    assert first is not None
    assert second is not None
    assert second - first == PAUSES[2] / 5


def test_after_a_day_without_a_worker_one_failure_is_not_the_end() -> None:
    late = QUEUED + timedelta(days=2)
    answers = [next_attempt(attempts=n, queued_at=QUEUED, now=late, chance=0) for n in (1, FEWEST_ATTEMPTS)]
    assert answers == [late + PAUSES[0], None]


@given(st.floats(0, 1))
def test_a_dead_receiver_is_asked_a_dozen_times_a_day(chance: float) -> None:
    assert 10 <= len(tries(chance)) <= 15
