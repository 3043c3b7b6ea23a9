"""How often one may ask: so many times a minute, counted for each person, and for each address of nobody."""

from collections.abc import Iterator

import pytest
import time_machine
from django.http import HttpResponse
from rest_framework.test import APIClient

from people.api.throttles import PerAddress, PerPerson
from tests.api.test_bad_input import refusal
from tests.cast import Cast, client_of, utc

ME = "/api/v1/me/"


@pytest.fixture(autouse=True)
def _three_a_minute(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    rates = {"person": "3/min", "address": "3/min"}
    for throttle in (PerPerson, PerAddress):
        monkeypatch.setattr(throttle, "THROTTLE_RATES", rates)
    with time_machine.travel(utc(2026, 5, 1, 12, 0, 20), tick=False):
        yield


def statuses(client: APIClient, times: int, **headers: str) -> list[int]:
    return [client.get(ME, **headers).status_code for _ in range(times)]


def refused(client: APIClient, **headers: str) -> HttpResponse:
    answer = client.get(ME, **headers)
    refusal(answer, among=(429,))
    return answer


def test_who_asks_too_often_is_told_when_to_come_back(cast: Cast) -> None:
    client = client_of(cast.alice)
    assert statuses(client, 3) == [200, 200, 200]
    assert refused(client).headers["Retry-After"] == "40"


def test_with_the_next_minute_they_may_ask_again(cast: Cast) -> None:
    client = client_of(cast.alice)
    assert statuses(client, 4) == [200, 200, 200, 429]
    with time_machine.travel(utc(2026, 5, 1, 12, 1, 0), tick=False):
        assert statuses(client, 4) == [200, 200, 200, 429]


def test_everybody_is_counted_for_themselves(cast: Cast) -> None:
    assert statuses(client_of(cast.alice), 4) == [200, 200, 200, 429]
    assert statuses(client_of(cast.bob), 1) == [200]


def test_a_person_is_counted_once_however_many_tokens_they_have(cast: Cast) -> None:
    assert statuses(client_of(cast.alice), 3) == [200, 200, 200]
    refused(client_of(cast.alice))


def test_reading_and_writing_count_alike(cast: Cast) -> None:
    client = client_of(cast.alice)
    assert statuses(client, 3) == [200, 200, 200]
    refusal(client.post("/api/v1/customers/", {"name": "Customer Two"}), among=(429,))


@pytest.mark.parametrize("header", ["Bearer guessed", ""], ids=["a guessed token", "no token"])
def test_an_address_from_which_tokens_are_guessed_is_slowed_down(header: str, cast: Cast) -> None:
    assert statuses(APIClient(), 3, HTTP_AUTHORIZATION=header) == [401, 401, 401]
    assert refused(APIClient(), HTTP_AUTHORIZATION=header).headers["Retry-After"] == "40"


def test_another_address_is_counted_apart(cast: Cast) -> None:
    assert statuses(APIClient(), 4) == [401, 401, 401, 429]
    assert statuses(APIClient(), 1, REMOTE_ADDR="192.0.2.7") == [401]


def test_whoever_has_signed_in_is_not_held_up_by_others_at_their_address(cast: Cast) -> None:
    assert statuses(APIClient(), 4) == [401, 401, 401, 429]
    assert statuses(client_of(cast.alice), 1) == [200]


def test_what_is_forbidden_counts_too(cast: Cast) -> None:
    client = client_of(cast.ada)
    answers = [client.post("/api/v1/customers/", {"name": "Customer Two"}).status_code for _ in range(4)]
    assert answers == [403, 403, 403, 429]
