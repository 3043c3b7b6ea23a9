"""Two people on one ticket see each other."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from notices import live
from people import memory
from people.models import Person
from tests.cast import Cast
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def says(somebody: Person, ticket: Ticket, state: str = "reading", tab: str = "one") -> str:
    """Say that somebody's page is open, and return what it is told of the others."""
    client = Client()
    client.force_login(somebody)
    answer = client.post(f"/tickets/{ticket.reference}/here/", {"state": state, "tab": tab})
    assert answer.status_code == 200
    return answer.content.decode()


def test_two_people_on_one_ticket_see_each_other(cast: Cast, ticket: Ticket) -> None:
    assert "here" not in says(cast.alice, ticket)

    assert "Alice is here" in says(cast.bob, ticket)
    assert "Bob is here" in says(cast.alice, ticket)
    assert "Alice is" not in says(cast.alice, ticket)


def test_that_somebody_writes_is_seen_in_whichever_tab(cast: Cast, ticket: Ticket) -> None:
    says(cast.bob, ticket, "writing", tab="one")
    says(cast.bob, ticket, "reading", tab="two")

    assert "Bob is writing" in says(cast.alice, ticket)


def test_who_has_closed_all_tabs_is_gone(cast: Cast, ticket: Ticket) -> None:
    says(cast.bob, ticket, tab="one")
    says(cast.bob, ticket, tab="two")

    says(cast.bob, ticket, "gone", tab="one")
    assert "Bob" in says(cast.alice, ticket)
    says(cast.bob, ticket, "gone", tab="two")
    assert "Bob" not in says(cast.alice, ticket)


def test_who_says_nothing_for_a_while_is_gone(cast: Cast, ticket: Ticket) -> None:
    says(cast.bob, ticket)

    with time_machine.travel(timezone.now() + timedelta(seconds=50)):
        assert "Bob" not in says(cast.alice, ticket)


def test_another_ticket_is_another_matter(cast: Cast, ticket: Ticket) -> None:
    says(cast.bob, cast.open_ticket())

    assert "Bob" not in says(cast.alice, ticket)


def test_a_ticket_that_one_may_not_see_is_not_there(cast: Cast, ticket: Ticket) -> None:
    client = Client()
    client.force_login(cast.luis)

    assert client.post(f"/tickets/{ticket.reference}/here/", {"state": "reading", "tab": "one"}).status_code == 404
    assert "Luis" not in says(cast.alice, ticket)


@pytest.mark.parametrize("said", [{}, {"state": "sleeping", "tab": "one"}, {"state": "reading", "tab": "a b"}])
def test_what_makes_no_sense_is_refused(cast: Cast, ticket: Ticket, said: dict[str, str]) -> None:
    client = Client()
    client.force_login(cast.alice)

    assert client.post(f"/tickets/{ticket.reference}/here/", said).status_code == 400


def test_the_others_hear_of_it_when_it_is_news(cast: Cast, ticket: Ticket) -> None:
    channel = memory.valkey().pubsub()
    channel.subscribe(live.channel())
    assert channel.get_message(timeout=1)

    says(cast.bob, ticket)
    says(cast.bob, ticket)
    says(cast.bob, ticket, "writing")

    told = []
    while message := channel.get_message(timeout=0.1):
        told.append(json.loads(message["data"]))
    channel.close()
    assert told == [{"here": [{"ticket": ticket.pk, "by": cast.bob.pk}]}] * 2
