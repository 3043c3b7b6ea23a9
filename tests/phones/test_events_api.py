"""Telephone systems over REST: signed or by token, one event or a list, as often as they like."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient
from standardwebhooks import Webhook

from phones import sources
from phones.models import Call, PhoneEvent, RawBody, Source
from tests.cast import Cast, client_of, in_hours
from tests.phones.lines import call_story, event
from tickets.models import Flag, Ticket

URL = "/api/v1/phones/events/"
LOST = [(5, "answered", {"agent": "101"}), (20, "held", {"by": "101"}), (80, "ended", {"ended_by": "caller"})]


@pytest.fixture
def made(cast: Cast) -> tuple[Source, str]:
    """A telephone system of Billing's, and its token."""
    return sources.create(by=cast.adam, slug="pbx", name="The PBX", team=cast.billing, region="US")


def by_token(token: str) -> APIClient:
    """Return the client of a telephone system."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def signed(body: str, secret: str, *, minutes: float = 0) -> dict[str, str]:
    """Return the headers of a body that was signed so many minutes ago."""
    at = timezone.now() - timedelta(minutes=minutes)
    signature = Webhook(secret).sign("msg_1", at, body)
    return {
        "HTTP_WEBHOOK_ID": "msg_1",
        "HTTP_WEBHOOK_TIMESTAMP": str(int(at.timestamp())),
        "HTTP_WEBHOOK_SIGNATURE": signature,
    }


def post_signed(source: Source, secret: str, *, minutes: float = 0) -> int:
    """Return the status of a signed event."""
    body = json.dumps(event("c1", "ringing", in_hours(-0.01)))
    headers = signed(body, secret, minutes=minutes)
    client = APIClient()
    return client.post(f"{URL}?source={source.slug}", body, content_type="application/json", **headers).status_code


def test_one_event(made: tuple[Source, str]) -> None:
    answer = by_token(made[1]).post(URL, event("c1", "ringing", in_hours(-0.01), **{"from": "+12125550100"}))
    assert answer.status_code == 200
    assert [result["status"] for result in answer.json()["results"]] == ["accepted"]
    assert Call.objects.get().number == "+12125550100"


def test_a_list_with_a_result_for_each(made: tuple[Source, str]) -> None:
    story = call_story("c1", in_hours(-0.05), *LOST)
    client = by_token(made[1])
    answer = client.post(URL, [*story, {"id": "odd"}])
    assert [result["status"] for result in answer.json()["results"]] == ["accepted"] * 4 + ["refused"]
    assert answer.json()["results"][0]["concluded"] == ["held_caller_hung_up"]
    again = client.post(URL, story)
    assert {result["status"] for result in again.json()["results"]} == {"duplicate"}
    assert (PhoneEvent.objects.count(), Flag.objects.count()) == (4, 1)


def test_the_same_id_with_another_body_is_refused(made: tuple[Source, str]) -> None:
    client, first = by_token(made[1]), event("c1", "ringing", in_hours(-0.01))
    client.post(URL, first)
    answer = client.post(URL, {**first, "data": {"from": "+12125550199"}})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["id"]


def test_what_is_wrong_is_named(made: tuple[Source, str]) -> None:
    answer = by_token(made[1]).post(URL, {"id": "a", "type": "call.waved", "call_id": "c", "occurred_at": "2026"})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"type", "occurred_at"}


def test_any_name_of_a_field_may_be_wrong(made: tuple[Source, str]) -> None:
    answer = by_token(made[1]).post(URL, {**event("c1", "ringing", in_hours(0)), "self": 1, "detail": 1})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"self", "detail"}


@pytest.mark.parametrize("odd", ["a\0b", "a\ud800b"], ids=["NUL", "half a character"])
def test_what_is_no_text_is_refused_wherever_it_stands(made: tuple[Source, str], odd: str) -> None:
    good = event("c1", "summary", in_hours(0))
    said = [{**good, "id": odd}, {**good, odd: 1}, {**good, "data": {"inner": [odd]}}, {**good, "data": {odd: 1}}]
    said.append(event("c1", "ringing", in_hours(0), **{odd: "500"}))
    client = by_token(made[1])
    answer = client.generic("POST", URL, json.dumps(said), content_type="application/json")
    assert (answer.status_code, {result["status"] for result in answer.json()["results"]}) == (200, {"refused"})
    assert not Call.objects.exists()


@pytest.mark.parametrize("said", [[], [event("c", "ringing", in_hours(0))] * 1001])
def test_a_list_has_between_one_and_a_thousand(made: tuple[Source, str], said: list[Any]) -> None:
    assert by_token(made[1]).post(URL, said).status_code == 400


def test_a_dry_run_says_what_would_be_concluded_and_leaves_no_trace(made: tuple[Source, str]) -> None:
    answer = by_token(made[1]).post(f"{URL}?dry_run=1", call_story("c1", in_hours(-0.05), *LOST))
    assert answer.json()["results"][-1]["concluded"] == ["held_caller_hung_up"]
    for model in (Call, PhoneEvent, Ticket, Flag, RawBody):
        assert not model.objects.exists()


def test_signed_with_either_of_two_secrets_within_five_minutes(made: tuple[Source, str]) -> None:
    source, first = made[0], made[0].secrets[0]
    assert post_signed(source, first) == 200
    second = sources.rotate(source=source.slug).secrets[0]
    assert (post_signed(source, first), post_signed(source, second)) == (200, 200)
    sources.retire(source=source.slug)
    assert (post_signed(source, first), post_signed(source, second)) == (401, 200)
    assert post_signed(source, second, minutes=6) == 401


def test_nobody_else_speaks_for_a_telephone_system(cast: Cast, made: tuple[Source, str]) -> None:
    for client in (APIClient(), by_token("wrong"), client_of(cast.adam), client_of(cast.form)):
        assert client.post(URL, event("c1", "ringing", in_hours(0))).status_code == 401
    assert post_signed(made[0], "whsec_" + "A" * 44) == 401
    sources.edit(source="pbx", active=False)
    assert by_token(made[1]).post(URL, event("c1", "ringing", in_hours(0))).status_code == 401


def test_what_was_really_sent_is_kept_masked(made: tuple[Source, str]) -> None:
    card = {"note": "4111 1111 1111 1111", "api_token": "very-secret", "from": "+12125550100"}
    by_token(made[1]).post(URL, {**event("c1", "summary", in_hours(0)), "data": card})
    kept = RawBody.objects.get().content
    assert "4111 1111" not in kept
    assert "very-secret" not in kept
    assert "+12125550100" in kept


def test_an_administrator_sees_how_it_is_going(cast: Cast, made: tuple[Source, str]) -> None:
    by_token(made[1]).post(URL, [event("c1", "ringing", in_hours(-0.01)), {"id": "odd"}])
    seen = client_of(cast.adam).get("/api/v1/phones/sources/").json()["results"][0]
    assert seen["slug"] == "pbx"
    assert 30 < seen["lag_seconds"] < 60
    assert seen["refused"] == 1
    assert "call_id" in seen["refused_why"]
    assert client_of(cast.alice).get("/api/v1/phones/sources/").status_code == 403


def test_calls_are_seen_by_those_whom_they_concern(cast: Cast, made: tuple[Source, str]) -> None:
    by_token(made[1]).post(URL, call_story("c1", in_hours(-0.05), *LOST))
    number = Call.objects.get().pk
    for who in (cast.alice, cast.maya, cast.petra, cast.ada):
        answer = client_of(who).get(f"/api/v1/phones/calls/{number}/")
        assert answer.status_code == 200
        assert [spell["how"] for spell in answer.json()["spells"]] == ["caller_hung_up"]
    assert client_of(cast.luis).get(f"/api/v1/phones/calls/{number}/").status_code == 404
    assert client_of(cast.luis).get("/api/v1/phones/calls/").json()["results"] == []
