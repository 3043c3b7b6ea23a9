"""Whatever is wrong with a body, each writing operation says so, names the field, and has changed nothing."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from tests.api.calls import CALLS, Call
from tests.api.conformance import operations, published
from tests.cast import Cast, client_of

READS = ("get_", "list_", "me")
# For telephone systems, not for people: see tests/phones.
TELEPHONES = ("send_phone_events", "send_twilio_callback", "send_zammad_call", "route_call")
WRITES = sorted(name for name in operations() if not name.startswith(READS) and name not in TELEPHONES)
NOT_TEXT = {"NUL": "a\0b", "a lone surrogate": "a\ud800b", "a megabyte": "x" * 900_000}
WRONG = {"5": 5, "true": True, "null": None, "a list": ["x"], "an object": {"x": 1}, "a huge number": 10**400}
WRONG_TIMES = [
    "2026-05-01T15:30:00",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-12:00",
    "2026-02-30T12:00:00Z",
    "tomorrow",
    "",
]


def request_schema(operation: str) -> dict[str, Any]:
    """Return the schema of an operation's body; {} for one that says nothing."""
    content = operations()[operation].get("requestBody", {}).get("content", {})
    name = content["application/json"]["schema"]["$ref"].rpartition("/")[2] if content else ""
    schema: dict[str, Any] = published()["components"]["schemas"].get(name, {})
    return schema


def is_documented(schema: dict[str, Any], value: Any) -> bool:
    """Say whether the schema of a field allows a value: then it is not a wrong one."""
    whole = {**schema, "components": published()["components"]}
    return bool(Draft202012Validator(whole).is_valid(value))


def everything() -> dict[str, str]:
    """Return a digest of every table."""
    digests = {}
    with connection.cursor() as cursor:
        for table in [model._meta.db_table for model in apps.get_models(include_auto_created=True)]:
            cursor.execute(f'SELECT md5(string_agg(row::text, chr(10) ORDER BY row::text)) FROM "{table}" row')
            digests[table] = cursor.fetchone()[0]
    return digests


def refusal(answer: HttpResponse, *, among: tuple[int, ...]) -> list[str]:
    """Return the fields that a refusal names; it must be a problem of one of these statuses."""
    assert answer.status_code in among, answer.content[:300]
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    assert body["status"] == answer.status_code
    return [error["field"] for error in body["errors"]]


def post(client: APIClient, call: Call, body: bytes | str, content_type: str = "application/json") -> HttpResponse:
    """Send any bytes at all to where the call goes."""
    return client.generic(call.method, call.url, body, content_type=content_type)


@pytest.fixture(params=WRITES)
def operation(request: pytest.FixtureRequest) -> str:
    """Each writing operation."""
    return str(request.param)


@pytest.fixture
def call(operation: str, cast: Cast) -> Call:
    """A request that would succeed, were it not for what the test does to it."""
    return CALLS[operation](cast)


@pytest.fixture
def client(call: Call) -> APIClient:
    """The client of whoever may send it."""
    return client_of(call.by)


@pytest.fixture(autouse=True)
def _nothing_changes(call: Call, client: APIClient) -> Iterator[None]:
    before = everything()
    yield
    assert everything() == before


def test_a_field_of_a_wrong_type_is_named(operation: str, call: Call, client: APIClient) -> None:
    for field, schema in request_schema(operation).get("properties", {}).items():
        for name, value in (WRONG | NOT_TEXT).items():
            if name in WRONG and is_documented(schema, value):
                continue
            answer = post(client, call, json.dumps({**(call.body or {}), field: value}))
            named = refusal(answer, among=(400, 422))
            assert any(one.partition(".")[0] == field for one in named), (field, name, answer.json())
            assert len(answer.content) < 5_000


def test_a_field_that_is_missing_is_named(operation: str, call: Call, client: APIClient) -> None:
    for field in request_schema(operation).get("required", []):
        body = {name: value for name, value in (call.body or {}).items() if name != field}
        assert refusal(post(client, call, json.dumps(body)), among=(422,)) == [field]


def test_a_field_that_is_not_known_is_named(call: Call, client: APIClient) -> None:
    for field in ("surprise", "at_last", "émoji 😀", "\ud800", "owner"):
        named = refusal(post(client, call, json.dumps({**(call.body or {}), field: 1})), among=(400,))
        assert named == [field.replace("\ud800", "?")]


def test_a_time_that_is_none_is_named(operation: str, call: Call, client: APIClient) -> None:
    fields = request_schema(operation).get("properties", {})
    for field in [name for name, schema in fields.items() if schema.get("format") == "date-time"]:
        for wrong in WRONG_TIMES:
            answer = post(client, call, json.dumps({**(call.body or {}), field: wrong}))
            assert refusal(answer, among=(400, 422)) == [field], wrong


def test_what_does_not_exist_is_named(operation: str, call: Call, client: APIClient) -> None:
    unknown = {"to": "xx", "asked": "xx", "preferred_rep": "xx", "team": "xx", "customer": 10**12}
    unknown |= {"further_contact_on": "T-999999", "references": ["T-999999"], "duplicate_of": "T-999999"}
    for field in unknown.keys() & request_schema(operation).get("properties", {}).keys():
        said = {**(call.body or {}), field: unknown[field]}
        said |= {"outcome": "duplicate_of"} if field == "duplicate_of" else {}
        assert field in refusal(post(client, call, json.dumps(said)), among=(400, 404, 422))


def test_a_body_that_is_no_json_object_is_refused(call: Call, client: APIClient) -> None:
    for body in ("[]", '"text"', "5", "true", "null", '[{"text": "x"}]'):
        assert refusal(post(client, call, body), among=(400, 422)) == [""], body
    deep = b'{"text": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    for unreadable in (b"{", b"text=x", b'{"text": NaN}', b'{"text": "\xff"}', b"\0", b"\xff\xfe{\0}\0", deep):
        assert refusal(post(client, call, unreadable), among=(400,)) == [], unreadable[:20]
    refusal(post(client, call, json.dumps({"text": "x" * 1_100_000})), among=(413,))
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "xx"):
        refusal(post(client, call, json.dumps(call.body), content_type), among=(415,))
    refusal(call.send(client, HTTP_ACCEPT="text/html"), among=(406,))


def test_a_header_that_is_wrong_is_named(operation: str, call: Call, client: APIClient) -> None:
    headers = [parameter["name"] for parameter in operations()[operation].get("parameters", [])]
    wrong = {
        "Idempotency-Key": ["", "x" * 201, "tab\tinside", "é", "a\x7fb"],
        "If-Match": ["1", '"x"', '"1', 'W/"1"', '"1", "2"', '"99999999999999999999"', '"²"', '"-1"', ""],
    }
    for header in wrong.keys() & headers:
        for value in wrong[header]:
            answer = call.send(client, **{f"HTTP_{header.upper().replace('-', '_')}": value})
            assert refusal(answer, among=(400,)) == [header], value


def test_a_method_that_is_not_there_is_refused(operation: str, call: Call, client: APIClient) -> None:
    (there,) = [path for path in published()["paths"].values() if operations()[operation] in path.values()]
    for method in {"PUT", "PATCH", "DELETE", "TRACE", "BREW"} - {method.upper() for method in there}:
        answer = client.generic(method, call.url, "{}", content_type="application/json")
        refusal(answer, among=(403, 405))
        if answer.status_code == 405:
            assert call.method in answer.headers["Allow"]
