"""What a process keeps for its streams, and for how long."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from web.live import stream as live
from web.live.stream import Event, Hub, Reader

ALICE = Reader(1, frozenset({10}), frozenset({1, 3}))
AUDITOR = Reader(2, None, frozenset({2}))


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, 10))


def ticket(number: int = 1, **whose: set[int]) -> Event:
    kept = {name: frozenset(ids) for name, ids in ({"people": set()} | whose).items()}
    return Event("ticket", {"ticket": number, "version": 2}, **kept)


@pytest.mark.parametrize(
    ("whose", "alice", "auditor"),
    [
        ({"teams": {10}, "owners": {5}}, True, True),
        ({"teams": {11}, "owners": {1}}, True, True),
        ({"teams": {11}, "owners": {3}}, True, True),  # whom she covers
        ({"teams": {11}, "owners": {5}}, False, True),
        ({"teams": {11}, "owners": {5}, "people": {1}}, True, True),  # it is on her screen
        ({"people": {2}}, False, True),  # a notice
        ({"people": {1}}, True, False),
    ],
)
def test_who_is_told(whose: dict[str, set[int]], alice: bool, auditor: bool) -> None:
    assert (ticket(**whose).is_for(ALICE), ticket(**whose).is_for(AUDITOR)) == (alice, auditor)


def test_who_does_not_read_is_cut_off_and_nobody_else() -> None:
    async def flood() -> tuple[list[str], list[str]]:
        hub = Hub()
        idle, busy = hub.stream(ALICE), hub.stream(ALICE)
        await anext(idle), await anext(busy)
        read = []
        for number in range(live.MOST_WAITING + 5):
            hub.tell([ticket(number, teams={10})])
            read.append(await anext(busy))
        assert len(hub.streams) == 1
        return [text async for text in idle], read

    left, read = run(flood())
    assert left == []
    assert len(read) == live.MOST_WAITING + 5


def test_a_stream_beats_and_ends_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LIFE", 0.3)
    monkeypatch.setattr(live, "BEAT", 0.1)

    async def listen(since: int | None) -> list[str]:
        hub = Hub()
        hub.since = since
        texts = [text async for text in hub.stream(ALICE)]
        assert not hub.streams
        return [text.partition("\ndata:")[0] for text in texts]

    first, *beats = run(listen(1))
    assert (first, set(beats)) == ("retry: 1000\n\nevent: hello", {"event: beat"})
    # Nothing is heard from Valkey, and no beat says otherwise.
    first, *beats = run(listen(None))
    assert (first, set(beats)) == ("retry: 1000\n\nevent: away", {"event: away"})


def test_what_was_told_is_known_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000]
    monkeypatch.setattr(live, "_now", lambda: now[0])
    hub = Hub()
    hub.since = 5
    hub.tell([ticket(1, teams={11})])
    assert '"last": 5,' in hub.greeting(ALICE)
    assert '"last": 1000000,' in hub.greeting(AUDITOR)

    now[0] += 61_000
    hub.tell([ticket(2, teams={11})])

    # Whoever heard nothing for longer than that has to ask: nobody knows any more what it was.
    assert '"last": 1000000,' in hub.greeting(ALICE)
    assert '"last": 1061000,' in hub.greeting(AUDITOR)


def test_what_was_told_is_not_kept_without_end() -> None:
    hub = Hub()
    hub.since = 5
    for _ in range(3):
        hub.tell([ticket(number, teams={11}) for number in range(live.MOST_KEPT)])

    assert len(hub.told) <= 2 * live.MOST_KEPT
    assert hub.since > 5
