"""A live stream that runs for real, and browsers' ends of it."""

import contextlib
import http.client
import json
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from ownership_tracker.processes import spawn, stop
from people.models import Person
from tests.children import database_url
from tests.ownership_tracker.product import free_port

PATIENCE = 30  # seconds: mostly for a Python to start on a busy machine


class Listener:
    """A browser's end of a stream: what it is told, in order."""

    def __init__(self, port: int, cookies: dict[str, str], path: str = "/live/", **headers: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.connection.request("GET", path, headers={"Cookie": cookie, **headers})
        self.answer = self.connection.getresponse()
        self.told: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue()
        if self.answer.status == 200:
            threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        name = ""
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError, AttributeError):
            for line in self.answer:
                field, _, value = line.decode().strip().partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    self.told.put((name, json.loads(value)))
        self.told.put(("end", {}))

    def hears(self, name: str, *, within: float = PATIENCE) -> dict[str, Any]:
        """Return the facts of the next event of that name; others before it are passed over."""
        limit = time.monotonic() + within
        while True:
            try:
                said, facts = self.told.get(timeout=max(0.0, limit - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"nothing of {name} is heard within {within} s") from None
            if said == name:
                return facts

    def heard(self) -> list[str]:
        """Return the names of all events that have come and were not asked for."""
        return [self.told.get()[0] for _ in range(self.told.qsize())]


@contextlib.contextmanager
def streaming(folder: Path, port: int = 0, **variables: str) -> Iterator[tuple[int, Any]]:
    """Run the live stream, on a free port unless one is given, until the block ends; yield port and process."""
    port = port or free_port()
    uvicorn = [sys.executable, "-m", "uvicorn", "--port", str(port), "--timeout-graceful-shutdown", "5"]
    place = {"DATABASE_URL": database_url(), "REDIS_URL": settings.REDIS_URL, "LIVE_URL": f":{port}/live/"}
    usual = {"DJANGO_SETTINGS_MODULE": "ownership_tracker.settings", "ALLOWED_HOSTS": "127.0.0.1,localhost"}
    with (folder / "stream.log").open("ab") as log, pytest.MonkeyPatch.context() as patch:
        for name, value in {**usual, **place, **variables}.items():
            patch.setenv(name, value)
        process = spawn(
            [*uvicorn, "ownership_tracker.asgi:application"], home=folder, output=log, cwd=settings.BASE_DIR
        )
    try:
        limit = time.monotonic() + PATIENCE
        while not _answers(port):
            assert process.poll() is None, (folder / "stream.log").read_text()
            assert time.monotonic() < limit, (folder / "stream.log").read_text()
            time.sleep(0.05)
        yield port, process
    finally:
        stop(process)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError):
        return Listener(port, {}).answer.status == 401
    return False


@pytest.fixture(scope="module")
def stream(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a stream that runs."""
    with streaming(tmp_path_factory.mktemp("stream")) as (port, _):
        yield port


def cookies_of(somebody: Person) -> dict[str, str]:
    """Return the cookies of a browser in which somebody is signed in."""
    client = Client()
    client.force_login(somebody)
    return {name: morsel.value for name, morsel in client.cookies.items()}


Listen = Callable[[Person], Listener]


@pytest.fixture
def listen(stream: int, transactional_db: None) -> Iterator[Listen]:
    """A function that opens somebody's stream, and has heard that it is live."""
    open_now: list[Listener] = []

    def opened(somebody: Person) -> Listener:
        listener = Listener(stream, cookies_of(somebody))
        assert listener.answer.status == 200
        open_now.append(listener)
        listener.hears("hello")
        return listener

    yield opened
    for listener in open_now:
        if listener.connection.sock is not None:
            listener.connection.sock.close()
