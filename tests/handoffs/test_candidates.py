"""Candidates: who could take a ticket, those who fit best first."""

import pytest
from django.utils import timezone

from handoffs.candidates import Candidate, candidates
from people import presence
from people.models import Person
from tests.cast import Cast, in_hours
from tickets.models import Ticket


def found(ticket: Ticket, skill: str = "") -> list[Candidate]:
    """Return who could take the ticket now."""
    return candidates(Ticket.objects.get(pk=ticket.pk), at=timezone.now(), skill=skill)


def names(ticket: Ticket, skill: str = "") -> list[str]:
    """Return their usernames."""
    return [one.person.username for one in found(ticket, skill)]


def test_everybody_who_can_own_it_but_the_owner(cast: Cast, ticket: Ticket) -> None:
    assert sorted(names(ticket)) == ["bob", "carol", "dora", "lars", "lena", "luis", "maya", "petra"]


def test_whoever_is_away_is_not_named_until_they_are_back(cast: Cast, ticket: Ticket) -> None:
    presence.set_presence(person=cast.bob, presence="away", away_until=in_hours(1))
    assert "bob" not in names(ticket)
    Person.objects.filter(pk=cast.bob.pk).update(away_until=in_hours(-1))
    assert "bob" in names(ticket)


def test_whoever_left_is_not_named(cast: Cast, ticket: Ticket) -> None:
    Person.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert "bob" not in names(ticket)


@pytest.mark.parametrize("of", ["the ticket", "the question"])
def test_the_skill_comes_first(cast: Cast, of: str) -> None:
    ticket = cast.open_ticket(skill="parcels" if of == "the ticket" else "")
    first, *rest = found(ticket, "" if of == "the ticket" else "parcels")
    assert (first.person, first.has_skill) == (cast.luis, True)
    assert not any(one.has_skill for one in rest)


def test_then_the_customers_language(cast: Cast, ticket: Ticket) -> None:
    cast.open_ticket(by=cast.bob)
    cast.customer.language = "de"
    cast.customer.save()
    first = found(ticket)[0]
    assert (first.person, first.speaks_language) == (cast.bob, True)


def test_then_the_least_loaded(cast: Cast, ticket: Ticket) -> None:
    for who in (cast.bob, cast.bob, cast.carol):
        cast.open_ticket(by=who)
    assert names(ticket)[-2:] == ["carol", "bob"]
    assert [one.load for one in found(ticket)] == [0, 0, 0, 0, 0, 0, 1, 2]


def test_their_teams_are_named(cast: Cast, ticket: Ticket) -> None:
    cast.luis.teams.add(cast.care)
    assert {one.person.username: one.teams for one in found(ticket)}["luis"] == ["care", "logistics"]
