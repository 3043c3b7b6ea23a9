"""Whatever talks to Zammad talks to us: the token stands in the address, and nowhere else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from rest_framework.test import APIClient

from people import presence
from phones import sources
from phones.models import Call, PhoneEvent, RawBody, Source
from tests.cast import Cast, entries, make_cast
from tests.ownership_tracker.product import WEB, running
from tests.phones.vendors.test_zammad import ANSWER, HANGUP, NEW
from tests.phones.vendors.twilio_account import FORM
from tickets.models import Ticket


@pytest.fixture
def token(cast: Cast) -> str:
    """The token of a telephone system of Billing's, with Alice on 101."""
    presence.take_extension(person=cast.alice, extension="101")
    return sources.create(by=cast.adam, slug="pbx", name="The PBX", team=cast.billing, region="US")[1]


def post(token: str, said: dict[str, Any], **headers: str) -> HttpResponse:
    """Post a form, as curl does."""
    return APIClient().post(
        f"/api/v1/phones/zammad/{token}/", urlencode(said, doseq=True), content_type=FORM, **headers
    )


def refusals() -> tuple[int, str]:
    """Return how many were refused, and why the last one was."""
    source = Source.objects.get()
    return source.refused, source.refused_why


def test_a_call_from_its_beginning_to_its_end(cast: Cast, ticket: Ticket, token: str) -> None:
    for said in (NEW, ANSWER, HANGUP):
        answer = post(token, said)
        assert (answer.status_code, answer.json()) == (200, {})
    call = Call.objects.get()
    assert (call.number, call.answered_by, call.ticket) == ("+12125550100", cast.alice, ticket)
    assert (call.ended_by, call.wrap_up) == ("unknown", Call.WrapUp.WAITING)
    assert entries(ticket)[-2:] == ["call_linked", "call_ended"]
    assert refusals() == (0, "")


@pytest.mark.parametrize("order", [(HANGUP, ANSWER, NEW), (ANSWER, NEW, HANGUP), (NEW, HANGUP, ANSWER)])
def test_out_of_order_and_again(cast: Cast, ticket: Ticket, token: str, order: tuple[dict[str, Any], ...]) -> None:
    for said in (*order, *order):
        assert post(token, said).status_code == 200
    call = Call.objects.get()
    assert (call.number, call.answered_by, call.ticket) == ("+12125550100", cast.alice, ticket)
    assert call.ended_at is not None
    assert PhoneEvent.objects.count() == 4
    assert refusals() == (0, "")


@pytest.mark.parametrize("accepts", ["*/*", "text/html", "application/xml"])
def test_as_a_form_or_as_json_with_a_slash_or_without(token: str, accepts: str) -> None:
    client, address = APIClient(), f"/api/v1/phones/zammad/{token}"
    parts = {**NEW, "user[]": ["Alice", "Bob"]}
    parts.pop("user")
    answers = [
        client.post(f"{address}/", NEW, format="json", HTTP_ACCEPT=accepts),
        client.post(address, NEW, format="json"),
        client.post(address, urlencode(parts, doseq=True), content_type=FORM),
        APIClient().post(address, {**parts, "callId": "other"}, format="multipart", HTTP_ACCEPT=accepts),
    ]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {})] * 4
    assert sorted(Call.objects.values_list("call_id", flat=True)) == [NEW["callId"], "other"]


def test_a_wrong_token_is_nobodys(token: str) -> None:
    wrong = ("x" * len(token), "short", token[:-1], f"{token}x")
    assert [post(each, NEW).status_code for each in wrong] == [401, 404, 401, 401]
    sources.edit(source="pbx", active=False)
    assert post(token, NEW).status_code == 401
    assert not PhoneEvent.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({**NEW, "event": "hold"}, "event"),
        ({"event": "hangup"}, "direction"),
        ({**ANSWER, "answeringNumber": "9" * 201}, "data.agent"),
        ({**NEW, "from": "1\0"}, "data"),
    ],
)
def test_what_cannot_be_read_is_refused_whole_and_noted(token: str, said: dict[str, Any], field: str) -> None:
    answer = post(token, said)
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert (refusals()[0], refusals()[1].partition(":")[0]) == (1, field)
    assert not Call.objects.exists()
    assert RawBody.objects.count() == 1


@pytest.mark.parametrize(("body", "kind", "status"), [("{", "json", 400), ("[]", "json", 400), ("x", "xml", 415)])
def test_a_body_that_is_none_is_refused_and_noted(token: str, body: str, kind: str, status: int) -> None:
    answer = APIClient().generic("POST", f"/api/v1/phones/zammad/{token}", body, content_type=f"application/{kind}")
    assert (answer.status_code, refusals()[0]) == (status, 1)


@pytest.fixture
def _breaking(transactional_db: None) -> Iterator[None]:
    """A rule of the database that nobody foresaw."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE phones_rawbody ADD CONSTRAINT unforeseen CHECK (content NOT LIKE '%breaks%')")
        yield
        cursor.execute("ALTER TABLE phones_rawbody DROP CONSTRAINT unforeseen")


@pytest.mark.usefixtures("_breaking")
def test_the_token_is_in_no_line_of_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At its most talkative, with Granian's access log switched on, and with everything that goes wrong."""
    cast = make_cast()
    token = sources.create(by=cast.adam, slug="pbx", name="The PBX", team=cast.billing, region="US")[1]
    wrong = "a-token-that-nobody-has-been-given"
    with running(tmp_path, monkeypatch, WEB, LOG_LEVEL="DEBUG", DEBUG="true") as product:

        def ask(path: str, body: object = NEW, method: str = "POST", **headers: str) -> int:
            return product.ask(method, f"/api/v1/phones/zammad/{path}", body, **headers)[0]

        statuses = [
            ask(token),
            ask(f"{token}/", {**NEW, "event": "?"}),
            ask(f"{token}/", b"{"),
            ask(f"{token}/?token={token}", b"x", Content_Type="text/plain"),
            ask(f"{token}/", method="GET"),
            ask(f"{token}/more"),
            ask(f"{token}//"),
            ask(wrong),
            ask(f"{token}/", Host="elsewhere.example.com"),
            ask(f"{token}/", b"x" * 1_100_000),
            ask(f"{token}/", {**NEW, "queue": "breaks"}),
        ]
        logged = product.logged(WEB)
    assert statuses == [200, 422, 400, 415, 405, 404, 404, 401, 400, 413, 500]
    assert logged.count('"route": "api/v1/phones/zammad/<source_token:token>"') == 8
    assert '"unforeseen"' in logged
    assert token[5:-5] not in logged
    assert wrong not in logged
