"""Reporting an hour of calls to a server, at a chosen pace, and how fast the server took it in."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from phones.simulator.server import Server

Event = dict[str, Any]


@dataclass
class Sent:
    """How it went: by the size of requests, how many events went in them, and how many seconds they took.

    twice: how many came again. problems: answers that were not as they had to be. calls: the number of each
    call, by its id.
    """

    events: Counter[int] = field(default_factory=Counter)
    seconds: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    twice: int = 0
    problems: list[str] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)

    def a_second(self, size: int) -> float:
        """Return how many events a second the server took in, in requests of that size."""
        return self.events[size] / self.seconds[size] if self.events[size] else 0


def send(
    server: Server,
    arrived: Sequence[Event],
    *,
    token: str,
    sizes: Sequence[int],
    seconds: float = 0,
    tell: Callable[[int], None] | None = None,
) -> Sent:
    """Report events in their order, spread over so many seconds (0: as fast as the server takes them).

    sizes: how many go in one request; of several, each has its turn all the time, so that they are
    compared under the same load. tell: hears how many have been sent. Raises NoAnswerError.
    """
    sent, seen, done, started = Sent(), set[str](), 0, time.monotonic()
    for size, batch in _batches(arrived, sizes):
        done += len(batch)
        time.sleep(max(0.0, started + seconds * done / len(arrived) - time.monotonic()))
        begun = time.perf_counter()
        results = server.report(batch[0] if size == 1 else batch, token=token)
        sent.seconds[size] += time.perf_counter() - begun
        sent.events[size] += len(batch)
        for event, result in zip(batch, results, strict=True):
            again = event["id"] in seen
            seen.add(event["id"])
            sent.twice += again
            expected = "duplicate" if again else "accepted"
            if (result["id"], result["status"], result["suspect"]) != (event["id"], expected, False):
                sent.problems.append(f"{event['id']} should have been {expected}: {result}")
            elif sent.calls.setdefault(event["call_id"], result["call"]) != result["call"]:
                sent.problems.append(f"{event['id']} is said to be of another call than those before: {result}")
        if tell is not None:
            tell(done)
    return sent


def _batches(arrived: Sequence[Event], sizes: Sequence[int]) -> Iterator[tuple[int, Sequence[Event]]]:
    """Yield the events in requests: as many as the largest holds in one size, then as many in the next."""
    turn = max(sizes)
    for start, size in zip(range(0, len(arrived), turn), cycle(sizes), strict=False):
        block = arrived[start : start + turn]
        for place in range(0, len(block), size):
            yield size, block[place : place + size]
