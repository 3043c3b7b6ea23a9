"""The stream: browsers that are signed in are told, as it happens, what they should look at again.

Served apart from the pages, by one or more processes that do nothing else (`ownership_tracker.asgi`). Each
follows the channel of `notices.live` once, for all of its streams. What is told are numbers and codes; a
stream ends after ten minutes, and the browser comes back at once: so whoever has lost their sign-in or
joined a team is known for what they are by then.
"""

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from importlib import import_module
from typing import Any, NamedTuple

import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from notices import live
from people.models import Person
from people.roles import READS_ALL, Role
from web import origins
from web.live import watchers

log = structlog.get_logger(__name__)

# Seconds.
LIFE = 600
BEAT = 15
KEPT = 60  # for so long it is known what was told, unless it was more than this
MOST_KEPT = 5_000
SILENCE = 5  # of Valkey, after which it is asked whether it is there
AGAIN = 1
# A browser that is so many transactions behind is cut off; it comes back and asks for what it has missed.
MOST_WAITING = 200


class Reader(NamedTuple):
    """Whose stream it is, and what they may see: of these teams (None: of all), and owned by these people."""

    person: int
    teams: frozenset[int] | None
    owners: frozenset[int]


class Event(NamedTuple):
    """What is told, and to whom: these people, and whoever sees what these teams and owners have."""

    name: str
    facts: dict[str, Any]
    people: frozenset[int]
    teams: frozenset[int] = frozenset()
    owners: frozenset[int] = frozenset()

    def is_for(self, reader: Reader) -> bool:
        """Say whether `reader` may be told."""
        if reader.person in self.people:
            return True
        if reader.teams is None:
            return bool(self.teams)
        return not self.teams.isdisjoint(reader.teams) or not self.owners.isdisjoint(reader.owners)


def events_of(news: dict[str, Any], watching: dict[int, frozenset[int]]) -> Iterable[Event]:
    """Yield the events of a message of `notices.live`. watching: who has which ticket on their screen."""
    for of in news.get("tickets", ()):
        facts = {"ticket": of["ticket"], "version": of["version"]}
        people = watching.get(of["ticket"], frozenset())
        yield Event("ticket", facts, people, frozenset(of["teams"]), frozenset(of["owners"]))
    for notice in news.get("notices", ()):
        facts = {name: notice[name] for name in ("kind", "about", "call") if notice[name] is not None}
        yield Event("notice", facts, frozenset(notice["people"]))
    for here in news.get("here", ()):
        others = watching.get(here["ticket"], frozenset()) - {here["by"]}
        yield Event("here", {"ticket": here["ticket"]}, others)


def written(name: str, **facts: Any) -> str:
    """Return an event as browsers read it, with the time, in milliseconds, at which it was told."""
    return f"event: {name}\ndata: {json.dumps({**facts, 'at': _now()})}\n\n"


def _now() -> int:
    return int(time.time() * 1000)


class Hub:
    """The streams of this process, and what they hear from Valkey.

    told: what was told of late, and when. since: the moment (in milliseconds) from which on all of it is known;
    None while Valkey is away.
    """

    def __init__(self) -> None:
        self.streams: dict[asyncio.Queue[str | None], Reader] = {}
        self.told: deque[tuple[int, Event]] = deque()
        self.since: int | None = None

    async def follow(self) -> None:
        """Listen until cancelled, again and again when Valkey goes away, which the browsers are told."""
        warned = False
        while True:
            try:
                await self._listen()
            except Exception as error:  # whatever it is: who is told nothing must know that
                if self.since is not None or not warned:
                    log.warning("live_is_away", error=type(error).__name__)
                warned, self.since = True, None
                self._say(self.greeting)
            await asyncio.sleep(AGAIN)

    async def _listen(self) -> None:
        # Tried once: what a connection that mends itself has missed nobody would know.
        once: Any = {"retry": Retry(NoBackoff(), 0), "socket_connect_timeout": SILENCE, "socket_timeout": SILENCE}
        async with Redis.from_url(settings.REDIS_URL, **once) as valkey, valkey.pubsub() as channel:
            await channel.subscribe(live.channel())
            asked = False
            while True:
                message = await channel.get_message(timeout=SILENCE)
                if message is None:
                    if asked:
                        raise TimeoutError
                    await channel.ping()
                asked = message is None
                if message is not None and message["type"] == "subscribe":
                    self.since = _now()
                    self._say(self.greeting)
                elif message is not None and message["type"] == "message":
                    news = json.loads(message["data"])
                    numbers = {of["ticket"] for of in (*news.get("tickets", ()), *news.get("here", ()))}
                    self.tell(events_of(news, await watchers.watching(valkey, numbers)))

    def tell(self, events: Iterable[Event]) -> None:
        """Tell each stream the events that are for its reader."""
        now = _now()
        while self.told and (self.told[0][0] < now - KEPT * 1000 or len(self.told) > MOST_KEPT):
            at, _ = self.told.popleft()
            if self.since is not None and at > self.since:
                self.since = at  # what was told up to then is not known any more
        told = [(event, written(event.name, **event.facts)) for event in events]
        self.told.extend((now, event) for event, _ in told)
        self._say(lambda reader: "".join(text for event, text in told if event.is_for(reader)))

    def greeting(self, reader: Reader) -> str:
        """Return what a stream begins with: when it was last told something, or that nothing is heard now."""
        if self.since is None:
            return written("away")
        return written("hello", last=max([self.since, *(at for at, event in self.told if event.is_for(reader))]))

    def _say(self, words: Callable[[Reader], str]) -> None:
        for waiting, reader in list(self.streams.items()):
            text = words(reader)
            if text and waiting.full():
                self.cut(waiting)
            elif text:
                waiting.put_nowait(text)

    def cut(self, waiting: asyncio.Queue[str | None]) -> None:
        """End a stream; the browser comes back."""
        self.streams.pop(waiting, None)
        while not waiting.empty():
            waiting.get_nowait()
        waiting.put_nowait(None)

    def close(self) -> None:
        """End all streams: the process is asked to stop."""
        for waiting in list(self.streams):
            self.cut(waiting)

    async def stream(self, reader: Reader) -> AsyncIterator[str]:
        """Yield what `reader` is told, for ten minutes."""
        waiting: asyncio.Queue[str | None] = asyncio.Queue(MOST_WAITING)
        self.streams[waiting] = reader
        # Not all at once, when all have come at once.
        ends = time.monotonic() + LIFE * random.uniform(0.9, 1)  # noqa: S311 - no secret
        try:
            yield f"retry: {AGAIN * 1000}\n\n{self.greeting(reader)}"
            while (left := ends - time.monotonic()) > 0:
                try:
                    text = await asyncio.wait_for(waiting.get(), min(BEAT, left))
                except TimeoutError:
                    text = written("away" if self.since is None else "beat")
                if text is None:
                    return
                yield text
        finally:
            self.streams.pop(waiting, None)


hub = Hub()


def reader_of(request: HttpRequest) -> Reader | None:
    """Return who is signed in, and what they may see; None for nobody and for programs."""
    try:
        sessions = import_module(settings.SESSION_ENGINE)
        request.session = sessions.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        person = get_user(request)
        if not isinstance(person, Person) or person.role == Role.INTEGRATION:
            return None
        teams = None if person.role in READS_ALL else person.team_ids | person.led_team_ids
        return Reader(person.pk, teams, frozenset({person.pk}) | person.covered_ids)
    finally:
        connection.close()  # it would be kept for as long as the stream lasts


@require_GET
async def stream(request: HttpRequest) -> HttpResponseBase:
    """Answer with the stream of whoever is signed in: 401 for nobody, 403 for other sites' pages."""
    origin = request.headers.get("Origin")
    if origin is not None and origin not in origins.of_pages(request):
        return HttpResponse(status=403)
    reader = await sync_to_async(reader_of)(request)
    response: HttpResponseBase
    if reader is None:
        response = HttpResponse(status=401)
    else:
        response = StreamingHttpResponse(hub.stream(reader), content_type="text/event-stream")
        response["X-Accel-Buffering"] = "no"  # nginx passes it on as it comes
    response["Cache-Control"] = "no-store"
    response["Vary"] = "Origin, Cookie"
    if origin is not None:
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Credentials"] = "true"
    log.info("stream", status=response.status_code, open=len(hub.streams))
    return response
