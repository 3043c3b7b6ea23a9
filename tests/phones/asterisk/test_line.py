"""Signing in to Asterisk's manager, and noticing that it is gone."""

import asyncio
import socket
from collections.abc import Iterator

import pytest

from phones.asterisk import line
from phones.asterisk.line import LostError, Place, RefusedError, signed_in
from tests.ownership_tracker.product import free_port
from tests.phones.asterisk.ami import SECRET, USER, Manager, managing
from tests.phones.asterisk.exchange import Exchange, Raw


@pytest.fixture
def manager() -> Iterator[Manager]:
    """A running manager."""
    with managing() as running:
        yield running


async def hear(place: Place, seconds: float) -> list[Raw]:
    """Return what is heard in so many seconds."""
    heard: list[Raw] = []
    async with signed_in(place, hear=heard.append, find=heard.extend) as signed:
        assert await signed.ask_for_channels()
        try:
            async with asyncio.timeout(seconds):
                await signed.stay()
        except TimeoutError:
            return heard


def at(port: int, secret: str = SECRET) -> Place:
    return Place("127.0.0.1", port, USER, secret)


def test_channels_and_events_come_as_they_were_said(manager: Manager) -> None:
    exchange = Exchange()
    callers = [exchange.caller("Zoë €" * 20) for _ in range(500)]  # more than a packet
    manager.channels = [caller.fields() for caller in callers]
    manager.after_list = exchange.events
    heard = asyncio.run(hear(at(manager.port), 1))
    assert [raw["Event"] for raw in heard] == ["FullyBooted", *["CoreShowChannel"] * 500, *["Newchannel"] * 500]
    assert [raw["Uniqueid"] for raw in heard[1:]] == [caller.id for caller in callers] * 2
    assert {raw["CallerIDNum"] for raw in heard[1:]} == {"Zoë €" * 20}


def test_a_line_on_which_nobody_answers_any_more_is_lost(manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "PING_EVERY", 0.1)
    monkeypatch.setattr(line, "PATIENCE", 0.3)
    asyncio.run(hear(at(manager.port), 1))
    manager.answers_pings = False
    with pytest.raises(LostError, match="no answer"):
        asyncio.run(hear(at(manager.port), 5))


def test_the_wrong_secret_is_refused(manager: Manager) -> None:
    with pytest.raises(RefusedError, match="Authentication failed"):
        asyncio.run(hear(at(manager.port, "wrong"), 1))


def test_nobody_is_there() -> None:
    with pytest.raises(LostError, match="Connect call failed"):
        asyncio.run(hear(at(free_port()), 1))


def test_somebody_else_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(LostError, match="no answer"):
        asyncio.run(hear(at(silent.getsockname()[1]), 1))


def test_the_secret_is_not_shown() -> None:
    assert SECRET not in repr(at(5038))
