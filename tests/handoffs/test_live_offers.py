"""A live offer: the customer is on the line."""

from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from handoffs import answers, errors
from handoffs.models import Handoff
from handoffs.protocol import State
from tests.cast import READ_BACK, Cast, entries, in_hours, told
from tickets.models import Ticket

TWO = {"need": "She wants the second charge back.", "next_action": "Bob looks into the account at once."}
REST = {"expectation": "An answer in this call.", "history": "She has called twice before."}


@pytest.fixture
def live(cast: Cast, ticket: Ticket) -> Handoff:
    """Alice, with the customer on the line, asks Bob to take over the call and the ticket."""
    return cast.offer(ticket, cast.bob, packet=TWO, on_call=True)


def test_two_fields_are_enough(live: Handoff) -> None:
    assert (live.state, live.fields_filled) == (State.OFFERED, 2)


def test_it_must_be_answered_within_two_minutes(live: Handoff) -> None:
    assert live.due_at - live.made_at == timedelta(minutes=2)


def test_after_two_minutes_it_is_too_late(cast: Cast, live: Handoff, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(live.due_at + timedelta(seconds=1))
    with pytest.raises(errors.HandoffExpired):
        cast.accept(live)


def test_the_manager_is_told(cast: Cast, live: Handoff) -> None:
    assert told(cast.maya) == ["handoff_live"]


def test_the_customer_has_met_the_new_owner_at_once(cast: Cast, ticket: Ticket, live: Handoff) -> None:
    accepted = cast.accept(live)
    ticket.refresh_from_db()
    assert ticket.introduced_at == accepted.ended_at


def test_the_rest_of_the_packet_is_owed_within_a_quarter_of_an_hour(cast: Cast, live: Handoff) -> None:
    accepted = cast.accept(live)
    assert accepted.packet_owed_by == accepted.ended_at + timedelta(minutes=15)


def test_completing_it_pays_what_was_owed(cast: Cast, ticket: Ticket, live: Handoff) -> None:
    cast.accept(live)
    completed = answers.complete(handoff=live.pk, by=cast.alice, **REST)
    assert (completed.packet_owed_by, completed.fields_filled) == (None, 4)
    assert completed.said() == {**TWO, **REST}
    assert entries(ticket)[-1] == "handoff_completed"
    assert told(cast.bob)[-1] == "handoff_completed"


def test_it_may_be_completed_before_it_is_accepted_and_then_nothing_is_owed(cast: Cast, live: Handoff) -> None:
    answers.complete(handoff=live.pk, by=cast.alice, **REST)
    assert cast.accept(live).packet_owed_by is None


def test_completing_says_something(cast: Cast, live: Handoff) -> None:
    cast.accept(live)
    with pytest.raises(errors.PacketIncomplete) as refused:
        answers.complete(handoff=live.pk, by=cast.alice, expectation="n/a", history=TWO["need"])
    assert set(refused.value.fields) == {"expectation", "history"}


def test_it_is_completed_once(cast: Cast, live: Handoff) -> None:
    answers.complete(handoff=live.pk, by=cast.alice, **REST)
    with pytest.raises(errors.NothingOwed):
        answers.complete(handoff=live.pk, by=cast.alice, **REST)


def test_only_the_giver_completes_it(cast: Cast, live: Handoff) -> None:
    with pytest.raises(errors.NotForYou):
        answers.complete(handoff=live.pk, by=cast.bob, **REST)


def test_to_whoever_does_not_see_it_it_does_not_exist(cast: Cast, live: Handoff) -> None:
    with pytest.raises(errors.UnknownHandoff):
        answers.complete(handoff=live.pk, by=cast.luis, **REST)


def test_an_ordinary_offer_owes_nothing(cast: Cast, offer: Handoff) -> None:
    with pytest.raises(errors.NothingOwed):
        answers.complete(handoff=offer.pk, by=cast.alice, **REST)


def test_a_read_back_must_not_copy_even_a_short_packet(cast: Cast, live: Handoff) -> None:
    with pytest.raises(errors.ReadBackIsACopy):
        answers.accept(handoff=live.pk, by=cast.bob, read_back=TWO["need"], next_contact_at=in_hours(1))
    assert answers.accept(handoff=live.pk, by=cast.bob, read_back=READ_BACK, next_contact_at=in_hours(1))


def test_a_live_third_change_waits_for_nobody(cast: Cast, ticket: Ticket) -> None:
    cast.hand(ticket, cast.bob, cast.carol)
    offer = cast.offer(ticket, cast.luis, packet=TWO, on_call=True)
    assert (offer.state, offer.approver) == (State.OFFERED, None)
