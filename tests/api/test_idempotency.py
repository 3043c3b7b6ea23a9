"""The same request twice does it once: Idempotency-Key."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from people.api.idempotency import forget_old
from people.models import IdempotencyKey
from tests.api.calls import CALLS, acknowledged
from tests.api.conformance import operations
from tests.cast import Cast, client_of
from tickets.models import Entry, Ticket

POSTS = sorted(
    name
    for name, operation in operations().items()
    if "Idempotency-Key" in [parameter["name"] for parameter in operation.get("parameters", [])]
)
KEY = {"HTTP_IDEMPOTENCY_KEY": "4f1c-first"}


@pytest.mark.parametrize("operation", POSTS)
def test_a_request_that_is_sent_again_gets_the_first_answer(operation: str, cast: Cast) -> None:
    call = CALLS[operation](cast)
    client = client_of(call.by)
    first = call.send(client, **KEY)
    entries = Entry.objects.count()
    again = call.send(client, **KEY)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Entry.objects.count() == entries


def test_without_a_key_it_is_done_twice(cast: Cast) -> None:
    call = CALLS["open_ticket"](cast)
    assert call.send().json()["reference"] != call.send().json()["reference"]


def test_the_key_with_another_body_is_refused(cast: Cast) -> None:
    call = CALLS["open_ticket"](cast)
    client = client_of(call.by)
    call.send(client, **KEY)
    other = client.post(call.url, {**(call.body or {}), "subject": "Another one"}, **KEY)
    assert (other.status_code, other.json()["type"]) == (422, "urn:ownership-tracker:problem:KeyReused")
    assert Ticket.objects.count() == 1


def test_the_key_at_another_address_is_refused(cast: Cast) -> None:
    one, other = acknowledged(cast), acknowledged(cast)
    client = client_of(cast.alice)
    for ticket, status in ((one, 200), (other, 422)):
        answer = client.post(f"/api/v1/tickets/{ticket.reference}/notes/", {"text": "She pays by card."}, **KEY)
        assert answer.status_code == status


def test_two_people_may_use_one_key(cast: Cast) -> None:
    call = CALLS["open_ticket"](cast)
    mine, theirs = call.send(client_of(cast.alice), **KEY), call.send(client_of(cast.bob), **KEY)
    assert (mine.json()["owner"]["username"], theirs.json()["owner"]["username"]) == ("alice", "bob")


def test_a_refusal_is_not_kept(cast: Cast) -> None:
    call = CALLS["accept_handoff"](cast)
    client = client_of(call.by)
    refused = client.post(call.url, {**(call.body or {}), "read_back": "ok"}, **KEY)
    assert refused.status_code == 422
    assert not IdempotencyKey.objects.exists()
    assert call.send(client, **KEY).status_code == 200


def test_whoever_may_not_do_it_gets_no_answer_of_anybody_else(cast: Cast) -> None:
    call = CALLS["accept_handoff"](cast)
    assert call.send(**KEY).status_code == 200
    assert call.send(client_of(cast.luis), **KEY).status_code == 404


@pytest.mark.parametrize(
    ("age", "kept"), [(timedelta(hours=23, minutes=59), True), (timedelta(hours=24, minutes=1), False)]
)
def test_an_answer_is_kept_for_a_day(age: timedelta, kept: bool, cast: Cast) -> None:
    call = CALLS["open_ticket"](cast)
    with time_machine.travel(timezone.now() - age):
        first = call.send(**KEY)
    assert (call.send(**KEY).json()["reference"] == first.json()["reference"]) is kept


def test_what_is_older_than_a_day_is_forgotten(cast: Cast) -> None:
    call = CALLS["open_ticket"](cast)
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        call.send(**KEY)
    call.send(HTTP_IDEMPOTENCY_KEY="another")
    assert forget_old() == 1
    assert IdempotencyKey.objects.get().key == "another"
