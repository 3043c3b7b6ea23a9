"""How many statements a request costs. A number here may fall; whoever raises one says in the commit why."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from handoffs.models import Handoff
from tests.cast import READ_BACK, Cast, client_of, in_hours
from tickets.models import Ticket


@pytest.fixture
def bob(cast: Cast) -> APIClient:
    """Bob's client."""
    return client_of(cast.bob)


def statements(client: APIClient, method: str, path: str, body: Any = None) -> list[str]:
    """Return the statements behind one successful request."""
    # The token has been looked up already, as it has in all but one request of half a minute.
    client.get("/api/v1/me/")
    with CaptureQueriesContext(connection) as captured:
        response = getattr(client, method)(path, body)
    assert response.status_code in (200, 201), response.content
    return [query["sql"] for query in captured.captured_queries]


def assert_at_most(limit: int, sent: list[str]) -> None:
    numbered = "\n".join(f"{place}. {sql[:150]}" for place, sql in enumerate(sent, 1))
    assert len(sent) <= limit, f"{len(sent)} statements instead of {limit}:\n{numbered}"


def test_opening_a_ticket(cast: Cast, bob: APIClient) -> None:
    message = {"customer": cast.customer.pk, "team": "billing", "subject": "Charged", "description": "Twice."}

    # Read the customer and the team, lock the customer, five rows and the receipt, settle, read the answer.
    assert_at_most(13, statements(bob, "post", "/api/v1/tickets/", message))


def test_accepting_an_offer(offer: Handoff, bob: APIClient) -> None:
    said = {"read_back": READ_BACK, "next_contact_at": in_hours(2)}

    # Lock, read, the three rows of a move, the promise, read-back, entry and notice, and the duplicates that
    # wait for the new owner's yes; no chain: it had one owner.
    assert_at_most(16, statements(bob, "post", f"/api/v1/handoffs/{offer.pk}/accept/", said))


def test_reading_a_ticket(ticket: Ticket, bob: APIClient) -> None:
    # PostgreSQL writes the answer and says whether Bob may see it; the first look of the hour is logged.
    assert_at_most(2, statements(bob, "get", f"/api/v1/tickets/{ticket.reference}/"))


def test_reading_a_chain(ticket: Ticket, bob: APIClient) -> None:
    # May he see it, the look, the chain in one statement.
    assert_at_most(3, statements(bob, "get", f"/api/v1/tickets/{ticket.reference}/chain/"))


def test_reading_a_timeline(ticket: Ticket, bob: APIClient) -> None:
    # May he see it, the look, the page.
    assert_at_most(3, statements(bob, "get", f"/api/v1/tickets/{ticket.reference}/timeline/"))


def test_a_list_costs_the_same_however_long_it_is(cast: Cast, bob: APIClient) -> None:
    def read() -> list[str]:
        return statements(bob, "get", "/api/v1/tickets/?ordering=next_due&page_size=50")

    cast.open_ticket()
    short = read()
    for _ in range(59):
        cast.open_ticket()
    long = read()

    # Whom Bob covers just now; the page: owners, flags and next due times come with it.
    assert_at_most(2, long)
    assert len(short) == len(long)
