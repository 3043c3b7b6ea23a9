"""An offer, and everything that can happen to it at the very moment at which it is accepted."""

from datetime import timedelta

import pytest
from django.db import transaction

from handoffs import answers, departures, expiry, takeovers
from handoffs.models import Handoff
from handoffs.protocol import State
from people.roles import Role
from tests.cast import READ_BACK, Cast, in_hours, person
from tests.invariants import broken_invariants
from tests.races.harness import ROUNDS, assert_collided, assert_one_wins, commits, outcomes, race
from tickets import resolution
from tickets.models import Tenure, Ticket

pytestmark = commits


@pytest.fixture
def waiting(cast: Cast) -> list[Handoff]:
    """Alice's offers to Bob, each of a ticket of its own."""
    with transaction.atomic():
        return [cast.offer(cast.open_ticket(), cast.bob) for _ in range(ROUNDS)]


def accept(handoff: Handoff) -> Handoff:
    return answers.accept(handoff=handoff.pk, by=handoff.receiver, read_back=READ_BACK, next_contact_at=in_hours(2))


def owners(handoff: Handoff) -> list[str]:
    """The chain of the handoff's ticket, by name."""
    chain = Tenure.objects.filter(ticket=handoff.ticket_id).order_by("seq")
    return list(chain.values_list("owner__username", flat=True))


def test_of_two_accepts_one_wins(cast: Cast, waiting: list[Handoff]) -> None:
    rounds = race(waiting, accept, accept)

    assert_one_wins(rounds, first_loses={"HandoffHasEnded"}, second_loses={"HandoffHasEnded"})
    assert all(owners(one.about) == ["alice", "bob"] for one in rounds)
    assert broken_invariants() == []


def test_an_offer_is_accepted_or_withdrawn(cast: Cast, waiting: list[Handoff]) -> None:
    rounds = race(waiting, accept, lambda offer: answers.withdraw(handoff=offer.pk, by=cast.alice))

    assert_one_wins(rounds, first_loses={"HandoffHasEnded"}, second_loses={"HandoffHasEnded"})
    assert all(owners(one.about)[-1] == ("bob" if one.first.won else "alice") for one in rounds)
    assert broken_invariants() == []


def test_an_offer_is_accepted_or_declined(cast: Cast, waiting: list[Handoff]) -> None:
    def decline(offer: Handoff) -> Handoff:
        return answers.decline(handoff=offer.pk, by=cast.bob, reason="I leave in ten minutes.")

    rounds = race(waiting, accept, decline)

    assert_one_wins(rounds, first_loses={"HandoffHasEnded"}, second_loses={"HandoffHasEnded"})
    assert broken_invariants() == []


def test_an_offer_is_accepted_or_expires(cast: Cast, waiting: list[Handoff]) -> None:
    # The sweep's clock runs ahead, as another machine's may: to the receiver the offer is still in time.
    def expire(offer: Handoff) -> bool:
        return expiry.expire(handoff=offer.pk, at=offer.due_at + timedelta(seconds=1))

    rounds = race(waiting, accept, expire)

    assert_collided(rounds)
    assert set(outcomes(rounds)) == {("done", "done"), ("HandoffHasEnded", "done")}
    for one in rounds:
        one.about.refresh_from_db()
        assert one.first.won != one.second.value, "accepted and expired, or neither"
        assert one.about.state == (State.ACCEPTED if one.first.won else State.EXPIRED)
    assert broken_invariants() == []


def test_a_take_over_ends_the_offer_or_follows_its_acceptance(cast: Cast, waiting: list[Handoff]) -> None:
    def take_over(offer: Handoff) -> Ticket:
        return takeovers.take_over(ticket=offer.ticket_id, by=cast.maya, reason="She asked for me.")

    rounds = race(waiting, accept, take_over)

    assert_collided(rounds)
    assert set(outcomes(rounds)) == {("done", "done"), ("HandoffHasEnded", "done")}
    for one in rounds:
        assert owners(one.about) == (["alice", "bob", "maya"] if one.first.won else ["alice", "maya"])
    assert broken_invariants() == []


def test_a_ticket_is_never_resolved_under_its_receiver(cast: Cast, waiting: list[Handoff]) -> None:
    # By nature the acceptance always wins: before it the offer forbids resolving, after it the promise.
    def resolve(offer: Handoff) -> Ticket:
        return resolution.resolve(
            ticket=offer.ticket_id, by=cast.maya, resolution="Paid.", root_cause="billing", customer_agreed=True
        )

    rounds = race(waiting, accept, resolve)

    assert_collided(rounds)
    assert set(outcomes(rounds)) == {("done", "HandoffInProgress"), ("done", "PromiseIsOpen")}
    assert broken_invariants() == []


def test_a_receiver_who_leaves_has_accepted_or_has_not(cast: Cast) -> None:
    with transaction.atomic():
        receivers = [person(f"leaver{number}", Role.REP, cast.billing) for number in range(ROUNDS)]
        waiting = [cast.offer(cast.open_ticket(), receiver) for receiver in receivers]

    rounds = race(waiting, accept, lambda offer: departures.leave(person=offer.receiver_id, by=cast.maya))

    assert_collided(rounds)
    assert set(outcomes(rounds)) <= {("done", "done"), ("done", "Busy"), ("HandoffHasEnded", "done")}
    assert sum(one.first.won for one in rounds) not in (0, ROUNDS)
    for one in rounds:
        receiver = one.about.receiver.username
        inherited = ["alice", receiver, "maya"] if one.second.won else ["alice", receiver]
        assert owners(one.about) == (inherited if one.first.won else ["alice"])
    assert broken_invariants() == []


def test_a_giver_who_leaves_has_handed_over_or_the_manager_inherits(cast: Cast) -> None:
    with transaction.atomic():
        givers = [person(f"leaver{number}", Role.REP, cast.billing) for number in range(ROUNDS)]
        waiting = [cast.offer(cast.open_ticket(giver), cast.bob) for giver in givers]

    rounds = race(waiting, accept, lambda offer: departures.leave(person=offer.giver_id, by=cast.maya))

    assert_collided(rounds)
    assert set(outcomes(rounds)) <= {("done", "done"), ("done", "Busy"), ("HandoffHasEnded", "done")}
    assert sum(one.first.won for one in rounds) not in (0, ROUNDS)
    for one in rounds:
        assert owners(one.about)[1:] == (["bob"] if one.first.won else ["maya"])
    assert broken_invariants() == []
