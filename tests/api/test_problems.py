"""Each way of being refused, once, with its whole body (RFC 9457)."""

from typing import Any

import pytest
from django.http import HttpResponse
from rest_framework.test import APIClient

from people.api.throttles import PerPerson
from tests.api.calls import CALLS
from tests.cast import Cast, client_of

SEE_ERRORS = "Something in the request is missing or cannot be read; see errors."


def problem(answer: HttpResponse) -> dict[str, Any]:
    """Return the body of a problem without what says so twice."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body.pop("status") == answer.status_code
    body["type"] = body["type"].removeprefix("urn:ownership-tracker:problem:")
    return body


def test_400_malformed(cast: Cast) -> None:
    answer = client_of(cast.alice).post("/api/v1/customers/", {"name": 5})
    assert answer.status_code == 400
    assert problem(answer) == {
        "type": "InvalidInput",
        "title": "Malformed",
        "detail": SEE_ERRORS,
        "errors": [{"field": "name", "message": "Give a text."}],
    }


def test_400_names_what_is_wrong_inside_a_list(cast: Cast) -> None:
    points = [{"kind": "email", "value": "one@example.com"}, {"kind": "phone", "value": "12"}]
    answer = client_of(cast.alice).post("/api/v1/customers/", {"name": "Customer Two", "contact_points": points})
    assert answer.status_code == 400
    assert [error["field"] for error in problem(answer)["errors"]] == ["contact_points.1.value"]


def test_401_not_signed_in(db: None) -> None:
    answer = APIClient().get("/api/v1/me/")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert problem(answer) == {
        "type": "NotAuthenticated",
        "title": "Not signed in",
        "detail": "Authentication credentials were not provided.",
        "errors": [],
    }


def test_403_not_yours_to_do(cast: Cast) -> None:
    answer = CALLS["acknowledge"](cast).send(client_of(cast.bob))
    assert answer.status_code == 403
    assert problem(answer) == {
        "type": "NotYours",
        "title": "Not yours to do",
        "detail": "That is not yours to do.",
        "errors": [],
    }


def test_404_not_visible_is_like_not_there(cast: Cast) -> None:
    invisible = CALLS["get_ticket"](cast).send(client_of(cast.luis))
    absent = client_of(cast.luis).get("/api/v1/tickets/T-999999/")
    assert (invisible.status_code, invisible.content) == (absent.status_code, absent.content) == (404, absent.content)
    assert problem(invisible) == {
        "type": "UnknownTicket",
        "title": "Not found",
        "detail": "There is no ticket of that reference that you can see.",
        "errors": [],
    }


def test_404_no_such_address(cast: Cast) -> None:
    answer = client_of(cast.alice).get("/api/v1/nothing/")
    assert answer.status_code == 404
    assert problem(answer)["detail"].startswith("There is nothing at this address.")


def test_405_no_such_method(cast: Cast) -> None:
    answer = client_of(cast.alice).delete("/api/v1/me/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert problem(answer)["title"] == "No such method here"


def test_406_only_json_is_served(cast: Cast) -> None:
    answer = client_of(cast.alice).get("/api/v1/me/", HTTP_ACCEPT="text/html")
    assert answer.status_code == 406
    assert problem(answer)["title"] == "Only JSON is served"


def test_409_the_state_does_not_allow_it(cast: Cast) -> None:
    call = CALLS["acknowledge"](cast)
    call.send()
    answer = call.send()
    assert answer.status_code == 409
    assert problem(answer) == {
        "type": "StateDoesNotAllow",
        "title": "The state does not allow it",
        "detail": "This ticket has been acknowledged already.",
        "errors": [],
    }


def test_412_stale(cast: Cast) -> None:
    answer = CALLS["edit_ticket"](cast).send(HTTP_IF_MATCH='"1"')
    assert answer.status_code == 412
    assert problem(answer) == {
        "type": "Stale",
        "title": "Stale",
        "detail": "Somebody changed it since you read it. Read it again, then repeat what you wanted to do.",
        "errors": [{"field": "version", "message": "It is at version 3; you had 1."}],
    }


def test_413_too_large(cast: Cast) -> None:
    answer = client_of(cast.alice).post("/api/v1/customers/", {"name": "x" * 1_100_000})
    assert answer.status_code == 413
    assert problem(answer)["detail"] == "The body is too large: a megabyte is the limit."


def test_415_only_json_is_understood(cast: Cast) -> None:
    answer = client_of(cast.alice).generic("POST", "/api/v1/customers/", "name=x", content_type="text/plain")
    assert answer.status_code == 415
    assert problem(answer)["title"] == "Only JSON is understood"


def test_422_incomplete_names_everything_at_once(cast: Cast) -> None:
    call = CALLS["offer_handoff"](cast)
    answer = client_of(call.by).post(call.url, {"to": "carol", "reason": "skill", "need": "n/a", "history": "Paid."})
    assert answer.status_code == 422
    assert problem(answer) == {
        "type": "PacketIncomplete",
        "title": "Incomplete",
        "detail": "The handoff is not complete: what is missing stands beside the fields.",
        "errors": [
            {"field": "need", "message": "What does the customer need, in the customer's words?"},
            {"field": "next_action", "message": "Who does what next, and by when?"},
            {
                "field": "expectation",
                "message": "What does the customer expect, and what were they told to expect?",
            },
        ],
    }


def test_429_too_many_requests(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PerPerson, "THROTTLE_RATES", {"person": "1/min"})
    client = client_of(cast.alice)
    answers = [client.get("/api/v1/me/") for _ in range(3)]
    answer = answers[-1]
    assert (answer.status_code, 1 <= int(answer.headers["Retry-After"]) <= 60) == (429, True)
    assert problem(answer)["title"] == "Too many requests"
