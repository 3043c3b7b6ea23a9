"""Posting to the tracker: what it answers decides what becomes of the events."""

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from phones.asterisk.line import Place
from phones.asterisk.listener import Listener
from phones.asterisk.spool import Spool
from phones.asterisk.tracker import NotNowError, Tracker, WrongError
from phones.vendors.asterisk import Asterisk
from tests.ownership_tracker.product import free_port
from tests.phones.asterisk.ami import SECRET, USER, managing
from tests.phones.asterisk.exchange import PLAN

TOKEN = "the token of a source"


@dataclass
class Answers:
    """A server that answers as it is told, and takes no list with a poisoned event."""

    port: int = 0
    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)

    def tracker(self, path: str = "") -> Tracker:
        """Return the tracker that it pretends to be."""
        return Tracker(f"http://127.0.0.1:{self.port}{path}", TOKEN)


@pytest.fixture
def answers() -> Iterator[Answers]:
    """A running one."""
    told = Answers()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            events = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known = self.headers["Authorization"] == f"Bearer {TOKEN}" and self.path == "/api/v1/phones/events/"
            poisoned = any(each["id"] == "poison" for each in events)
            self.send_response(404 if not known else 400 if poisoned else told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if not poisoned:
                told.taken += [each["id"] for each in events]
            results = [{"id": each["id"], "status": "accepted"} for each in events]
            self.wfile.write((told.body or json.dumps({"results": results})).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    with contextlib.ExitStack() as stack:
        stack.callback(server.server_close)
        stack.callback(thread.join)
        stack.callback(server.shutdown)
        yield told


def test_what_became_of_each_event(answers: Answers) -> None:
    assert answers.tracker().post([{"id": "a"}]) == [{"id": "a", "status": "accepted"}]
    assert answers.tracker("/").post([{"id": "b"}]) == [{"id": "b", "status": "accepted"}]


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (301, "", "the address is not quite right"),
        (401, "", "it does not know the token"),
        (404, "", "the address is not quite right"),
        (500, "", "it answered 500"),
        (200, "<h1>Welcome</h1>", "is no tracker"),
        (200, "[]", "is no tracker"),
    ],
)
def test_not_now(answers: Answers, status: int, body: str, said: str) -> None:
    answers.status, answers.body = status, body
    with pytest.raises(NotNowError, match=said):
        answers.tracker().post([{"id": "a"}])


def test_not_before_the_time_that_it_says(answers: Answers) -> None:
    answers.status, answers.headers = 429, {"Retry-After": "7"}
    with pytest.raises(NotNowError) as raised:
        answers.tracker().post([{"id": "a"}])
    assert raised.value.after == 7


def test_nobody_is_there() -> None:
    with pytest.raises(NotNowError, match="no answer: ConnectionRefusedError"):
        Tracker(f"http://127.0.0.1:{free_port()}", TOKEN).post([])


def test_never(answers: Answers) -> None:
    with pytest.raises(WrongError, match="it answered 400"):
        answers.tracker().post([{"id": "poison"}])


@pytest.mark.parametrize("url", ["", "tracker.example.com", "ftp://tracker.example.com", "https://"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(ValueError, match="looks like https"):
        Tracker(url, TOKEN)


def test_the_token_is_not_shown() -> None:
    assert TOKEN not in repr(Tracker("https://tracker.example.com", TOKEN))


@pytest.mark.parametrize("place", [0, 3, 6])
def test_one_event_that_is_never_taken_keeps_no_other_back(answers: Answers, tmp_path: Path, place: int) -> None:
    ids = [str(number) for number in range(6)]
    ids.insert(place, "poison")
    spool = Spool(tmp_path / "spool.sqlite3", most=100)
    spool.add([{"id": id_} for id_ in ids])

    async def drain() -> None:
        stop = asyncio.Event()
        with managing() as manager:
            line = Place("127.0.0.1", manager.port, USER, SECRET)
            listener = Listener(place=line, asterisk=Asterisk(PLAN), spool=spool, tracker=answers.tracker())
            running = asyncio.create_task(listener.run(stop))
            async with asyncio.timeout(10):
                while len(spool):
                    await asyncio.sleep(0.02)
            stop.set()
            await running

    asyncio.run(drain())
    assert answers.taken == [id_ for id_ in ids if id_ != "poison"]
