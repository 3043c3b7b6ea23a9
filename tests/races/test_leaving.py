"""Somebody leaves for good at the very moment at which a ticket becomes theirs."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction

from handoffs import departures
from people.models import Person, Team
from people.roles import Role
from tests.cast import ALWAYS, Cast, person
from tests.invariants import broken_invariants
from tests.races.harness import ROUNDS, Round, assert_collided, assert_no_circle, commits, outcomes, race
from tickets import customers, opening, resolution
from tickets.models import Ticket

pytestmark = commits


@pytest.fixture
def leavers(cast: Cast) -> list[Person]:
    """Reps of Billing who are about to leave."""
    with transaction.atomic():
        return [person(f"leaver{number}", Role.REP, cast.billing) for number in range(ROUNDS)]


def leave(leaver: Person, by: Person) -> Person:
    return departures.leave(person=leaver.pk, by=by)


def assert_nothing_is_left_behind(rounds: Sequence[Round[Any]], *, refused: set[str]) -> None:
    """One side or both got through, and whoever has left owns nothing (an invariant)."""
    assert_collided(rounds)
    assert_no_circle(rounds)
    allowed = {("done", "done"), ("done", "Busy")} | {(name, "done") for name in refused}
    seen = outcomes(rounds)
    assert set(seen) <= allowed, seen
    assert broken_invariants() == []


def test_a_leaver_who_opens_a_ticket_leaves_it_to_the_manager_or_does_not_open_it(
    cast: Cast, leavers: list[Person]
) -> None:
    def open_ticket(leaver: Person) -> Ticket:
        return cast.open_ticket(leaver)

    rounds = race(leavers, open_ticket, lambda leaver: leave(leaver, cast.maya))

    assert_nothing_is_left_behind(rounds, refused={"OwnerHasLeft"})
    assert sum(one.first.won for one in rounds) not in (0, ROUNDS)
    for one in rounds:
        owners = list(Ticket.objects.filter(tenures__owner=one.about).values_list("owner__username", flat=True))
        stayed = one.about.username
        assert owners == ([("maya" if one.second.won else stayed)] if one.first.won else [])


def test_a_leaver_is_not_routed_a_ticket(cast: Cast, leavers: list[Person]) -> None:
    with transaction.atomic():
        made = [customers.create(name=leaver.name, preferred_rep=leaver) for leaver in leavers]

    def message(customer: Any) -> Ticket:
        said = {"subject": "Charged twice", "description": "Two times in March.", "team": cast.billing}
        return opening.open_ticket(by=cast.form, customer=customer, **said)[0]

    rounds = race(made, message, lambda customer: leave(customer.preferred_rep, cast.maya))

    # Nobody loses: whoever comes later waits for the customer, and sees what the other did.
    assert_nothing_is_left_behind(rounds, refused=set())
    routed_to_the_leaver = Ticket.objects.filter(tenures__seq=1, tenures__owner__in=leavers).count()
    assert routed_to_the_leaver not in (0, ROUNDS)


def test_a_ticket_that_is_reopened_stays_with_its_owner_or_is_inherited(cast: Cast, leavers: list[Person]) -> None:
    with transaction.atomic():
        resolved = [
            resolution.resolve(
                ticket=cast.open_ticket(leaver).pk,
                by=leaver,
                resolution="Paid.",
                root_cause="billing",
                customer_agreed=True,
            )
            for leaver in leavers
        ]

    def reopen(ticket: Ticket) -> Ticket:
        return resolution.reopen(ticket=ticket.pk, by=cast.carol, reason="She was charged again.")

    rounds = race(resolved, reopen, lambda ticket: leave(ticket.owner, cast.maya))

    assert_nothing_is_left_behind(rounds, refused={"OwnerHasLeft"})
    reopened = [one.about.pk for one in rounds if one.first.won]
    assert Ticket.objects.filter(pk__in=reopened, owner=cast.maya).exists()


def test_a_manager_who_inherits_does_not_leave_with_it(cast: Cast, leavers: list[Person]) -> None:
    with transaction.atomic():
        for leaver in leavers:
            manager = person(f"manager-of-{leaver.username}", Role.MANAGER, cast.billing)
            team = Team.objects.create(slug=leaver.username, name="Team", manager=manager, hours=ALWAYS)
            leaver.teams.set([team])
            cast.open_ticket(leaver, team=team)

    def replace_and_leave(leaver: Person) -> Person:
        team = Team.objects.get(slug=leaver.username)
        Team.objects.filter(pk=team.pk).update(manager=cast.petra)
        return leave(team.manager, cast.adam)

    rounds = race(leavers, replace_and_leave, lambda leaver: leave(leaver, cast.adam))

    assert_collided(rounds)
    assert set(outcomes(rounds)) <= {("done", "done"), ("Busy", "done"), ("done", "OwnerHasLeft")}
    assert broken_invariants() == []


def test_one_leaves_once(cast: Cast, leavers: list[Person]) -> None:
    rounds = race(leavers, lambda leaver: leave(leaver, cast.maya), lambda leaver: leave(leaver, cast.dora))

    assert_collided(rounds)
    assert set(outcomes(rounds)) == {("done", "HasLeft"), ("HasLeft", "done")}
