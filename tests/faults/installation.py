"""An installation of the tests' own, every part of which can be stopped, killed and started again.

PostgreSQL, Valkey, the web server, a worker and a beat that strikes every second, in processes of their own.
PostgreSQL writes in earnest: what a crash may lose is what is being tested.
"""

import contextlib
import dataclasses
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import django.db
import psycopg
import pytest
from django.db import connection, connections

from ownership_tracker import local, servers
from ownership_tracker.processes import spawn, stop

PATIENCE = 60  # seconds: mostly for Pythons to start on a busy machine
WEB_WORKERS = 2
PYTHON = [sys.executable, "-W", "ignore:You're running the worker with superuser privileges", "-m"]
CELERY = [*PYTHON, "celery", "--quiet", "-A", "ownership_tracker"]


class Part:
    """One part of it: a process with all that it starts in turn."""

    def __init__(self, run: Callable[[], AbstractContextManager[subprocess.Popen[bytes]]]) -> None:
        self._run = run
        self._stack = contextlib.ExitStack()
        self.process: subprocess.Popen[bytes] | None = None
        self.stops = 0

    def start(self) -> None:
        """Start it, unless it runs."""
        if self.process is None:
            self.process = self._stack.enter_context(self._run())

    def send(self, number: int) -> None:
        """Send it a signal that it outlives."""
        if self.process is not None:
            self.process.send_signal(number)

    def end(self, farewell: int = signal.SIGTERM) -> None:
        """Send it a signal and wait for its end."""
        if self.process is not None:
            self.process.send_signal(farewell)
            self.process.wait(PATIENCE)
            self.close()

    def kill(self) -> None:
        """Kill it and all that it has started, at once: kill -9."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.close()

    def close(self) -> None:
        """End it as whoever started it does."""
        self.process = None
        self.stops += 1
        self._stack.close()

    @property
    def number(self) -> int:
        """Its process id, 0 while it does not run."""
        return self.process.pid if self.process else 0

    @property
    def children(self) -> list[int]:
        """The process ids of what it has started."""
        return [int(number) for number in Path(f"/proc/{self.number}/task/{self.number}/children").read_text().split()]


class Installation:
    """The parts by their names, and what a test needs to watch them."""

    def __init__(self, place: servers.Place, logs: Path, environment: dict[str, str]) -> None:
        self.place = dataclasses.replace(place, durable=True)
        self.logs = logs
        self.port = free_port()
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "tests.hasty_settings",
            "DATABASE_URL": local.database_url(place.sockets),
            "REDIS_URL": local.redis_url(place.sockets),
            "LOG_LEVEL": "WARNING",
            "THROTTLE_PERSON": "1000000/min",  # the callers are few and hasty
            "CELERY_SKIP_CHECKS": "1",  # they would take half of each start
            **environment,
        }
        web = [*PYTHON, "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        web += ["--workers", str(WEB_WORKERS), "--blocking-threads", "1", "--respawn-failed-workers"]
        web += ["--workers-kill-timeout", "5", "--log-level", "warning", "ownership_tracker.wsgi:application"]
        worker = [*CELERY, "worker", "--loglevel", "WARNING", "--concurrency", "2"]
        beat = [*CELERY, "beat", "--loglevel", "WARNING", "--schedule"]
        self.database = Part(lambda: self._store("PostgreSQL"))
        self.broker = Part(lambda: self._store("Valkey"))
        self.web = Part(lambda: self._process("web", web))
        self.worker = Part(lambda: self._process("worker", worker))
        self.beat = Part(lambda: self._process("beat", [*beat, str(logs / "beat")]))
        self.second_beat = Part(lambda: self._process("second_beat", [*beat, str(logs / "second_beat")]))

    @contextlib.contextmanager
    def _store(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        with servers.running(self.place, [name], say=lambda line: None) as started:
            yield started[name]

    @contextlib.contextmanager
    def _process(self, name: str, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
        with (self.logs / f"{name}.log").open("ab") as log, pytest.MonkeyPatch.context() as patch:
            for variable, value in self.environment.items():
                patch.setenv(variable, value)
            process = spawn(command, home=self.place.home, output=log, cwd=local.CLONE)
        try:
            yield process
        finally:
            stop(process, patience=5)

    @property
    def parts(self) -> dict[str, Part]:
        """All parts by name, the servers first."""
        return {name: part for name, part in vars(self).items() if isinstance(part, Part)}

    def running(self) -> dict[str, int]:
        """The process ids of what runs: one that was started again has another."""
        return {name: part.number for name, part in self.parts.items() if part.process}

    def end_database(self, farewell: int) -> None:
        """End PostgreSQL by a signal."""
        self.database.end(farewell)
        connection.close()  # ours is dead as well

    def close(self) -> None:
        """End everything, the servers last; all of it is thrown away, so nobody needs to finish anything."""
        for part in reversed(self.parts.values()):
            part.kill()

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A further connection to its database."""
        return psycopg.connect(host=str(self.place.sockets), user="tracker", dbname="tracker")

    def ready(self) -> tuple[int, dict[str, Any]]:
        """What the web server says about itself: a status and the rest; 0 when it says nothing."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            asked.request("GET", "/health/ready")
            answer = asked.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException):
            return 0, {}
        finally:
            asked.close()

    def wait_until(self, true: Callable[[], object], what: str, *, seconds: float = PATIENCE) -> float:
        """Wait until something is true, and return how many seconds that took.

        That the database does not answer is no error meanwhile; that a part has ended by itself is one.
        """
        began = time.monotonic()
        while True:
            with contextlib.suppress(django.db.Error):
                if true():
                    return time.monotonic() - began
            connection.close_if_unusable_or_obsolete()
            ended = [name for name, part in self.parts.items() if part.process and part.process.poll() is not None]
            assert not ended, self._tell(f"{ended} ended by itself while we waited until {what}")
            assert time.monotonic() < began + seconds, self._tell(f"in {seconds} seconds it was not true that {what}")
            time.sleep(0.05)

    def _tell(self, what: str) -> str:
        logs = [*self.logs.glob("*.log"), *self.place.home.glob("*.log")]
        return "\n".join([what, *(f"{log.name}:\n{log.read_text(errors='replace')[-3000:]}" for log in logs)])


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextlib.contextmanager
def looking_into(installation: Installation) -> Iterator[None]:
    """Have the models of this thread read and write the database of `installation` until the block ends."""
    ours = connections["default"]
    there = {"HOST": str(installation.place.sockets), "PORT": "", "USER": "tracker", "NAME": "tracker"}
    connections["default"] = type(ours)({**ours.settings_dict, **there}, "default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = ours
