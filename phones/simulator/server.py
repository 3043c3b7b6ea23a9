"""The server that is told of the calls, and asked about them afterwards: over HTTP, as by anybody else."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

API = "/api/v1/"
PATIENCE = 60  # seconds: a list of a thousand events takes its time
PAGE = 200


class NoAnswerError(Exception):
    """The server did not answer as it should; the message says how."""


class Server:
    """A running server. Use it in one thread: it keeps one connection, as a telephone system would."""

    def __init__(self, url: str) -> None:
        """Take its address. Raises ValueError unless it is one."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("The server's address looks like http://127.0.0.1:8000.")
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=PATIENCE)
        self._base = parts.path.rstrip("/") + API

    def report(self, events: Any, *, token: str) -> list[dict[str, Any]]:
        """Report one event or a list of them, and return what became of each. Raises NoAnswerError."""
        return list(self._ask("POST", "phones/events/", token, events)["results"])

    def call(self, number: int, *, token: str) -> dict[str, Any]:
        """Read one call. Raises NoAnswerError."""
        return dict(self._ask("GET", f"phones/calls/{number}/", token))

    def calls(self, source: str, *, token: str) -> Iterator[dict[str, Any]]:
        """Read the calls of a telephone system, the latest first, page by page. Raises NoAnswerError."""
        path: str | None = f"phones/calls/?{urlencode({'source': source, 'page_size': PAGE})}"
        while path:
            page = self._ask("GET", path, token)
            yield from page["results"]
            path = page["next"] and page["next"].partition(API)[2]

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _ask(self, method: str, path: str, token: str, said: Any = None) -> Any:
        body = None if said is None else json.dumps(said).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            self._connection.request(method, self._base + path, body, headers)
            answer = self._connection.getresponse()
            read = answer.read()
        except (OSError, HTTPException) as error:
            raise NoAnswerError(f"{method} {path}: no answer ({error or type(error).__name__})") from error
        if answer.status != 200:
            raise NoAnswerError(f"{method} {path}: {answer.status} {read[:500].decode(errors='replace')}")
        return json.loads(read)
