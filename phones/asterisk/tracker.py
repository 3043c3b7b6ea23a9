"""The tracker, as any telephone system reaches it: events are posted to its API with a token."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

PATH = "/api/v1/phones/events/"
PATIENCE = 15  # seconds for each silence of the tracker's
WRONG = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY)


class NotNowError(Exception):
    """It did not take the events, and may take them later; the message says why. after: seconds, if it said."""

    def __init__(self, why: str, after: float = 0) -> None:
        super().__init__(why)
        self.after = after


class WrongError(Exception):
    """It will never take these events as they are; the message says why."""


@dataclass(frozen=True)
class Tracker:
    """Where the tracker is (https://tracker.example.com), and what it knows this telephone system by."""

    url: str
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        """Raise ValueError unless that is an address."""
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise ValueError("The tracker's address looks like https://tracker.example.com.")

    def post(self, events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Post events, and return what became of each. Raises NotNowError, WrongError."""
        parts = urlsplit(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            path = parts.path.rstrip("/") + PATH
            connection.request("POST", path, json.dumps(list(events)).encode(), headers)
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, HTTPException) as error:
            raise NotNowError(f"no answer: {type(error).__name__}") from error
        finally:
            connection.close()
        if answer.status == HTTPStatus.OK:
            return _results(said)
        if answer.status in WRONG:
            raise WrongError(f"it answered {answer.status}")
        after = answer.headers.get("Retry-After", "")
        raise NotNowError(_why(answer.status), float(after) if after.isdecimal() else 0)


def _results(said: bytes) -> list[dict[str, Any]]:
    try:
        return list(json.loads(said)["results"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotNowError("what answers at that address is no tracker") from error


def _why(status: int) -> str:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return f"it answered {status}: it does not know the token, or the source is switched off"
    if status == HTTPStatus.NOT_FOUND or 300 <= status < 400:
        return f"it answered {status}: the address is not quite right (https, no path behind the name)"
    return f"it answered {status}"
