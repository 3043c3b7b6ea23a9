"""Twilio over HTTP: believed by its signature of the public address, form or JSON, as often as it likes."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient
from twilio.request_validator import RequestValidator

from people import presence
from phones import sources
from phones.models import Call, PhoneEvent, RawBody, Source
from tests.cast import Cast, client_of, flags_of
from tests.phones.lines import source_of
from tests.phones.vendors.twilio_account import (
    ACCOUNT,
    AUTH_TOKEN,
    CALLER,
    CUSTOMER,
    FORM,
    LINE,
    URL,
    call_back,
    call_back_json,
    in_room,
    signature,
)
from tickets.models import Hold, Ticket

QUERY = urlencode({"from": CALLER, "to": LINE})


@pytest.fixture(autouse=True)
def source(cast: Cast) -> Source:
    """A Twilio account of Billing's, with Alice on 101."""
    presence.take_extension(person=cast.alice, extension="101")
    return sources.edit(source=source_of(cast).slug, vendor_secret=AUTH_TOKEN)


def began(minutes: float = 2) -> datetime:
    return timezone.now().replace(microsecond=0) - timedelta(minutes=minutes)


def lost_on_hold(start: datetime) -> list[dict[str, str]]:
    """Return what Twilio calls back when a customer hangs up on hold."""

    def later(seconds: int) -> datetime:
        return start + timedelta(seconds=seconds)

    return [
        in_room(1, "participant-join", later(0), "customer"),
        in_room(2, "participant-join", later(8), "101", EndConferenceOnExit="true"),
        in_room(3, "participant-hold", later(20), "customer", Hold="true"),
        in_room(4, "participant-leave", later(80), "customer", ReasonParticipantLeft="participant_hung_up"),
        in_room(5, "participant-leave", later(80), "101", ReasonParticipantLeft="moderator_ended_conference"),
    ]


def refusals() -> tuple[int, str]:
    """Return how many were refused, and why the last one was."""
    source = Source.objects.get()
    return source.refused, source.refused_why


def test_whoever_hangs_up_on_hold_is_flagged(cast: Cast, ticket: Ticket) -> None:
    for callback in lost_on_hold(began()):
        answer = call_back(callback, QUERY)
        assert (answer.status_code, answer.content) == (204, b"")
    call = Call.objects.get()
    assert (call.call_id, call.number, call.ticket, call.answered_by) == (CUSTOMER, CALLER, ticket, cast.alice)
    assert (flags_of(ticket), Hold.objects.get().by) == ({"abandoned_on_hold": "red"}, cast.alice)
    assert refusals() == (0, "")


def test_a_hold_is_seen_while_it_lasts_and_ends_with_the_return(ticket: Ticket) -> None:
    *story, held = lost_on_hold(began(1))[:3]
    for callback in (*story, held):
        call_back(callback, QUERY)
    assert Hold.objects.get().ended_at is None
    call_back(in_room(4, "participant-unhold", began(0.5), "customer"), QUERY)
    assert (Hold.objects.get().how, flags_of(ticket)) == ("returned", {})


def test_retries_and_disorder_change_nothing(ticket: Ticket) -> None:
    start = began()
    callbacks = lost_on_hold(start)
    for callback in (*reversed(callbacks), *callbacks):
        assert call_back(callback, QUERY).status_code == 204
    assert flags_of(ticket) == {"abandoned_on_hold": "red"}
    assert (Call.objects.get().began_at, Ticket.objects.count()) == (start, 1)
    assert refusals() == (0, "")


@pytest.mark.parametrize("how", ["another token", "another address", "another body", "no signature", "a novel way"])
def test_a_signature_that_does_not_fit_is_refused_and_noted(how: str, caplog: pytest.LogCaptureFixture) -> None:
    said = in_room(1, "participant-join", began(), "customer")
    match how:
        case "another token":
            answer = call_back(said, token="f" * 32)
        case "another address":
            answer = call_back(said, public="https://elsewhere.example.com")
        case "another body":
            signed = {"HTTP_X_TWILIO_SIGNATURE": signature(f"http://testserver{URL}", said)}
            answer = APIClient().post(URL, urlencode({**said, "Hold": "true"}), content_type=FORM, **signed)
        case "no signature":
            answer = APIClient().post(URL, urlencode(said), content_type=FORM)
        case _:
            answer = call_back(said, HTTP_X_TWILIO_WEBHOOKS_SIGNATURE_SETTINGS="key=1,algorithm=HMAC_MD5")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "X-Twilio-Signature")
    assert not PhoneEvent.objects.exists()
    assert not RawBody.objects.exists()
    count, why = refusals()
    assert count == (how != "no signature")
    assert how == "no signature" or f"http://testserver{URL}" in why
    assert "MD5" not in caplog.text  # whatever somebody says is not logged


def test_without_an_auth_token_nothing_is_believed(source: Source) -> None:
    sources.edit(source=source.slug, vendor_secret="")
    assert call_back(in_room(1, "participant-join", began(), "customer"), token="").status_code == 401
    assert "vendor_secret" in refusals()[1]


def test_another_or_a_silent_telephone_system_is_nobody(source: Source) -> None:
    said = in_room(1, "participant-join", began(), "customer")
    signed = {"HTTP_X_TWILIO_SIGNATURE": signature("http://testserver/api/v1/phones/twilio/other/", said)}
    other = APIClient().post("/api/v1/phones/twilio/other/", urlencode(said), content_type=FORM, **signed)
    sources.edit(source=source.slug, active=False)
    assert (other.status_code, call_back(said).status_code) == (401, 401)


def test_a_webhook_key_signs_with_sha256() -> None:
    said = in_room(1, "participant-join", began(), "customer")
    signed = RequestValidator(AUTH_TOKEN).compute_signature(f"http://testserver{URL}", said, "HMAC_SHA256")
    headers = {
        "HTTP_X_TWILIO_SIGNATURE": signed,
        "HTTP_X_TWILIO_WEBHOOKS_SIGNATURE_SETTINGS": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256",
    }
    assert APIClient().post(URL, urlencode(said), content_type=FORM, **headers).status_code == 204


@pytest.mark.parametrize("port", ["", ":443"])
def test_behind_a_proxy_the_public_address_is_what_was_signed(settings: Settings, port: str) -> None:
    settings.ALLOWED_HOSTS = ["tracker.example.com"]
    said = in_room(1, "participant-join", began(), "customer")
    from_proxy = {"HTTP_HOST": "tracker.example.com", "HTTP_X_FORWARDED_PROTO": "https"}
    public = f"https://tracker.example.com{port}"
    assert call_back(said, QUERY, public=public, **from_proxy).status_code == 401  # BEHIND_TLS is not set
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert call_back(said, QUERY, public=public, **from_proxy).status_code == 204


def test_json_is_signed_by_the_digest_in_its_address() -> None:
    said: dict[str, Any] = {**in_room(1, "participant-join", began(), "customer"), "SequenceNumber": 1, "Hold": False}
    assert call_back_json(said).status_code == 204
    assert call_back_json(said, digested={**said, "Hold": True}).status_code == 401
    # A signature of an address alone vouches for no body.
    signed = {"HTTP_X_TWILIO_SIGNATURE": signature(f"http://testserver{URL}")}
    assert APIClient().post(URL, said, format="json", **signed).status_code == 401
    assert Call.objects.get().call_id == CUSTOMER


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"Timestamp": "yesterday"}, "Timestamp"),
        ({"ParticipantLabel": "", "CallSid": "CA" + "9" * 32}, "ParticipantLabel"),
        ({"ParticipantLabel": "1" * 201, "CallSid": "CA" + "9" * 32}, "data.agent"),
        ({"ParticipantLabel": "1\0", "CallSid": "CA" + "9" * 32}, "data"),
        ({"StatusCallbackEvent": ""}, "CallStatus"),
    ],
)
def test_what_cannot_be_read_is_refused_whole_and_noted(changed: dict[str, str], field: str) -> None:
    answer = call_back({**in_room(1, "participant-join", began(), "customer"), **changed})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (refusals()[0], refusals()[1].partition(":")[0]) == (1, field)
    assert not PhoneEvent.objects.exists()


@pytest.mark.parametrize("body", ["[1]", "7", '"text"', "{", "[" * 100_000])
def test_json_that_is_no_object_is_refused_and_noted(body: str) -> None:
    address = f"{URL}?bodySHA256={RequestValidator('').compute_hash(body)}"
    signed = {"HTTP_X_TWILIO_SIGNATURE": signature(f"http://testserver{address}")}
    answer = APIClient().post(address, body, content_type="application/json", **signed)
    assert (answer.status_code, refusals()[0]) == (400, 1)


def test_another_kind_of_body_is_refused_and_noted() -> None:
    signed = {"HTTP_X_TWILIO_SIGNATURE": signature(f"http://testserver{URL}", {"x": "1"})}
    answer = APIClient().generic("POST", URL, "x=1", content_type="text/plain", **signed)
    assert (answer.status_code, refusals()[0]) == (415, 1)


def test_what_was_sent_is_kept_readable_and_masked() -> None:
    said = {**in_room(1, "participant-join", began(), "customer"), "Digits": "4111 1111 1111 1111", "api_token": "me"}
    call_back(said)
    kept = RawBody.objects.get().content
    assert f"AccountSid={ACCOUNT}" in kept
    assert "FriendlyName=CA1111" in kept
    assert "Digits=****1111" in kept
    assert "api_token=***" in kept


def test_an_administrator_sets_the_auth_token_and_nobody_sees_it(cast: Cast) -> None:
    admin = client_of(cast.adam)
    changed = admin.patch("/api/v1/phones/sources/pbx/", {"vendor_secret": "9" * 32})
    seen = [changed, admin.get("/api/v1/phones/sources/"), admin.post("/api/v1/phones/sources/pbx/rotate/", {})]
    assert [answer.status_code for answer in seen] == [200, 200, 200]
    assert not any("9" * 32 in answer.content.decode() for answer in seen)
    assert (Source.objects.get().vendor_secret, Source.objects.get().active) == ("9" * 32, True)
    said = in_room(1, "participant-join", began(), "customer")
    assert (call_back(said).status_code, call_back(said, token="9" * 32).status_code) == (401, 204)
