"""The product as it runs: web server, worker and beat in processes of their own, and all that they log."""

import contextlib
import http.client
import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from ownership_tracker.processes import spawn, stop
from tests.children import database_url

PATIENCE = 40  # seconds: mostly for three Pythons to start on a busy machine
WEB, WORKER, BEAT = "web", "worker", "beat"


@dataclass
class Product:
    """Running processes, the web server's port, and the folder in which each has its log."""

    port: int
    folder: Path

    def ask(
        self, method: str, path: str, body: object = None, *, token: str = "", **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        """Send a request, and return the answer's status, headers and JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        sent = {"Content-Type": "application/json"} if content is not None else {}
        sent |= {"Authorization": f"Bearer {token}"} if token else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, content, sent)
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status, dict(answer.headers), json.loads(said) if is_json else said

    def logged(self, *parts: str) -> str:
        """Return all that these parts (by default all) have written."""
        return "".join((self.folder / f"{part}.log").read_text() for part in parts or (WEB, WORKER, BEAT))

    def lines(self, event: str, *parts: str) -> list[dict[str, Any]]:
        """Return the lines about one event."""
        written = [line for line in self.logged(*parts).splitlines(keepends=True) if line.endswith("}\n")]
        lines = [json.loads(line) for line in written if line.startswith("{")]
        return [line for line in lines if line["event"] == event]

    def wait_for(self, true: Callable[[], Any]) -> Any:
        """Wait until something is true, not for ever, and return it."""
        limit = time.monotonic() + PATIENCE
        while not (found := true()):
            assert time.monotonic() < limit, self.logged()
            time.sleep(0.1)
        return found


def free_port() -> int:
    """Return a port of this machine on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextlib.contextmanager
def running(folder: Path, monkeypatch: pytest.MonkeyPatch, *parts: str, **variables: str) -> Iterator[Product]:
    """Run some parts of the product, with a beat that strikes every second, until the block ends."""
    place = {"DATABASE_URL": database_url(), "REDIS_URL": settings.REDIS_URL, "ALLOWED_HOSTS": "127.0.0.1"}
    usual = {"DJANGO_SETTINGS_MODULE": "tests.hasty_settings", "WEBHOOK_ALLOW_PRIVATE": "true", **place}
    for name, value in (usual | variables).items():
        monkeypatch.setenv(name, value)
    port = free_port()
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "ownership_tracker"]
    listen = ["--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "1", "--access-log"]
    commands = {
        WEB: [sys.executable, "-m", "granian", "--interface", "wsgi", *listen, "ownership_tracker.wsgi:application"],
        WORKER: [*celery, "worker", "--concurrency", "1"],
        BEAT: [*celery, "beat", "--schedule", str(folder / "schedule")],
    }
    product = Product(port, folder)
    processes = []
    try:
        for part in parts:
            with (folder / f"{part}.log").open("wb") as log:
                processes.append(spawn(commands[part], home=folder, output=log, cwd=settings.BASE_DIR))
        if WEB in parts:
            product.wait_for(lambda: _answers(product))
        yield product
    finally:
        stop(*processes)


def _answers(product: Product) -> bool:
    with contextlib.suppress(OSError):
        return product.ask("GET", "/health/live")[0] == 200
    return False
