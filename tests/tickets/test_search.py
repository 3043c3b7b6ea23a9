"""Search: by words of whatever was typed, by reference, by telephone number."""

import pytest

from tests.cast import Cast
from tickets import contacts, customers
from tickets.models import Ticket


@pytest.fixture
def others(cast: Cast) -> list[Ticket]:
    """Two more complaints, of another customer."""
    two = customers.create(name="Two", contact_points=[("phone", "+49 30 901820", "")])
    return [
        cast.open_ticket(customer=two, subject="Parcel never arrived", description="Waiting for the green sofa."),
        cast.open_ticket(customer=two, subject="Rude on the phone", description="Nobody calls back, ever."),
    ]


def found(words: str) -> list[str]:
    """Return the subjects of what is found."""
    return sorted(Ticket.objects.matching(q=words).values_list("subject", flat=True))


@pytest.mark.parametrize(
    ("words", "subjects"),
    [
        ("parcel", ["Parcel never arrived"]),
        ("parcels arriving", ["Parcel never arrived"]),
        ("sofa", ["Parcel never arrived"]),
        ("SOFAS", ["Parcel never arrived"]),
        ("waited", ["Parcel never arrived"]),
        ('"call back"', ["Rude on the phone"]),
        ("invoice -sofa", ["Charged twice in March"]),
        ("sofa or rude", ["Parcel never arrived", "Rude on the phone"]),
        ("sofa invoice", []),
        ("elephant", []),
        ("+1 212 555 0100", ["Charged twice in March"]),
        ("+12125550100", ["Charged twice in March"]),
        ("+49 (30) 90-18-20", ["Parcel never arrived", "Rude on the phone"]),
        ("+49 30 000000", []),
        ("!!!", []),
        ("", []),
    ],
)
def test_words_and_numbers(ticket: Ticket, others: list[Ticket], words: str, subjects: list[str]) -> None:
    assert found(words) == subjects


@pytest.mark.parametrize("form", ["T-{}", "t-{}", " T-{} ", "{}", "t{}"])
def test_a_reference_however_it_is_written(ticket: Ticket, others: list[Ticket], form: str) -> None:
    assert found(form.format(ticket.pk)) == ["Charged twice in March"]


def test_what_was_written_later_is_found_too(cast: Cast, ticket: Ticket, others: list[Ticket]) -> None:
    contacts.note(ticket=ticket.pk, by=cast.alice, text="The elephant is in the room.")
    assert found("elephants") == ["Charged twice in March"]


def test_what_was_erased_is_found_no_more(cast: Cast, ticket: Ticket, others: list[Ticket]) -> None:
    customers.forget(customer=cast.customer.pk, by=cast.adam)
    assert found("invoice") == []


def test_a_ticket_is_found_once_however_often_it_says_so(cast: Cast, ticket: Ticket) -> None:
    for _ in range(2):
        contacts.note(ticket=ticket.pk, by=cast.alice, text="March, again.")
    assert found("march") == ["Charged twice in March"]
