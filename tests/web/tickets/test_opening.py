"""Opening a ticket while the customer speaks: found while typing, owned on saving, nothing half done."""

from typing import Any

import pytest
from django.http import HttpResponse

from people.models import Person
from tests.cast import Cast
from tests.invariants import broken_invariants
from tests.web.screens import read, signed_in
from tests.web.tickets.test_doing import at
from tickets import customers
from tickets.models import Customer, Ticket


def opened(person: Person, cast: Cast, **said: Any) -> HttpResponse:
    """Send the form of a new complaint of the customer's, and return the answer."""
    form = {
        "customer": cast.customer.pk,
        "subject": "Charged twice",
        "description": "March was taken two times.",
        "team": cast.billing.pk,
        "severity": "serious",
        "channel": "phone",
        **said,
    }
    return signed_in(person).post("/tickets/new/", {name: value for name, value in form.items() if value is not None})


def test_whoever_opens_it_owns_it(cast: Cast) -> None:
    answer = opened(cast.alice, cast)

    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/tickets/{ticket.reference}/"
    assert (ticket.owner, ticket.severity, ticket.status) == (cast.alice, "serious", "new")


def test_it_is_acknowledged_in_the_same_breath(cast: Cast) -> None:
    opened(cast.alice, cast, message="I am Alice, I do it.", next_contact_at=at(2))

    ticket = Ticket.objects.get()
    assert ticket.status == "open"
    assert ticket.promises.count() == 1


def test_a_customer_is_found_while_somebody_types(cast: Cast) -> None:
    client = signed_in(cast.alice)
    ticket = cast.open_ticket()

    for typed in ("Customer", "+1 212 555 0100", "(212) 555", "one@example.com"):
        found = read(client, "/customers/find/", data={"find": typed})
        assert "Customer One" in found, typed
        assert ticket.reference in found
        assert "Alice" in found
    assert "Nobody found" in read(client, "/customers/find/", data={"find": "zebra"})


def test_an_open_ticket_is_asked_about_not_assumed(cast: Cast) -> None:
    ticket = cast.open_ticket()

    refused = opened(cast.bob, cast)
    further = opened(cast.bob, cast, about=ticket.pk)
    another = opened(cast.bob, cast, about="")

    assert refused.status_code == 422
    assert "Say whether it is about that one" in refused.content.decode()
    assert further["Location"] == f"/tickets/{ticket.reference}/"
    assert ticket.entries.filter(kind="contact").count() == 1
    assert another.status_code == 302
    assert Ticket.objects.count() == 2


def test_a_new_customer_comes_with_their_first_complaint(cast: Cast) -> None:
    answer = opened(cast.alice, cast, customer=None, new_name="Customer Two", new_phone="+1 212 555 0123")

    assert answer.status_code == 302
    ticket = Ticket.objects.get()
    assert ticket.customer.name == "Customer Two"
    assert ticket.customer.contact_points.get().value == "+12125550123"


def test_a_number_that_is_none_keeps_everything_and_writes_nothing(cast: Cast) -> None:
    answer = opened(cast.alice, cast, customer=None, new_name="Customer Two", new_phone="12")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Give the number with its country" in page
    assert "March was taken two times." in page
    assert not Customer.objects.filter(name="Customer Two").exists()
    assert not Ticket.objects.exists()


def test_when_the_acknowledgement_cannot_be_nothing_is_opened(cast: Cast) -> None:
    answer = opened(cast.alice, cast, message="I do it.", next_contact_at=at(-2))

    assert answer.status_code == 422
    assert not Ticket.objects.exists()
    assert broken_invariants() == []


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ({"customer": None}, "Who complains?"),
        ({"subject": ""}, "Say in a few words"),
        ({"description": ""}, "This field is required."),
        ({"message": "I do it."}, "Say both"),
    ],
)
def test_what_is_missing_is_named(left_out: dict[str, Any], words: str, cast: Cast) -> None:
    answer = opened(cast.alice, cast, **left_out)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Ticket.objects.exists()


def test_an_auditor_opens_nothing(cast: Cast) -> None:
    assert signed_in(cast.ada).get("/tickets/new/").status_code == 403


def test_a_forgotten_customer_is_not_found(cast: Cast) -> None:
    customers.forget(customer=cast.customer.pk, by=cast.adam)

    assert "Nobody found" in read(signed_in(cast.alice), "/customers/find/", data={"find": "Customer One"})
    assert opened(cast.alice, cast).status_code == 422
