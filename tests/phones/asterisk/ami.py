"""A small Asterisk manager: it speaks the protocol on a real socket, and says the events that a test gives it."""

import contextlib
import socketserver
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.phones.asterisk.exchange import Raw

BANNER = "Asterisk Call Manager/9.0.0\r\n"
USER, SECRET = "tracker", "a secret of Asterisk's, worth 3 €"
PATIENCE = 20  # seconds


@dataclass
class Manager:
    """A running manager.

    channels: what it answers to CoreShowChannels; None: it does not let anybody ask. after_list: events that
    happen right after that.
    """

    port: int = 0
    secret: str = SECRET
    channels: list[Raw] | None = field(default_factory=list)
    answers_pings: bool = True
    after_list: list[Raw] = field(default_factory=list)
    logins: list[bool] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    listeners: list["_Session"] = field(default_factory=list)
    _server: socketserver.ThreadingTCPServer | None = None

    def start(self) -> None:
        """Listen, where it listened before."""
        manager = self

        class Session(_Session):
            def setup(self) -> None:
                self.manager = manager
                super().setup()

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address, daemon_threads = True, True

        self._server = Server(("127.0.0.1", self.port), Session)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Go away, hanging up on everybody."""
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()
        for each in self.listeners:
            with contextlib.suppress(OSError):
                each.connection.shutdown(2)
        self.listeners.clear()

    def say(self, events: Iterable[Raw]) -> None:
        """Say events to whoever has signed in, in packets that end where they like."""
        content = "".join(_message(raw) for raw in events).encode()
        for each in self.listeners:
            with each.writing:
                for start in range(0, len(content), 999):
                    each.wfile.write(content[start : start + 999])

    def wait_for_listener(self) -> None:
        """Wait until somebody has signed in, and asked what goes on."""
        limit = time.monotonic() + PATIENCE
        while not self.listeners:
            assert time.monotonic() < limit, f"nobody signs in; asked: {self.asked}"
            time.sleep(0.02)


class _Session(socketserver.StreamRequestHandler):
    manager: Manager

    def handle(self) -> None:
        self.writing = threading.Lock()
        self._write(BANNER)
        with contextlib.suppress(OSError):
            while action := self._read():
                self.manager.asked.append(action.get("Action", ""))
                if not self._answer(action):
                    return

    def finish(self) -> None:
        if self in self.manager.listeners:
            self.manager.listeners.remove(self)
        with contextlib.suppress(OSError):
            super().finish()

    def _read(self) -> Raw:
        lines: list[str] = []
        for line in self.rfile:
            said = line.decode().rstrip("\r\n")
            if not said and lines:
                break
            lines.append(said)
        return dict(line.split(": ", 1) for line in lines if ": " in line)

    def _answer(self, action: Raw) -> bool:
        """Answer an action, and say whether to stay on the line."""
        manager, known = self.manager, {"ActionID": action.get("ActionID", "")}
        match action.get("Action", "").lower():
            case "login":
                ok = (action.get("Username"), action.get("Secret")) == (USER, manager.secret)
                manager.logins.append(ok)
                if not ok:
                    self._write(_message({"Response": "Error", **known, "Message": "Authentication failed"}))
                    return False
                self._write(_message({"Response": "Success", **known, "Message": "Authentication accepted"}))
                self._write(_message({"Event": "FullyBooted", "Privilege": "system,all", "Status": "Fully Booted"}))
            case "ping":
                if manager.answers_pings:
                    self._write(_message({"Response": "Success", **known, "Ping": "Pong"}))
            case "coreshowchannels" if manager.channels is None:
                self._write(_message({"Response": "Error", **known, "Message": "Permission denied"}))
                manager.listeners.append(self)
            case "coreshowchannels":
                begun = {"Response": "Success", **known, "EventList": "start", "Message": "Channels will follow"}
                listed = "".join(_message({"Event": "CoreShowChannel", **known, **raw}) for raw in manager.channels)
                done = {"Event": "CoreShowChannelsComplete", **known, "EventList": "Complete"}
                events = "".join(_message(raw) for raw in manager.after_list)
                self._write(_message(begun) + listed + _message(done) + events)
                # Events that happen meanwhile come after it.
                manager.listeners.append(self)
            case _:
                self._write(_message({"Response": "Error", **known, "Message": "Permission denied"}))
        return True

    def _write(self, content: str) -> None:
        with self.writing, contextlib.suppress(OSError):
            self.wfile.write(content.encode())


def _message(raw: dict[str, Any]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in raw.items()) + "\r\n"


@contextlib.contextmanager
def managing() -> Iterator[Manager]:
    """Run a manager until the block ends."""
    manager = Manager()
    manager.start()
    try:
        yield manager
    finally:
        manager.stop()
