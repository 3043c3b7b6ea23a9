"""The real command, between a manager on a socket and a tracker that serves."""

import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from ownership_tracker.processes import spawn, stop
from tests.phones.asterisk.ami import SECRET, Manager

PATIENCE = 30  # seconds: mostly for a Python to start on a busy machine
TRUNKS = "PJSIP/pstn"
AGENTS = r"PJSIP/anna=101 PJSIP/ben=102 PJSIP/agent1=101 PJSIP/agent2=102 PJSIP/desk(\d+)"


@dataclass
class Listening:
    """A running listener, and what it has written."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        """Return what it has logged."""
        return self.log.read_text()

    def wait_for(self, true: Callable[[], Any]) -> Any:
        """Wait until something is true, not for ever, and return it."""
        limit = time.monotonic() + PATIENCE
        while not (found := true()):
            assert time.monotonic() < limit, self.said()
            time.sleep(0.05)
        return found

    def kill(self) -> None:
        """Kill it outright."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def listening(
    manager: Manager, url: str, token: str, folder: Path, monkeypatch: pytest.MonkeyPatch, *options: str
) -> Iterator[Listening]:
    """Run the command until the block ends, which it must do in good order."""
    variables = {
        "ASTERISK_PORT": str(manager.port),
        "ASTERISK_SECRET": SECRET,
        "ASTERISK_TRUNKS": TRUNKS,
        "ASTERISK_AGENTS": AGENTS,
        "ASTERISK_SPOOL": str(folder / "spool.sqlite3"),
        "TRACKER_URL": url,
        "TRACKER_TOKEN": token,
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "manage.py", "listen_asterisk", *options]
    log = folder / f"listener-{time.monotonic_ns()}.log"
    with log.open("wb") as output:
        listener = Listening(spawn(command, home=folder, output=output, cwd=settings.BASE_DIR), log)
    try:
        yield listener
        if listener.process.returncode is None:
            listener.process.send_signal(signal.SIGTERM)
            assert listener.process.wait(PATIENCE) == 0, listener.said()
        for secret in (SECRET.partition(",")[0], token):
            assert secret not in listener.said()
    finally:
        stop(listener.process)


@dataclass
class Door:
    """In front of a server: while it is shut, nobody answers there."""

    behind: int
    port: int = 0
    _listening: socket.socket | None = None
    _through: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address of the server, through the door."""
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Let everybody through."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._welcome, args=[self._listening], daemon=True).start()

    def shut(self) -> None:
        """Let nobody through."""
        assert self._listening is not None
        # Closing alone would not wake who waits for the next.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _welcome(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                guest = listening.accept()[0]
                host = socket.create_connection(("127.0.0.1", self.behind))
                for one, other in ((guest, host), (host, guest)):
                    threading.Thread(target=_carry, args=[one, other], daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while content := one.recv(65_536):
            other.sendall(content)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_WR)
