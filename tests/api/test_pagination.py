"""Pages that stay right: while rows are inserted, backwards, and past any number of equal times."""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from tests.api.calls import acknowledged
from tests.cast import Cast, client_of
from tickets import contacts, opening

TICKETS = "/api/v1/tickets/"


def walk(client: APIClient, url: str | None, *, to: str = "next", meanwhile: Callable[[], Any] | None = None) -> Any:
    """Return the references on each page from `url` on; `meanwhile` happens between any two."""
    pages = []
    while url is not None:
        answer = client.get(url)
        assert answer.status_code == 200, answer.content
        pages.append([row.get("reference", row.get("id")) for row in answer.json()["results"]])
        url = answer.json()[to]
        if url is not None and meanwhile is not None:
            meanwhile()
    return pages


def open_many(cast: Cast, count: int, **details: Any) -> list[str]:
    """Return the references of new tickets, the newest first."""
    return [cast.open_ticket(**details).reference for _ in range(count)][::-1]


def test_every_row_comes_once_in_order(cast: Cast) -> None:
    opened = open_many(cast, 7)
    assert walk(client_of(cast.alice), f"{TICKETS}?page_size=3") == [opened[:3], opened[3:6], opened[6:]]


def test_the_way_back_shows_the_same_pages(cast: Cast) -> None:
    opened = open_many(cast, 7)
    client = client_of(cast.alice)
    second = client.get(client.get(f"{TICKETS}?page_size=3").json()["next"]).json()
    last = client.get(second["next"]).json()
    assert last["next"] is None
    assert walk(client, last["previous"], to="previous") == [opened[3:6], opened[:3]]
    first = client.get(second["previous"]).json()
    assert first["previous"] is None
    assert walk(client, first["next"])[0] == opened[3:6]


def test_a_full_last_page_has_no_next(cast: Cast) -> None:
    open_many(cast, 6)
    assert [len(page) for page in walk(client_of(cast.alice), f"{TICKETS}?page_size=3")] == [3, 3]


def test_an_empty_list_has_neither_next_nor_previous(cast: Cast) -> None:
    assert client_of(cast.alice).get(TICKETS).json() == {"results": [], "next": None, "previous": None}


def test_what_comes_in_meanwhile_shifts_no_page(cast: Cast) -> None:
    opened = open_many(cast, 7)
    pages = walk(client_of(cast.alice), f"{TICKETS}?page_size=2", meanwhile=lambda: open_many(cast, 2))
    assert [reference for page in pages for reference in page] == opened


def test_what_is_written_meanwhile_is_on_the_last_page_of_a_timeline(cast: Cast) -> None:
    ticket = acknowledged(cast)
    url = f"{TICKETS}{ticket.reference}/timeline/?page_size=2"
    before = ticket.entries.count()
    note = functools.partial(contacts.note, ticket=ticket.pk, by=cast.alice, text="She pays by card.")
    pages = walk(client_of(cast.alice), url, meanwhile=note)
    entries = [entry for page in pages for entry in page]
    assert entries == list(ticket.entries.order_by("at", "id").values_list("pk", flat=True))
    assert len(entries) == before + len(pages) - 1


@pytest.mark.parametrize("ordering", ["-opened_at", "next_due"])
@pytest.mark.parametrize("query", ["", "owner=me&live=true&"], ids=["anybody's", "the desk"])
def test_tickets_of_one_instant_keep_their_places(ordering: str, query: str, cast: Cast) -> None:
    at = timezone.now() - timedelta(minutes=5)
    opened = {ticket.reference for ticket in (cast.open_ticket(at=at) for _ in range(7))}
    pages = walk(client_of(cast.alice), f"{TICKETS}?{query}page_size=2&ordering={ordering}")
    assert [len(page) for page in pages] == [2, 2, 2, 1]
    assert {reference for page in pages for reference in page} == opened


def test_more_than_a_thousand_entries_of_one_instant_are_all_there(cast: Cast) -> None:
    ticket = acknowledged(cast)
    before = ticket.entries.count()
    entry = ticket.entries.get(kind="opened")
    type(entry).objects.bulk_create(
        type(entry)(ticket=ticket, kind="note", at=entry.at, by=cast.alice, data={"place": place})
        for place in range(1_200)
    )
    pages = walk(client_of(cast.alice), f"{TICKETS}{ticket.reference}/timeline/?page_size=200")
    assert [len(page) for page in pages] == [200] * 6 + [before]
    assert len({entry for page in pages for entry in page}) == 1_200 + before


def test_what_never_falls_due_comes_last_and_is_paged_too(cast: Cast) -> None:
    due = open_many(cast, 3)
    done = [acknowledged(cast).reference for _ in range(5)]
    pages = walk(client_of(cast.alice), f"{TICKETS}?ordering=next_due&page_size=2")
    assert [reference for page in pages for reference in page] == due[::-1] + done


def test_the_links_keep_what_was_asked_for(cast: Cast) -> None:
    open_many(cast, 3, by=cast.bob)
    open_many(cast, 3)
    client = client_of(cast.alice)
    asked = client.get(TICKETS, {"owner": "bob", "page_size": 2, "q": 'Charged "twice"'}).json()
    assert len(asked["results"]) == 2
    assert [ticket["owner"]["username"] for ticket in client.get(asked["next"]).json()["results"]] == ["bob"]


def test_a_page_has_fifty_rows_unless_asked_otherwise(cast: Cast) -> None:
    for _ in range(51):
        opening.open_ticket(
            by=cast.alice, customer=cast.customer, team=cast.billing, subject="Late", description="It is late."
        )
    assert [len(page) for page in walk(client_of(cast.alice), TICKETS)] == [50, 1]
