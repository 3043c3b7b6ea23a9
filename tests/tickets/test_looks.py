"""Looks: who looked at a ticket, once a person, ticket and hour."""

from datetime import timedelta

from rest_framework.test import APIClient

from tests.cast import Cast, client_of, utc
from tickets import looks
from tickets.models import Look, Ticket

NINE = utc(2027, 3, 1, 9)


def log(ticket: Ticket, cast: Cast, who: str, minutes: int) -> None:
    """Let somebody look so many minutes after nine."""
    looks.log(ticket=ticket.pk, person=getattr(cast, who).pk, at=NINE + timedelta(minutes=minutes))


def test_one_row_a_person_and_hour(cast: Cast, ticket: Ticket) -> None:
    for who, minutes in (("bob", 5), ("bob", 59), ("ada", 59), ("bob", 60), ("bob", 125)):
        log(ticket, cast, who, minutes)
    assert list(Look.objects.order_by("hour", "person__username").values_list("person__username", "hour")) == [
        ("ada", NINE),
        ("bob", NINE),
        ("bob", NINE + timedelta(hours=1)),
        ("bob", NINE + timedelta(hours=2)),
    ]


def test_another_process_that_writes_the_same_row_does_no_harm(cast: Cast, ticket: Ticket) -> None:
    log(ticket, cast, "bob", 5)
    looks.log_hour.cache_clear()
    log(ticket, cast, "bob", 6)
    assert Look.objects.count() == 1


def test_reading_a_ticket_is_a_look_and_so_is_reading_its_history(cast: Cast, ticket: Ticket) -> None:
    other, third = cast.open_ticket(), cast.open_ticket()
    bob: APIClient = client_of(cast.bob)
    bob.get(f"/api/v1/tickets/{ticket.reference}/")
    bob.get(f"/api/v1/tickets/{other.reference}/timeline/")
    bob.get(f"/api/v1/tickets/{third.reference}/chain/")
    assert set(Look.objects.values_list("ticket", "person__username")) == {
        (ticket.pk, "bob"),
        (other.pk, "bob"),
        (third.pk, "bob"),
    }


def test_who_may_not_see_it_has_not_looked(cast: Cast, ticket: Ticket) -> None:
    assert client_of(cast.luis).get(f"/api/v1/tickets/{ticket.reference}/").status_code == 404
    assert not Look.objects.exists()
