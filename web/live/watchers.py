"""Who has which ticket on their screen, so that two people on one ticket see each other.

Kept in Valkey, for a little longer than a page takes to say it again. Nothing is known while that is away.
"""

import time
from collections.abc import Collection, Mapping
from typing import Any

from redis import Redis

from people import memory

# Seconds; pages say it every 20.
LASTS = 45
STATES = ("reading", "writing", "gone")


def note(ticket: int, person: int, tab: str, *, state: str) -> tuple[dict[int, str], bool]:
    """Note that somebody is "reading" a ticket, "writing" on it, or "gone", in one tab of their browser.

    Returns who is there, by their ids, with what they do, and whether this was news.
    """
    now = time.time()
    key, field = f"here:{ticket}", f"{person} {tab}"

    def noted(valkey: Redis) -> tuple[dict[int, str], bool]:
        with valkey.pipeline(transaction=False) as steps:
            steps.hgetall(key)
            if state == "gone":
                steps.hdel(key, field)
            else:
                steps.hset(key, field, f"{state} {now + LASTS}")
            steps.hgetall(key)
            steps.expire(key, LASTS)
            before, _, after, _ = steps.execute()
        there = _there(after, now)
        return there, there != _there(before, now)

    return memory.ask(noted) or ({}, False)


def _there(kept: Mapping[bytes, bytes], now: float) -> dict[int, str]:
    there: dict[int, str] = {}
    for field, words in kept.items():
        person, (state, until) = int(field.split()[0]), words.decode().split()
        if float(until) > now and there.get(person) != "writing":
            there[person] = state
    return there


async def watching(valkey: Any, tickets: Collection[int]) -> dict[int, frozenset[int]]:
    """Return who has each of the tickets on their screen; `valkey` is a connection that can be awaited."""
    if not tickets:
        return {}
    async with valkey.pipeline(transaction=False) as steps:
        for ticket in tickets:
            steps.hgetall(f"here:{ticket}")
        kept = await steps.execute()
    now = time.time()
    return {ticket: frozenset(_there(each, now)) for ticket, each in zip(tickets, kept, strict=True)}
