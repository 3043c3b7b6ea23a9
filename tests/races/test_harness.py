"""The harness itself: a race that hides a failure would prove nothing."""

import time

import pytest

from people.errors import Busy
from tests.races.harness import commits, outcomes, race

pytestmark = commits


def refuse(number: int) -> None:
    raise Busy


def test_each_side_is_ahead_in_one_of_the_outer_rounds() -> None:
    first, _, last = race(range(3), lambda number: None, lambda number: None, head_start=0.1)

    assert first.first.began < first.second.began
    assert last.second.began < last.first.began


def test_a_refusal_is_an_outcome() -> None:
    assert outcomes(race(range(3), refuse, lambda number: None)) == {("Busy", "done"): 3}


def test_anything_else_ends_the_race_and_is_raised() -> None:
    began = time.monotonic()

    with pytest.raises(ZeroDivisionError):
        race(range(3), lambda number: 1 // number, lambda number: None)

    assert time.monotonic() - began < 5, "the other side was left waiting"
