"""An hour of calls, and the order in which news of them arrives: some twice, some late, some before their turn."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from phones.simulator.stories import STORIES
from phones.simulator.tape import Tape

HOUR = timedelta(hours=1)
# No story takes longer: a call that begins so long before the end of the hour has ended by then.
LONGEST = timedelta(minutes=15)
# One event in so many is late, or comes once more; all are under way for a moment.
LATE, TWICE = 25, 20
UNDER_WAY = timedelta(seconds=1.5)
AS_LATE_AS = timedelta(minutes=20)


def play(calls: int, *, name: str, ends_at: datetime, agents: Sequence[str], dice: random.Random) -> list[Tape]:
    """Play so many calls within the hour before `ends_at`. name: what the ids of calls begin with.

    The first of them are one of each story; which ones follow is thrown with the dice.
    """
    stories = list(STORIES)
    stories += dice.choices(stories, weights=list(STORIES.values()), k=max(0, calls - len(stories)))
    tapes = []
    for number, story in enumerate(stories[:calls], 1):
        began_at = ends_at - HOUR + dice.random() * (HOUR - LONGEST)
        began_at = began_at.replace(microsecond=began_at.microsecond // 1000 * 1000)  # as it will be reported
        tape = Tape(f"{name}-{number}", story=story.__name__, began_at=began_at, agents=agents, dice=dice)
        story(tape)
        tapes.append(tape)
    return tapes


def arrivals(tapes: Iterable[Tape], dice: random.Random) -> list[dict[str, Any]]:
    """Return all events in the order in which they arrive, those that come twice included."""
    arriving: list[tuple[timedelta, int, dict[str, Any]]] = []
    tapes = list(tapes)
    start = min(tape.outcome["began_at"] for tape in tapes)
    for tape in tapes:
        for event in tape.events:
            at = datetime.fromisoformat(event["occurred_at"]) - start + dice.random() * UNDER_WAY
            if not dice.randrange(LATE):
                at += dice.random() * AS_LATE_AS
            arriving.append((at, len(arriving), event))
            if not dice.randrange(TWICE):
                arriving.append((at + dice.random() * AS_LATE_AS, len(arriving), event))
    return [event for _, _, event in sorted(arriving, key=lambda each: each[:2])]


def out_of_order(arrived: Iterable[dict[str, Any]]) -> int:
    """Return how many events have arrived after something that happened later in the same call."""
    latest: dict[str, str] = {}
    late = 0
    for event in arrived:
        before = latest.get(event["call_id"], "")
        late += event["occurred_at"] < before
        latest[event["call_id"]] = max(before, event["occurred_at"])
    return late
