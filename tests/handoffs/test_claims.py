"""Claims: somebody says "I'll do it", the owner lets go."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from handoffs import answers, claims, departures, errors, expiry, help_requests
from handoffs.models import Handoff
from handoffs.protocol import State, Urgency
from people import presence
from people.errors import Incomplete, NotYours
from people.models import Person
from tests.cast import READ_BACK, Cast, entries, flags_of, in_hours, told
from tests.invariants import broken_invariants
from tickets.errors import UnknownTicket
from tickets.models import Promise, Tenure, Ticket


def claim(ticket: Ticket, by: Person, **details: Any) -> Handoff:
    """Return a claim, complete with its read-back."""
    said: dict[str, Any] = {"read_back": READ_BACK, "next_contact_at": in_hours(3), **details}
    return claims.claim(ticket=ticket.pk, by=by, **said)


@pytest.fixture
def claimed(cast: Cast, ticket: Ticket) -> Handoff:
    """Bob would take Alice's ticket."""
    return claim(ticket, cast.bob)


def test_a_claim_moves_nothing_and_tells_the_owner(cast: Cast, ticket: Ticket, claimed: Handoff) -> None:
    ticket.refresh_from_db()
    assert (claimed.state, claimed.giver, claimed.receiver) == (State.CLAIMED, cast.alice, cast.bob)
    assert ticket.owner == cast.alice
    assert told(cast.alice) == ["handoff_claimed"]
    assert entries(ticket) == ["opened", "handoff_claimed"]


def test_released_it_is_the_claimers_with_their_promise(cast: Cast, ticket: Ticket, claimed: Handoff) -> None:
    released = claims.release(handoff=claimed.pk, by=cast.alice)
    ticket.refresh_from_db()
    tenure = Tenure.objects.get(ticket=ticket, seq=2)
    assert (released.state, released.accepted_by, ticket.owner) == (State.ACCEPTED, cast.bob, cast.bob)
    assert (tenure.began_by, tenure.counted) == ("accepted", True)
    assert Promise.objects.get(ticket=ticket).due_at == claimed.next_contact_at
    assert told(cast.bob) == ["handoff_released"]
    assert broken_invariants() == []


@pytest.mark.parametrize("who", ["bob", "carol", "maya", "petra"])
def test_only_the_owner_lets_go(cast: Cast, claimed: Handoff, who: str) -> None:
    with pytest.raises(errors.NotForYou):
        claims.release(handoff=claimed.pk, by=getattr(cast, who))


def test_a_manager_who_claims_needs_the_owners_yes_too(cast: Cast, ticket: Ticket) -> None:
    claimed = claim(ticket, cast.maya)
    with pytest.raises(errors.NotForYou):
        claims.release(handoff=claimed.pk, by=cast.maya)


def test_whoever_was_asked_about_it_may_claim_it(cast: Cast, ticket: Ticket) -> None:
    help_requests.ask(
        ticket=ticket.pk, by=cast.alice, asked=cast.luis, question="Where is the parcel?", answer_by=in_hours(1)
    )
    claims.release(handoff=claim(ticket, cast.luis).pk, by=cast.alice)
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.team) == (cast.luis, cast.logistics)
    assert broken_invariants() == []


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("alice", errors.ReceiverCannot), ("ada", NotYours), ("form", NotYours), ("luis", UnknownTicket)],
)
def test_others_cannot_claim_it(cast: Cast, ticket: Ticket, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        claim(ticket, getattr(cast, who))


def test_whoever_is_away_cannot_claim(cast: Cast, ticket: Ticket) -> None:
    presence.set_presence(person=cast.bob, presence="away")
    with pytest.raises(errors.ReceiverCannot):
        claim(ticket, cast.bob)


@pytest.mark.parametrize("read_back", ["The March invoice was taken from my account two times.", "ok", ""])
def test_a_copy_of_the_complaint_is_no_read_back(cast: Cast, ticket: Ticket, read_back: str) -> None:
    with pytest.raises(errors.ReadBackIsACopy):
        claim(ticket, cast.bob, read_back=read_back)


def test_the_promised_contact_lies_ahead(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(Incomplete):
        claim(ticket, cast.bob, next_contact_at=in_hours(-1))


def test_the_owner_answers_by_the_urgency(claimed: Handoff) -> None:
    assert claimed.due_at - claimed.made_at == timedelta(hours=1)


def test_the_owner_answers_before_the_promised_contact_falls_due(cast: Cast, ticket: Ticket) -> None:
    soon = in_hours(0.5)
    assert claim(ticket, cast.bob, urgency=Urgency.TODAY, next_contact_at=soon).due_at == soon


def test_a_late_release_is_refused(cast: Cast, claimed: Handoff, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(claimed.due_at + timedelta(seconds=1))
    with pytest.raises(errors.HandoffExpired):
        claims.release(handoff=claimed.pk, by=cast.alice)


def test_there_is_one_handoff_at_a_time(cast: Cast, ticket: Ticket, claimed: Handoff) -> None:
    with pytest.raises(errors.HandoffInProgress):
        claim(ticket, cast.carol)
    with pytest.raises(errors.HandoffInProgress):
        cast.offer(ticket, cast.carol)


def test_the_owner_may_say_no_and_that_is_no_refused_offer(cast: Cast, ticket: Ticket) -> None:
    for _ in range(3):
        answers.decline(handoff=claim(ticket, cast.bob).pk, by=cast.alice, reason="I am nearly done with it.")
    assert told(cast.bob) == ["handoff_declined"] * 3
    assert flags_of(ticket) == {}


def test_the_claimer_takes_it_back_the_owner_does_not(cast: Cast, claimed: Handoff) -> None:
    with pytest.raises(errors.NotForYou):
        answers.withdraw(handoff=claimed.pk, by=cast.alice)
    assert answers.withdraw(handoff=claimed.pk, by=cast.bob).state == State.WITHDRAWN


def test_when_the_claimer_leaves_the_claim_is_withdrawn(cast: Cast, claimed: Handoff) -> None:
    departures.leave(person=cast.bob.pk, by=cast.adam)
    claimed.refresh_from_db()
    assert (claimed.state, claimed.cause) == (State.WITHDRAWN, "receiver_left")


def test_unanswered_it_expires_and_both_are_told(cast: Cast, claimed: Handoff) -> None:
    expiry.sweep(at=claimed.due_at + timedelta(seconds=15))
    claimed.refresh_from_db()
    assert claimed.state == State.EXPIRED
    assert told(cast.bob) == ["handoff_expired"]
    assert told(cast.alice) == ["handoff_claimed", "handoff_expired"]
