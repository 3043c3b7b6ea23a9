"""A Twilio account for tests: what it calls back, and how it signs."""

import hashlib
import json
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from rest_framework.test import APIClient
from twilio.request_validator import RequestValidator

AUTH_TOKEN = "0123456789abcdef0123456789abcdef"
ACCOUNT = "AC" + "0" * 32
CUSTOMER = "CA" + "1" * 32  # the customer's leg, by which the call is known
ALICE, BOB = "CA" + "2" * 32, "CA" + "3" * 32  # theirs
ROOM = "CF" + "4" * 32
LEGS = {"customer": CUSTOMER, "101": ALICE, "102": BOB}
CALLER, LINE = "+12125550100", "+12125550150"
URL = "/api/v1/phones/twilio/pbx/"
FORM = "application/x-www-form-urlencoded"


def in_room(number: int, event: str, at: datetime, label: str = "", **more: str) -> dict[str, str]:
    """Return a callback of the conference: its SequenceNumber, what happens, when, and to whom."""
    about = {"CallSid": LEGS[label], "ParticipantLabel": label} if label else {}
    if label:
        about |= {"Muted": "false", "Hold": "false", "Coaching": "false", "EndConferenceOnExit": "false"}
        about |= {"StartConferenceOnEnter": "true"}
    return {
        "AccountSid": ACCOUNT,
        "ConferenceSid": ROOM,
        "FriendlyName": CUSTOMER,
        "SequenceNumber": str(number),
        "StatusCallbackEvent": event,
        "Timestamp": format_datetime(at),
        **about,
        **more,
    }


def of_leg(number: int, status: str, at: datetime, *, leg: str = CUSTOMER, **more: str) -> dict[str, str]:
    """Return a callback of one leg, by default the customer's, who has called one of our numbers."""
    between = {"From": CALLER, "To": LINE, "Caller": CALLER, "Called": LINE, "Direction": "inbound"}
    return {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": leg,
        "CallStatus": status,
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(number),
        "Timestamp": format_datetime(at),
        **between,
        **more,
    }


def signature(url: str, said: dict[str, str] | None = None, *, token: str = AUTH_TOKEN) -> str:
    """Return how Twilio signs parameters that it sends to a public address."""
    return RequestValidator(token).compute_signature(url, said or {})


def call_back(
    said: dict[str, str], query: str = "", *, public: str = "http://testserver", token: str = AUTH_TOKEN, **more: Any
) -> HttpResponse:
    """Send a callback as a form, signed for the public address that Twilio knows."""
    address = f"{URL}?{query}" if query else URL
    signed = {"HTTP_X_TWILIO_SIGNATURE": signature(f"{public}{address}", said, token=token)}
    return APIClient().post(address, urlencode(said), content_type=FORM, **signed, **more)


def call_back_json(said: dict[str, Any], *, digested: dict[str, Any] | None = None) -> HttpResponse:
    """Send a callback as JSON, whose digest (or that of something else) stands in the address that is signed."""
    body = json.dumps(said)
    digest = hashlib.sha256(json.dumps(said if digested is None else digested).encode()).hexdigest()
    address = f"{URL}?bodySHA256={digest}"
    signed = {"HTTP_X_TWILIO_SIGNATURE": signature(f"http://testserver{address}")}
    return APIClient().post(address, body, content_type="application/json", **signed)
