"""The line to Asterisk: signing in to its manager interface, hearing its events, noticing that it is gone."""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from panoramisk.ami_protocol import AMIProtocol  # type: ignore[import-untyped]

PATIENCE = 10  # seconds for an answer
# Asterisk speaks UTF-8, but panoramisk decodes packets, which end where they like: it gets bytes, one a character.
BYTES = "latin-1"
PING_EVERY = 15  # seconds: a line that is cut in the middle says nothing
# panoramisk logs whole messages, which name callers, and in one case what it sent, which holds the secret.
_SILENT = logging.getLogger("phones.asterisk.panoramisk")
_SILENT.setLevel(logging.CRITICAL + 1)

Raw = Mapping[str, str]


class LostError(Exception):
    """There is no Asterisk, or none any more; the message says what was seen of that."""


class RefusedError(Exception):
    """Asterisk does not let us in; the message is what it says."""


@dataclass(frozen=True)
class Place:
    """Where Asterisk's manager interface is, and as whom to sign in."""

    host: str
    port: int
    user: str
    secret: str = field(repr=False)
    tls: bool = False

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class _Ear:
    """What panoramisk tells what it hears, and that the line is lost."""

    # It must not keep what it could not send, to send it again.
    forgetable_actions = ("login", "logoff", "ping", "coreshowchannels")

    def __init__(self, hear: Callable[[Raw], None], find: Callable[[list[Raw]], None]) -> None:
        self.hear, self.find = hear, find
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.awaiting_actions: list[Any] = []
        self._listed: list[Raw] = []

    def dispatch(self, message: Any) -> None:
        # The list of channels has its place among the events: what comes after it is not in it.
        raw = _plain(message)
        match raw.get("Event"):
            case "CoreShowChannel":
                self._listed.append(raw)
            case "CoreShowChannelsComplete":
                listed, self._listed = self._listed, []
                self.find(listed)
            case _:
                self.hear(raw)

    def connection_lost(self, why: Any) -> None:
        if not self.lost.done():
            self.lost.set_result(f"{why}" if isinstance(why, Exception) else "Asterisk hung up")


class _Protocol(AMIProtocol):  # type: ignore[misc]
    """panoramisk's side of the conversation."""

    def __init__(self, ear: _Ear) -> None:
        self.ear = ear

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.factory, self.log = self.ear, _SILENT
        self.encoding = BYTES


class Line:
    """A connection to Asterisk, signed in."""

    def __init__(self, protocol: Any, ear: _Ear) -> None:
        self._protocol, self._ear = protocol, ear

    async def ask(self, action: str, **details: str) -> Raw:
        """Return what answers an action. Raises LostError when nothing does."""
        said = {name: value.encode().decode(BYTES) for name, value in details.items()}
        answer = self._protocol.send({"Action": action, **said})
        await asyncio.wait({answer, self._ear.lost}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return _plain(answer.result())
        raise LostError(self._ear.lost.result() if self._ear.lost.done() else f"no answer in {PATIENCE} seconds")

    async def ask_for_channels(self) -> bool:
        """Ask which channels there are; False when the manager user may not (it has no write = reporting)."""
        return (await self.ask("CoreShowChannels")).get("Response") == "Success"

    async def stay(self) -> None:
        """Stay until the line is lost, and raise LostError then."""
        while not self._ear.lost.done():
            await asyncio.wait({self._ear.lost}, timeout=PING_EVERY)
            await self.ask("Ping")
        raise LostError(self._ear.lost.result())


@contextlib.asynccontextmanager
async def signed_in(
    place: Place, *, hear: Callable[[Raw], None], find: Callable[[list[Raw]], None]
) -> AsyncIterator[Line]:
    """Sign in, and call `hear` with each event until the block ends, and `find` with all channels when asked for.

    Raises LostError, RefusedError.
    """
    ear = _Ear(hear, find)
    tls = ssl.create_default_context() if place.tls else None
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(PATIENCE):
            _, protocol = await loop.create_connection(lambda: _Protocol(ear), place.host, place.port, ssl=tls)
    except TimeoutError as error:
        raise LostError("it does not answer") from error
    except OSError as error:
        raise LostError(str(error)) from error
    line = Line(protocol, ear)
    try:
        answer = await line.ask("Login", Username=place.user, Secret=place.secret, Events="on")
        if answer.get("Response") != "Success":
            raise RefusedError(answer.get("Message", "refused"))
        yield line
    finally:
        protocol.close()


def _plain(message: Any) -> Raw:
    """Return a message as it stands on the line; of what is there several times, the last."""
    last = {name: value if isinstance(value, str) else value[-1] for name, value in message.items()}
    return {name: value.encode(BYTES).decode(errors="replace") for name, value in last.items()}
