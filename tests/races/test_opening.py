"""Messages of a customer that arrive twice, or two at once: over the API, as programs send them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from rest_framework.response import Response
from rest_framework.test import APIClient

from people.models import IdempotencyKey
from tests.cast import Cast, client_of, in_hours
from tests.invariants import broken_invariants
from tests.races.harness import ROUNDS, assert_collided, commits, race
from tickets import customers, opening
from tickets.models import Customer, Entry, Ticket

pytestmark = commits


@pytest.fixture
def complainers(cast: Cast) -> list[Customer]:
    """Customers without a ticket yet."""
    with transaction.atomic():
        return [customers.create(name=f"Customer {number}") for number in range(ROUNDS)]


@pytest.fixture
def clients(cast: Cast) -> tuple[APIClient, APIClient]:
    """Two programs that send for Alice."""
    return client_of(cast.alice), client_of(cast.alice)


def message(customer: Customer, **changes: Any) -> dict[str, Any]:
    return {
        "customer": customer.pk,
        "team": "billing",
        "subject": "Charged twice",
        "description": "The March invoice was taken two times.",
        "channel": "web",
        **changes,
    }


def test_two_requests_with_one_key_open_one_ticket_and_get_the_same_answer(
    clients: tuple[APIClient, APIClient], complainers: list[Customer]
) -> None:
    def sent_by(client: APIClient) -> Callable[[Customer], Response]:
        return lambda customer: client.post(
            "/api/v1/tickets/", message(customer), HTTP_IDEMPOTENCY_KEY=f"web-{customer.pk}"
        )

    rounds = race(complainers, *map(sent_by, clients))

    assert_collided(rounds)
    first_answered = 0
    for one in rounds:
        answers = [one.first.value, one.second.value]
        assert [answer.status_code for answer in answers] == [201, 201], [answer.content for answer in answers]
        assert answers[0].json() == answers[1].json()
        replayed = ["Idempotency-Replayed" in answer.headers for answer in answers]
        assert sorted(replayed) == [False, True]
        first_answered += replayed[1]
        assert Ticket.objects.filter(customer=one.about).count() == 1
    assert first_answered not in (0, ROUNDS)
    assert broken_invariants() == []


def test_one_key_with_two_bodies_opens_one_ticket_and_refuses_the_other(
    clients: tuple[APIClient, APIClient], complainers: list[Customer]
) -> None:
    def sent_by(client: APIClient) -> Callable[[Customer], Response]:
        return lambda customer: client.post(
            "/api/v1/tickets/",
            message(customer, subject=f"Charged {clients.index(client) + 2} times"),
            HTTP_IDEMPOTENCY_KEY=f"web-{customer.pk}",
        )

    rounds = race(complainers, *map(sent_by, clients))

    assert_collided(rounds)
    statuses = {(one.first.value.status_code, one.second.value.status_code) for one in rounds}
    assert statuses == {(201, 422), (422, 201)}
    for one in rounds:
        refused = one.first.value if one.first.value.status_code == 422 else one.second.value
        assert refused.json()["type"].endswith(":KeyReused")
        assert Ticket.objects.filter(customer=one.about).count() == 1
    assert broken_invariants() == []


def test_a_key_under_which_nothing_was_done_is_not_kept(cast: Cast, clients: tuple[APIClient, APIClient]) -> None:
    with transaction.atomic():
        tickets = [cast.open_ticket() for _ in range(ROUNDS)]

    # Two keys: not a key but the state of the ticket decides, and the loser may use its key again.
    def sent_by(client: APIClient) -> Callable[[Ticket], Response]:
        return lambda ticket: client.post(
            f"/api/v1/tickets/{ticket.reference}/acknowledge/",
            {"message": "I see to it.", "next_contact_at": in_hours(2)},
            HTTP_IDEMPOTENCY_KEY=f"{clients.index(client)}-{ticket.reference}",
        )

    rounds = race(tickets, *map(sent_by, clients))

    assert_collided(rounds)
    statuses = {(one.first.value.status_code, one.second.value.status_code) for one in rounds}
    assert statuses == {(200, 409), (409, 200)}
    assert IdempotencyKey.objects.count() == ROUNDS
    assert broken_invariants() == []


def test_two_messages_of_one_customer_at_once_make_one_ticket(cast: Cast, complainers: list[Customer]) -> None:
    def send(customer: Customer) -> tuple[Ticket, bool]:
        return opening.open_ticket(
            by=cast.form,
            customer=customer,
            team=cast.billing,
            subject="Charged twice",
            description="The March invoice was taken two times.",
        )

    rounds = race(complainers, send, send)

    assert_collided(rounds)
    opened_by_first = 0
    for one in rounds:
        (ticket, is_new), (same, is_new_too) = one.first.value, one.second.value
        assert ticket == same
        assert sorted([is_new, is_new_too]) == [False, True]
        opened_by_first += is_new
        assert sorted(Entry.objects.filter(ticket=ticket).values_list("kind", flat=True)) == ["contact", "opened"]
    assert opened_by_first not in (0, ROUNDS)
    assert broken_invariants() == []
