"""Running two things at the same instant, again and again: real threads, real connections, real commits.

In every round both sides set off together, but for a head start which shifts from one side to the other
over the rounds. So each side is first in some rounds by nature, and in the middle they truly collide:
no test needs luck to see both outcomes.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pytest
from django.db import connection

from people.errors import Refusal

T = TypeVar("T")

ROUNDS = 24
PATIENCE = 30  # seconds for the other side to arrive
HEAD_START = 0.025  # seconds, in the first and the last round: longer than a verb takes

commits = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Outcome:
    """What one side got: a value, or a refusal; and when it ran."""

    value: Any
    refusal: Refusal | None
    began: float
    ended: float

    @property
    def won(self) -> bool:
        """Whether it was done."""
        return self.refusal is None

    @property
    def name(self) -> str:
        """The refusal's class, or "done"."""
        return type(self.refusal).__name__ if self.refusal else "done"


@dataclass(frozen=True)
class Round(Generic[T]):
    """One collision: about what, and what each side got."""

    about: T
    first: Outcome
    second: Outcome

    @property
    def overlapped(self) -> bool:
        """Whether each side began before the other had ended."""
        return self.first.began < self.second.ended and self.second.began < self.first.ended


def race(
    abouts: Sequence[T], first: Callable[[T], Any], second: Callable[[T], Any], *, head_start: float = HEAD_START
) -> list[Round[T]]:
    """Let both sides loose on each of `abouts` at once, and return what they got, round by round.

    A Refusal is an outcome; anything else that a side raises ends the race and is raised here.
    """
    gate = threading.Barrier(2, timeout=PATIENCE)
    last = max(len(abouts) - 1, 1)

    def side(act: Callable[[T], Any], sign: int) -> list[Outcome]:
        outcomes = []
        try:
            connection.ensure_connection()
            for number, about in enumerate(abouts):
                # Cubed, so that most rounds lie near the middle, where even the fastest verbs collide.
                handicap = sign * head_start * (2 * number / last - 1) ** 3
                gate.wait()
                time.sleep(max(handicap, 0))
                outcomes.append(_attempt(act, about))
        except BaseException:
            gate.abort()  # the other side need not wait for us any more
            raise
        finally:
            connection.close()
        return outcomes

    with ThreadPoolExecutor(max_workers=2) as pool:
        sides = [pool.submit(side, first, 1), pool.submit(side, second, -1)]
    # Whose barrier was broken has only been told so by the side that failed: that one's error comes first.
    failures = [error for error in (one.exception() for one in sides) if error is not None]
    for error in sorted(failures, key=lambda error: isinstance(error, threading.BrokenBarrierError)):
        raise error
    return [Round(*row) for row in zip(abouts, *(one.result() for one in sides), strict=True)]


def _attempt(act: Callable[[T], Any], about: T) -> Outcome:
    began = time.perf_counter()
    try:
        value, refusal = act(about), None
    except Refusal as refused:
        value, refusal = None, refused
    return Outcome(value, refusal, began, time.perf_counter())


def outcomes(rounds: Sequence[Round[Any]]) -> Counter[tuple[str, str]]:
    """Count what the sides got: ("done", "HandoffHasEnded") and so on."""
    return Counter((one.first.name, one.second.name) for one in rounds)


def assert_collided(rounds: Sequence[Round[Any]]) -> None:
    """Both sides really were at it together, not just one after the other, in enough of the rounds."""
    together = sum(one.overlapped for one in rounds)
    assert together >= len(rounds) / 4, f"only {together} of {len(rounds)} rounds overlapped"


def assert_one_wins(rounds: Sequence[Round[Any]], *, first_loses: set[str], second_loses: set[str]) -> None:
    """In every round exactly one side wins and the other gets one of those refusals; each side wins some."""
    assert_collided(rounds)
    seen = outcomes(rounds)
    assert set(seen) <= {("done", name) for name in second_loses} | {(name, "done") for name in first_loses}
    assert sum(one.first.won for one in rounds) not in (0, len(rounds)), seen


def assert_no_circle(rounds: Sequence[Round[Any]]) -> None:
    """The sides did not wait for each other in a circle, which PostgreSQL notices only after a second."""
    long = sum(side.ended - side.began >= 1 for one in rounds for side in (one.first, one.second))
    assert long < len(rounds) / 4, f"{long} waited for a deadlock to be noticed"
