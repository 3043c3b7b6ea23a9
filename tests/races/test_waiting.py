"""Customers who want a manager, and colleagues who cover: two answers at the same moment, or an answer and a sweep."""

import pytest
from django.db import transaction

from handoffs import covers, departures, manager_requests, ringing
from handoffs.models import ManagerRequest
from handoffs.protocol import RequestState
from people.models import Cover, Person
from people.roles import Role
from tests.cast import Cast, entries, flags_of, in_hours, person
from tests.invariants import broken_invariants
from tests.races.harness import ROUNDS, assert_collided, assert_no_circle, assert_one_wins, commits, outcomes, race
from tickets import climbing, contacts, flags, tuning
from tickets.bounces import Finding
from tickets.kinds import FlagKind, Level
from tickets.models import Ticket

pytestmark = commits


@pytest.fixture
def wanted(cast: Cast) -> list[ManagerRequest]:
    """Customers of Alice's who want a manager."""
    with transaction.atomic():
        return [manager_requests.ask(ticket=cast.open_ticket().pk, by=cast.alice) for _ in range(ROUNDS)]


@pytest.fixture
def absent(cast: Cast) -> list[Person]:
    """Reps of Billing who go home."""
    with transaction.atomic():
        return [person(f"rep-{number}", Role.REP, cast.billing) for number in range(ROUNDS)]


def answer(request: ManagerRequest, by: Person) -> ManagerRequest:
    return manager_requests.answer(manager_request=request.pk, by=by, answer="She gets it back today.")


def test_of_two_managers_one_answers(cast: Cast, wanted: list[ManagerRequest]) -> None:
    rounds = race(wanted, lambda request: answer(request, cast.maya), lambda request: answer(request, cast.dora))

    loses = {"ManagerRequestHasEnded"}
    assert_one_wins(rounds, first_loses=loses, second_loses=loses)
    assert broken_invariants() == []


def test_a_manager_answers_as_the_sweep_comes_by(cast: Cast, wanted: list[ManagerRequest]) -> None:
    late = in_hours(0.5)
    rounds = race(
        wanted,
        lambda request: answer(request, cast.maya),
        lambda request: ringing.judge(manager_request=request.pk, at=late),
    )

    assert_collided(rounds)
    for one in rounds:
        request = ManagerRequest.objects.select_related("ticket", "call_back").get(pk=one.about.pk)
        assert (request.state, flags_of(request.ticket)) == (RequestState.ANSWERED, {})
        assert request.call_back is None or request.call_back.state == "kept"
        assert entries(request.ticket).count("manager_rung") <= 1
    assert broken_invariants() == []


def test_of_two_who_ask_for_cover_one_is_first(cast: Cast, absent: list[Person]) -> None:
    def ask(somebody: Person, by: Person) -> Cover:
        return covers.ask(by=by, absent=somebody, covering=cast.lena, until=in_hours(8))

    rounds = race(absent, lambda somebody: ask(somebody, cast.maya), lambda somebody: ask(somebody, cast.dora))

    assert_one_wins(rounds, first_loses={"CoverIsOpen"}, second_loses={"CoverIsOpen"})


def test_a_cover_is_accepted_as_it_is_taken_back(cast: Cast, absent: list[Person]) -> None:
    asked = [covers.ask(by=somebody, covering=cast.lena, until=in_hours(8)) for somebody in absent]

    rounds = race(
        asked,
        lambda cover: covers.accept(cover=cover.pk, by=cast.lena),
        lambda cover: covers.end(cover=cover.pk, by=cover.absent),
    )

    assert_collided(rounds)
    assert set(outcomes(rounds)) == {("done", "done"), ("CoverHasEnded", "done")}
    assert not Cover.objects.open().exists()


def test_nobody_covers_who_leaves_as_they_are_asked(cast: Cast, absent: list[Person]) -> None:
    rounds = race(
        absent,
        lambda somebody: covers.ask(by=cast.alice, covering=somebody, until=in_hours(8)),
        lambda somebody: departures.leave(person=somebody.pk, by=cast.adam),
    )

    assert_collided(rounds)
    assert {first for first, _ in outcomes(rounds)} <= {"done", "CannotCover", "CoverIsOpen"}
    assert broken_invariants() == []


def test_thresholds_change_while_everybody_works(cast: Cast) -> None:
    with transaction.atomic():
        tickets = [cast.open_ticket() for _ in range(ROUNDS)]

    def tune(ticket: Ticket) -> None:
        tuning.change(team=cast.billing.pk, by=cast.maya, thresholds_now={"silent_amber_days": 1 + ticket.pk % 2})

    def note(ticket: Ticket) -> None:
        contacts.note(ticket=ticket.pk, by=cast.alice, text="She rang.")

    rounds = race(tickets, tune, note)

    assert_collided(rounds)
    assert outcomes(rounds) == {("done", "done"): ROUNDS}
    assert_no_circle(rounds)
    assert broken_invariants() == []


def test_a_flag_is_taken_on_as_it_climbs(cast: Cast) -> None:
    raised = []
    for _ in range(ROUNDS):
        with transaction.atomic():
            ticket = cast.open_ticket()
            raised += flags.raise_for(ticket, [Finding(FlagKind.BOUNCED, Level.RED)], at=ticket.opened_at)
    late = in_hours(1.5)
    rounds = race(
        raised,
        lambda flag: flags.take_on(flag=flag.pk, by=cast.maya),
        lambda flag: climbing.climb_batch(at=late, size=1),
    )

    assert_collided(rounds)
    assert outcomes(rounds) == {("done", "done"): ROUNDS}
    for flag in raised:
        flag.refresh_from_db()
        assert (flag.status, entries(flag.ticket).count("flag_climbed")) in [("taken_on", 0), ("taken_on", 1)]
        assert flag.climbed == entries(flag.ticket).count("flag_climbed")
