"""Versions: who writes on what they have not seen is told so."""

import pytest

from tests.api.calls import CALLS
from tests.api.conformance import operations
from tests.cast import Cast, client_of
from tickets.models import Entry, Ticket

VERSIONED = sorted(
    name
    for name, operation in operations().items()
    if "If-Match" in [parameter["name"] for parameter in operation.get("parameters", [])]
)


def test_what_can_be_conditional() -> None:
    assert VERSIONED == [
        "acknowledge",
        "ask_for_help",
        "ask_for_manager",
        "claim_ticket",
        "close",
        "edit_ticket",
        "make_promise",
        "offer_handoff",
        "record_contact",
        "reopen",
        "resolve",
        "start_hold",
        "take_over",
        "write_note",
    ]


@pytest.mark.parametrize("operation", VERSIONED)
def test_with_the_version_that_is_there_it_is_done(operation: str, cast: Cast) -> None:
    call = CALLS[operation](cast)
    etag = client_of(cast.petra).get(f"/api/v1/tickets/{call.ticket.reference}/").headers["ETag"]
    assert call.send(HTTP_IF_MATCH=etag).status_code in (200, 201)


@pytest.mark.parametrize("operation", VERSIONED)
def test_with_another_version_it_is_refused_and_nothing_is_done(operation: str, cast: Cast) -> None:
    call = CALLS[operation](cast)
    version, entries = Ticket.objects.get(pk=call.ticket.pk).version, Entry.objects.count()
    for stale in (version - 1, version + 1, 0, 999_999_999):
        answer = call.send(HTTP_IF_MATCH=f'"{stale}"')
        assert (answer.status_code, answer.json()["type"]) == (412, "urn:ownership-tracker:problem:Stale")
    assert Entry.objects.count() == entries


def test_any_version_will_do_when_any_is_asked_for(cast: Cast) -> None:
    assert CALLS["write_note"](cast).send(HTTP_IF_MATCH="*").status_code == 200


def test_the_etag_is_the_version_and_rises_with_every_change(cast: Cast, ticket: Ticket) -> None:
    client, at = client_of(cast.alice), f"/api/v1/tickets/{ticket.reference}/"
    read = client.get(at)
    assert read.headers["ETag"] == f'"{read.json()["version"]}"'
    noted = client.post(f"{at}notes/", {"text": "She pays by card."})
    assert noted.json()["version"] == read.json()["version"] + 1
    assert noted.headers["ETag"] == client.get(at).headers["ETag"] != read.headers["ETag"]


def test_two_who_write_at_once_do_not_overwrite_each_other(cast: Cast, ticket: Ticket) -> None:
    at = f"/api/v1/tickets/{ticket.reference}/"
    seen = {"HTTP_IF_MATCH": client_of(cast.alice).get(at).headers["ETag"]}
    first = client_of(cast.alice).patch(at, {"subject": "Charged three times"}, **seen)
    second = client_of(cast.maya).patch(at, {"subject": "Refund"}, **seen)
    assert (first.status_code, second.status_code) == (200, 412)
    assert Ticket.objects.get(pk=ticket.pk).subject == "Charged three times"


def test_a_handoff_raises_the_version_of_its_ticket(cast: Cast) -> None:
    call = CALLS["accept_handoff"](cast)
    before = Ticket.objects.get(pk=call.ticket.pk).version
    call.send()
    assert Ticket.objects.get(pk=call.ticket.pk).version > before
