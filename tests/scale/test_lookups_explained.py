"""A caller is found among a million customers by the index, in a handful of pages."""

from collections.abc import Iterator

import pytest
from rest_framework.test import APIClient

from people.presence import take_extension
from phones import sources
from tests.cast import Cast, client_of, make_cast
from tests.phones.test_events_api import by_token
from tests.scale.explaining import explained
from tests.scale.loading import bulk_load, insert
from tests.scale.worlds import clone
from tickets.models import ContactPoint, Customer, Ticket

TABLES = (Customer, ContactPoint, Ticket)
CUSTOMERS = 1_000_000
# Customer One's number, one that two customers share, and one that nobody has.
CALLER, SHARED, NOBODYS = "2125550100", "4120000009", "2129999999"
# Far from the numbers that other tests have used up.
NINTH = 50_000_009
# Down a few indexes, each three pages high, and to a row or two from each.
HANDFUL = 30


@pytest.fixture
def town(transactional_db: None) -> Iterator[Cast]:
    """A million customers, each with a number; every tenth shares the ninth's. One in five has complained before."""
    with clone("town"):
        cast = make_cast()
        with bulk_load(TABLES):
            _write(cast)
        cast.open_ticket()
        yield cast


def _write(cast: Cast) -> None:
    everybody, customer = f"generate_series(1, {CUSTOMERS}) AS n", f"{NINTH - 9} + n"
    number = "'+1412' || lpad((n - CASE WHEN mod(n, 10) = 0 THEN 1 ELSE 0 END)::text, 7, '0')"
    insert(Customer, everybody, id=customer, anonymous="true")
    insert(ContactPoint, everybody, customer_id=customer, kind="'phone'", value=number)
    times = ("opened_at", "owner_since", "acknowledged_at", "last_contact_at", "resolved_at", "closed_at")
    insert(
        Ticket,
        f"{everybody} WHERE mod(n, 5) = 0",
        id=f"{CUSTOMERS} + n",
        customer_id=customer,
        team_id=str(cast.billing.pk),
        owner_id=str(cast.alice.pk),
        status="'closed'",
        outcome="'resolved'",
        root_cause="'booking'",
        **dict.fromkeys(times, "now()"),
    )


def customers_of(client: APIClient, number: str) -> list[int]:
    """Return the customers whom a rep finds by a number."""
    answer = client.get(f"/api/v1/customers/?phone=%2B1{number}")
    return [customer["id"] for customer in answer.json()["results"]]


def route_of(client: APIClient, number: str) -> list[str]:
    """Return the extension, if any, to which a telephone system is told to put a number through."""
    answer = client.get(f"/api/v1/phones/route/?from={number}")
    return [extension for extension in [answer.json()["extension"]] if extension]


def test_a_caller_is_found_among_a_million_customers(town: Cast, subtests: pytest.Subtests) -> None:
    take_extension(person=town.alice, extension="101")
    _, token = sources.create(by=town.adam, slug="pbx", name="The PBX", team=town.billing, region="US")
    rep, system = client_of(town.alice), by_token(token)
    found = {
        "who is calling": lambda: customers_of(rep, CALLER) == [town.customer.pk],
        "who shares a number": lambda: customers_of(rep, SHARED) == [NINTH, NINTH + 1],
        "who has no number": lambda: customers_of(rep, NOBODYS) == [],
        "where a caller belongs": lambda: route_of(system, CALLER) == ["101"],
        "where a household belongs": lambda: route_of(system, SHARED) == [],
        "where nobody belongs": lambda: route_of(system, NOBODYS) == [],
    }
    large = {model._meta.db_table for model in TABLES}
    for name, is_found in found.items():
        with explained() as touched:
            right = is_found()
        spent = "\n".join(f"{cost.pages:6} pages {cost.rows:8.0f} rows  {sql}" for sql, cost in touched.each.items())
        with subtests.test(name):
            assert right
            assert "tickets_contactpoint" in touched.tables
            assert {table for table, _ in touched.read_whole} & large == set(), spent
            assert touched.pages <= HANDFUL, spent
