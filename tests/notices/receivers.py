"""A real HTTP server that receives webhooks, and answers as a test wants it to."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook as Verifier


@dataclass
class Received:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The id under which receivers tell repetitions."""
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """Return what it says. Raises WebhookVerificationError unless it was signed with `secret`."""
        return Verifier(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """A running receiver: what came in, and what it answers (the last answer again and again)."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=lambda: [200])
    location: str = ""
    # While it is cleared a request is received, and gets no answer.
    answering: threading.Event = field(default_factory=threading.Event)
    trickling: bool = False

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/hooks?for=tests"

    def kinds(self) -> list[str]:
        """Return the kinds of what came in, in its order."""
        return [json.loads(each.body)["type"] for each in self.received]


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver until the block ends."""
    receiver = Receiver()
    receiver.answering.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(self.path, headers, body))
            if receiver.trickling:
                self._trickle()
            elif receiver.answering.wait(30):
                status = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
                self.send_response(status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()

        def _trickle(self) -> None:
            with contextlib.suppress(OSError):
                for _ in range(50):
                    self.wfile.write(b"H")
                    time.sleep(0.1)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up is no news
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.answering.set()
        server.shutdown()
        thread.join()
        server.server_close()
