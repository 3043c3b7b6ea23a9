"""Whatever is wrong with a query, a path or a token, the answer says what."""

import base64
import json

import pytest
from rest_framework.test import APIClient

from tests.api.calls import CALLS
from tests.api.conformance import operations
from tests.api.test_bad_input import refusal
from tests.cast import Cast, client_of
from tickets.models import Ticket

READS = sorted(name for name in operations() if name.startswith(("get_", "list_", "me")))
TEXTS = ["\0", ""]
WRONG = {
    "date-time": ["yesterday", "2026-05-01T15:30:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "", "\0"],
    "integer": ["x", "-1", "0", "9" * 30, "1.5", "", "\0"],
    "boolean": ["maybe", "\0"],
    "enum": ["nonsense", "\0"],
}
# Cursors: no base64, no JSON, not ours, of another list, beyond what the database can hold.
FORGED = [
    ["2026-05-01T15:30:00", 1, False],
    ["2026-05-01T15:30:00+00:00", 2**70, False],
    ["2026-05-01T15:30:00+00:00", "x", False],
    ["yesterday", 1, False],
    [2**70, 1, False],
    [None, 1, False],
    ["2026-05-01T15:30:00+00:00"],
    {},
    [],
    [[], [], []],
    1,
]
CURSORS = ["x", "é", "%", "bm90IEpTT04", "\0", *(base64.b64encode(json.dumps(it).encode()).decode() for it in FORGED)]


def wrong_for(schema: dict[str, object]) -> list[str]:
    """Return values that a parameter of this schema cannot have."""
    if "enum" in schema or "$ref" in schema or "oneOf" in schema:
        return WRONG["enum"]
    return WRONG.get(str(schema.get("format")), WRONG.get(str(schema["type"]), TEXTS))


@pytest.mark.parametrize("operation", READS)
def test_a_parameter_that_is_wrong_is_named(operation: str, cast: Cast) -> None:
    call = CALLS[operation](cast)
    client = client_of(call.by)
    for parameter in operations()[operation].get("parameters", []):
        if parameter["in"] == "query" and parameter["name"] != "cursor":
            for value in wrong_for(parameter["schema"]):
                named = refusal(client.get(call.url, {parameter["name"]: value}), among=(400, 422))
                assert named == [parameter["name"]], (parameter, value)


@pytest.mark.parametrize("operation", READS)
def test_a_parameter_that_is_not_known_is_named(operation: str, cast: Cast) -> None:
    call = CALLS[operation](cast)
    assert refusal(client_of(call.by).get(call.url, {"surprise": "1"}), among=(400,)) == ["surprise"]


@pytest.mark.parametrize("operation", [name for name in READS if name not in ("list_candidates",) and "list" in name])
def test_a_cursor_that_is_none_is_named(operation: str, cast: Cast) -> None:
    call = CALLS[operation](cast)
    client = client_of(call.by)
    for cursor in CURSORS:
        assert refusal(client.get(call.url, {"cursor": cursor}), among=(400,)) == ["cursor"], cursor


def test_a_cursor_of_the_desk_is_checked_like_any_other(cast: Cast, ticket: Ticket) -> None:
    desk = {"owner": "me", "live": "true", "ordering": "next_due"}
    for cursor in CURSORS:
        answer = client_of(cast.alice).get("/api/v1/tickets/", {**desk, "cursor": cursor})
        assert refusal(answer, among=(400,)) == ["cursor"], cursor


@pytest.mark.parametrize(
    "path",
    [
        "tickets/T-999999/",
        "tickets/T-999999999999999/timeline/",
        "tickets/T-9999999999999999999999/",
        "tickets/T-٣/",
        "tickets/100001/",
        "tickets/T-%00/",
        "customers/999999999999999999/",
        "customers/9999999999999999999999/",
        "nothing/",
        "",
    ],
)
def test_what_is_nowhere_is_404(path: str, cast: Cast) -> None:
    refusal(client_of(cast.alice).get(f"/api/v1/{path}"), among=(404,))


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer two parts", "Bearer \xff", "Bearer " + "x" * 9_000, "Basic YTpi", "Token x", "Bearer \0"],
    ids=lambda header: header[:12],
)
def test_a_token_that_is_none_is_401(header: str, cast: Cast) -> None:
    answer = APIClient().get("/api/v1/me/", HTTP_AUTHORIZATION=header)
    refusal(answer, among=(401,))
    assert answer.headers["WWW-Authenticate"] == "Bearer"
