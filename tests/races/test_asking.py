"""Two people who want something of one ticket at the same moment."""

from collections import Counter

import pytest
from django.db import transaction

from handoffs import claims, takeovers
from handoffs.models import Handoff
from people import presence
from people.models import Person
from people.transactions import in_transaction
from tests.cast import READ_BACK, Cast, in_hours
from tests.invariants import broken_invariants
from tests.races.harness import ROUNDS, assert_collided, assert_no_circle, assert_one_wins, commits, outcomes, race
from tickets import flags, holds, promises, resolution
from tickets.bounces import Finding
from tickets.kinds import FlagKind, HoldKind, Level
from tickets.models import Flag, Hold, Promise, Tenure, Ticket

pytestmark = commits


@pytest.fixture
def tickets(cast: Cast) -> list[Ticket]:
    """Tickets of Alice's."""
    with transaction.atomic():
        return [cast.open_ticket() for _ in range(ROUNDS)]


def claim(ticket: Ticket, by: Person) -> Handoff:
    return claims.claim(ticket=ticket.pk, by=by, read_back=READ_BACK, next_contact_at=in_hours(2))


def test_a_ticket_is_offered_or_claimed(cast: Cast, tickets: list[Ticket]) -> None:
    rounds = race(tickets, lambda ticket: cast.offer(ticket, cast.bob), lambda ticket: claim(ticket, cast.carol))

    assert_one_wins(rounds, first_loses={"HandoffInProgress"}, second_loses={"HandoffInProgress"})
    assert broken_invariants() == []


def test_of_two_claims_one_stands(cast: Cast, tickets: list[Ticket]) -> None:
    rounds = race(tickets, lambda ticket: claim(ticket, cast.bob), lambda ticket: claim(ticket, cast.carol))

    assert_one_wins(rounds, first_loses={"HandoffInProgress"}, second_loses={"HandoffInProgress"})
    assert broken_invariants() == []


def test_a_claim_is_released_or_withdrawn_by_a_take_over(cast: Cast, tickets: list[Ticket]) -> None:
    claimed = [claim(ticket, cast.bob) for ticket in tickets]

    rounds = race(
        claimed,
        lambda handoff: claims.release(handoff=handoff.pk, by=cast.alice),
        lambda handoff: takeovers.take_over(ticket=handoff.ticket_id, by=cast.maya, reason="It is urgent."),
    )

    assert_collided(rounds)
    assert set(outcomes(rounds)) == {("done", "done"), ("HandoffHasEnded", "done")}
    assert broken_invariants() == []


def test_a_ticket_is_offered_or_resolved(cast: Cast, tickets: list[Ticket]) -> None:
    def resolve(ticket: Ticket) -> Ticket:
        return resolution.resolve(
            ticket=ticket.pk, by=cast.maya, resolution="Paid.", root_cause="billing", customer_agreed=True
        )

    rounds = race(tickets, lambda ticket: cast.offer(ticket, cast.bob), resolve)

    assert_one_wins(rounds, first_loses={"TicketDoesNotMove"}, second_loses={"HandoffInProgress"})
    assert broken_invariants() == []


def test_two_managers_take_over_one_after_the_other(cast: Cast, tickets: list[Ticket]) -> None:
    def take_over(ticket: Ticket, by: Person) -> Ticket:
        return takeovers.take_over(ticket=ticket.pk, by=by, reason="I see to it myself.")

    rounds = race(tickets, lambda ticket: take_over(ticket, cast.maya), lambda ticket: take_over(ticket, cast.dora))

    # Nobody loses: the later one takes it over from the earlier one, knowingly or not, and the chain says so.
    assert_collided(rounds)
    assert outcomes(rounds) == {("done", "done"): ROUNDS}
    chains = Counter(
        tuple(Tenure.objects.filter(ticket=one.about).order_by("seq").values_list("owner__username", flat=True))
        for one in rounds
    )
    assert set(chains) == {("alice", "maya", "dora"), ("alice", "dora", "maya")}
    assert broken_invariants() == []


def test_take_overs_of_many_in_any_order_do_not_wait_in_a_circle(cast: Cast, tickets: list[Ticket]) -> None:
    pairs = list(zip(tickets[::2], tickets[1::2], strict=True))

    def take_over_many(order: list[Ticket], by: Person) -> list[Ticket]:
        return takeovers.take_over_many(tickets=[one.pk for one in order], by=by, reason="Alice is ill.")

    rounds = race(
        pairs,
        lambda pair: take_over_many([pair[0], pair[1]], cast.maya),
        lambda pair: take_over_many([pair[1], pair[0]], cast.dora),
    )

    assert_collided(rounds)
    assert outcomes(rounds) == {("done", "done"): len(pairs)}
    assert_no_circle(rounds)
    assert broken_invariants() == []


def test_whoever_is_caught_in_a_deadlock_tries_again(cast: Cast, tickets: list[Ticket]) -> None:
    tries = Counter[int]()

    def both(first: Ticket, second: Ticket, by: Person) -> None:
        tries[by.pk] += 1
        for ticket in (first, second):
            takeovers.take_over(ticket=ticket.pk, by=by, reason="Alice is ill.")

    # Against the order that every verb keeps: what another program's transaction might do.
    rounds = race(
        [(tickets[number], tickets[number + 1]) for number in (0, 2, 4)],
        lambda pair: in_transaction(lambda: both(pair[0], pair[1], cast.maya)),
        lambda pair: in_transaction(lambda: both(pair[1], pair[0], cast.dora)),
        head_start=0,
    )

    assert set(outcomes(rounds)) <= {("done", "done"), ("done", "Busy"), ("Busy", "done")}
    assert tries.total() > 2 * len(rounds), "there was no deadlock"
    assert broken_invariants() == []


def test_of_two_holds_one_begins(cast: Cast, tickets: list[Ticket]) -> None:
    def hold(ticket: Ticket, by: Person) -> Hold:
        return holds.start(ticket=ticket.pk, by=by, kind=HoldKind.CALL)

    rounds = race(tickets, lambda ticket: hold(ticket, cast.alice), lambda ticket: hold(ticket, cast.maya))

    assert_one_wins(rounds, first_loses={"HoldIsOpen"}, second_loses={"HoldIsOpen"})
    assert broken_invariants() == []


def test_a_promise_is_kept_or_withdrawn(cast: Cast, tickets: list[Ticket]) -> None:
    promised = [
        promises.make(ticket=ticket.pk, by=cast.alice, what="I call you back.", due_at=in_hours(2))
        for ticket in tickets
    ]

    def withdraw(promise: Promise) -> Promise:
        return promises.withdraw(promise=promise.pk, by=cast.maya, reason="She wants a letter.")

    rounds = race(promised, lambda promise: promises.keep(promise=promise.pk, by=cast.alice), withdraw)

    assert_one_wins(rounds, first_loses={"PromiseHasEnded"}, second_loses={"PromiseHasEnded"})
    assert broken_invariants() == []


def test_of_two_managers_one_is_on_it(cast: Cast, tickets: list[Ticket]) -> None:
    raised = []
    for ticket in tickets:
        with transaction.atomic():
            raised += flags.raise_for(ticket, [Finding(FlagKind.BOUNCED, Level.AMBER)], at=ticket.opened_at)

    def take_on(flag: Flag, by: Person) -> Flag:
        return flags.take_on(flag=flag.pk, by=by)

    rounds = race(raised, lambda flag: take_on(flag, cast.maya), lambda flag: take_on(flag, cast.dora))

    assert_one_wins(rounds, first_loses={"FlagIsTakenOn"}, second_loses={"FlagIsTakenOn"})
    for one in rounds:
        one.about.refresh_from_db()
        assert one.about.taken_on_by == (cast.maya if one.first.won else cast.dora)


def test_an_extension_is_one_persons(cast: Cast) -> None:
    def take(number: int, by: Person) -> Person:
        return presence.take_extension(person=by, extension=f"20{number:02}")

    # Taking one is quick: with a long head start they would never meet.
    rounds = race(
        range(ROUNDS),
        lambda number: take(number, cast.alice),
        lambda number: take(number, cast.bob),
        head_start=0.005,
    )

    assert_one_wins(rounds, first_loses={"ExtensionTaken"}, second_loses={"ExtensionTaken"})
