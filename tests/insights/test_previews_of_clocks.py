"""What other thresholds would have given, where only time reveals it: each kind by a small example."""

from datetime import timedelta

import pytest

from handoffs import answers, help_requests, manager_requests
from handoffs.protocol import Reason
from phones.models import Source
from tests.cast import MONDAY, PACKET, READ_BACK, Cast, in_hours
from tests.insights.conftest import Given, Wait
from tests.phones.lines import call_story, report, source_of
from tickets import contacts, holds, promises, resolution
from tickets.kinds import HoldEnd, HoldKind
from tickets.models import Ticket
from tickets.states import Outcome

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def answered(wait: Wait, cast: Cast) -> Ticket:
    """Alice's, acknowledged at once, with a call promised for eleven."""
    ticket = cast.open_ticket()
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I call.", next_contact_at=MONDAY + 2 * HOUR)
    return ticket


def call(ticket: Ticket, cast: Cast) -> None:
    """Alice calls the customer, which keeps what was promised."""
    contacts.contact(ticket=ticket.pk, by=cast.alice, direction="outbound", summary="Told her how it stands.")
    for promise in ticket.promises.filter(state="open"):
        promises.keep(promise=promise.pk, by=cast.alice)


def test_where_nothing_went_wrong_there_is_nothing(answered: Ticket, cast: Cast, wait: Wait, given: Given) -> None:
    wait(HOUR)
    call(answered, cast)
    wait(HOUR)
    assert given() == {}


def test_acknowledged_late(cast: Cast, wait: Wait, given: Given) -> None:
    ticket = cast.open_ticket()  # by phone: an hour, amber at its half
    wait(40 * MINUTE)
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I call.", next_contact_at=in_hours(20))
    wait(HOUR)
    assert given() == {"unacknowledged amber": (1, 1, 1)}
    assert given(acknowledge_phone_seconds=7200) == {"unacknowledged amber": (1, 1, 0)}
    assert given(acknowledge_phone_seconds=1800) == {
        "unacknowledged amber": (1, 1, 0),
        "unacknowledged red": (0, 0, 1),
    }
    assert given(acknowledge_other_seconds=60) == {"unacknowledged amber": (1, 1, 1)}


def test_on_hold_on_the_line(answered: Ticket, cast: Cast, wait: Wait, given: Given) -> None:
    hold = holds.start(ticket=answered.pk, by=cast.alice, kind=HoldKind.CALL)
    wait(2.5 * MINUTE)
    holds.end(hold=hold.pk, by=cast.alice)
    wait(MINUTE)
    assert given() == {"hold_overdue amber": (1, 1, 1)}
    assert given(call_hold_amber_seconds=151) == {"hold_overdue amber": (1, 1, 0)}
    red = given(call_hold_red_seconds=149)
    assert red == {"hold_overdue amber": (1, 1, 0), "hold_overdue red": (0, 0, 1)}
    gone = given(call_hold_red_seconds=140, call_hold_abandoned_seconds=145)
    assert gone == red | {"abandoned_on_hold red": (0, 0, 1)}


def test_a_caller_who_hung_up_is_lost_whatever_the_thresholds(
    answered: Ticket, cast: Cast, wait: Wait, given: Given
) -> None:
    hold = holds.start(ticket=answered.pk, by=cast.alice, kind=HoldKind.CALL)
    wait(MINUTE / 2)
    holds.end(hold=hold.pk, by=cast.alice, how=HoldEnd.CALLER_HUNG_UP)
    assert given(call_hold_abandoned_seconds=1000) == {"abandoned_on_hold red": (1, 1, 1)}


def test_a_return_that_was_promised_and_put_off(answered: Ticket, cast: Cast, wait: Wait, given: Given) -> None:
    call(answered, cast)
    hold = holds.start(ticket=answered.pk, by=cast.alice, kind=HoldKind.TICKET, return_by=in_hours(30))
    wait(31 * HOUR)
    holds.extend(hold=hold.pk, by=cast.alice, return_by=in_hours(30))
    call(answered, cast)
    wait(29 * HOUR)
    assert given() == {"hold_overdue amber": (1, 1, 1)}
    wait(28 * HOUR)
    # Overdue a second time, and for more than a day: the first flag had cleared.
    assert given() == {"hold_overdue amber": (1, 1, 1), "hold_overdue red": (1, 1, 1)}
    assert given(ticket_hold_red_days=5) == {"hold_overdue amber": (1, 1, 2), "hold_overdue red": (1, 1, 0)}


def test_a_promise_kept_late(answered: Ticket, cast: Cast, wait: Wait, given: Given) -> None:
    wait(2 * HOUR + 10 * MINUTE)
    call(answered, cast)
    wait(MINUTE)
    assert given(promise_red_seconds=601) == {"promise_broken amber": (1, 1, 1)}
    assert given(promise_red_seconds=599) == {"promise_broken amber": (1, 1, 0), "promise_broken red": (0, 0, 1)}


def test_a_promise_put_off_twice(answered: Ticket, cast: Cast, wait: Wait, given: Given) -> None:
    promise = answered.promises.get()
    for hours in (5, 6):
        wait(HOUR)
        promises.renegotiate(promise=promise.pk, by=cast.alice, due_at=in_hours(hours), told="By phone.")
    wait(MINUTE)
    call(answered, cast)
    wait(MINUTE)
    assert given() == {"promise_broken amber": (1, 1, 1)}


def test_resolved_with_it_what_clears_is_cleared(answered: Ticket, cast: Cast, wait: Wait, given: Given) -> None:
    wait(2 * HOUR + MINUTE)
    call(answered, cast)
    resolution.resolve(
        ticket=answered.pk, by=cast.alice, resolution="Paid.", root_cause="booking", customer_agreed=True
    )
    wait(DAY)
    resolution.reopen(ticket=answered.pk, by=cast.alice, reason="It is back.")
    promises.make(ticket=answered.pk, by=cast.alice, what="A call.", due_at=in_hours(1))
    wait(2 * HOUR)
    assert given() == {"promise_broken amber": (1, 1, 1), "promise_broken red": (1, 1, 1)}
    assert given(promise_red_seconds=7200) == {"promise_broken amber": (1, 1, 2), "promise_broken red": (1, 1, 0)}


def test_days_of_silence(answered: Ticket, cast: Cast, wait: Wait, given: Given) -> None:
    call(answered, cast)
    wait(3.5 * DAY)  # three working days end with Thursday
    assert given() == {}
    assert given(silent_amber_days=2) == {"silent amber": (0, 0, 1)}
    assert given(silent_amber_days=1, silent_red_days=2) == {"silent red": (0, 0, 1)}
    wait(2 * DAY)
    assert given(silent_amber_days=5) == {"silent amber": (1, 1, 0)}


def test_silence_that_a_promise_cleared_is_the_same_silence_afterwards(
    answered: Ticket, cast: Cast, wait: Wait, given: Given
) -> None:
    call(answered, cast)
    wait(4 * DAY)
    promises.make(ticket=answered.pk, by=cast.alice, what="A letter.", due_at=in_hours(1))
    wait(MINUTE)
    wait(2 * HOUR)
    assert given() == {"promise_broken red": (1, 1, 1), "silent amber": (1, 1, 1)}


def test_reopened_nobody_is_blamed_for_the_time_between(cast: Cast, wait: Wait, given: Given) -> None:
    ticket = cast.open_ticket()
    wait(10 * MINUTE)
    resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.WRONG_NUMBER)
    wait(DAY)
    resolution.reopen(ticket=ticket.pk, by=cast.alice, reason="It was the right one.")
    wait(50 * MINUTE)
    assert given() == {}
    wait(10 * MINUTE)
    assert given(acknowledge_phone_seconds=7200) == {"unacknowledged red": (1, 1, 0)}


def test_a_new_owner_whom_the_customer_has_not_met(answered: Ticket, cast: Cast, wait: Wait, given: Given) -> None:
    call(answered, cast)
    answered.refresh_from_db()
    cast.accept(cast.offer(answered, cast.bob), next_contact_at=in_hours(30))
    wait(3 * HOUR)
    contacts.contact(ticket=answered.pk, by=cast.bob, direction="outbound", summary="I have it now.")
    wait(9 * HOUR)
    assert given() == {}
    assert given(unintroduced_red_seconds=3600) == {"cold_transfer red": (0, 0, 1)}


def test_a_caller_who_was_passed_on_cold(answered: Ticket, cast: Cast, wait: Wait, given: Given) -> None:
    source: Source = source_of(cast)
    blind = {"kind": "blind", "by": "200", "target": "201"}
    wait(10 * MINUTE)
    story = [(5, "answered", {"agent": "200"}), (60, "transferred", blind), (70, "answered", {"agent": "201"})]
    report(source, *call_story("c1", in_hours(-0.05), *story))
    wait(MINUTE)
    assert given() == {"cold_transfer amber": (1, 1, 1)}
    wait(20 * MINUTE)
    assert given(cold_transfer_red_seconds=3600) == {"cold_transfer amber": (0, 0, 1), "cold_transfer red": (1, 1, 0)}


def test_the_rest_of_a_packet(cast: Cast, wait: Wait, given: Given) -> None:
    two_fields = {name: PACKET[name] for name in ("need", "next_action")}
    offered = cast.offer(cast.open_ticket(), cast.bob, on_call=True, packet=two_fields)
    answers.accept(handoff=offered.pk, by=cast.bob, read_back=READ_BACK, next_contact_at=in_hours(5))
    contacts.acknowledge(ticket=offered.ticket_id, by=cast.bob, message="Mine.", next_contact_at=in_hours(5))
    wait(20 * MINUTE)
    answers.complete(handoff=offered.pk, by=cast.alice, expectation=PACKET["expectation"], history=PACKET["history"])
    wait(2 * HOUR)
    assert given(packet_owed_amber_seconds=1500) == {"packet_owed amber": (1, 1, 0)}
    assert given(packet_owed_red_seconds=1000) == {"packet_owed amber": (1, 1, 0), "packet_owed red": (0, 0, 1)}


def test_on_a_ticket_that_has_ended_no_packet_is_owed_to_anybody(cast: Cast, wait: Wait, given: Given) -> None:
    two_fields = {name: PACKET[name] for name in ("need", "next_action")}
    offered = cast.offer(cast.open_ticket(), cast.bob, on_call=True, packet=two_fields)
    ticket = answers.accept(handoff=offered.pk, by=cast.bob, read_back=READ_BACK, next_contact_at=in_hours(5)).ticket
    promises.keep(promise=ticket.promises.get().pk, by=cast.bob)
    resolution.resolve(ticket=ticket.pk, by=cast.bob, resolution="Paid.", root_cause="booking", customer_agreed=True)
    wait(20 * MINUTE)
    resolution.reopen(ticket=ticket.pk, by=cast.bob, reason="It is back.")
    wait(2 * HOUR)
    assert given(packet_owed_red_seconds=1900) == {}


def test_a_question(answered: Ticket, cast: Cast, wait: Wait, given: Given) -> None:
    call(answered, cast)
    asked = help_requests.ask(
        ticket=answered.pk, by=cast.alice, asked=cast.lars, question="Where is the parcel?", answer_by=in_hours(1)
    )
    wait(HOUR)
    assert given() == {"help_unanswered amber": (1, 1, 1)}
    wait(2 * DAY)
    help_requests.answer(help_request=asked.pk, by=cast.lars, answer="In the depot at the harbour.")
    wait(HOUR)
    assert given(help_unanswered_red_days=3) == {
        "help_unanswered amber": (0, 0, 1),
        "help_unanswered red": (1, 1, 0),
    }


def test_a_customer_who_wants_a_manager(answered: Ticket, cast: Cast, wait: Wait, given: Given) -> None:
    wanted = manager_requests.ask(ticket=answered.pk, by=cast.alice, reason="Third call.")
    wait(20 * MINUTE)
    manager_requests.answer(manager_request=wanted.pk, by=cast.maya, answer="A refund by Friday.")
    wait(MINUTE)
    assert given() == {"manager_asked amber": (1, 1, 1)}
    assert given(manager_asked_amber_seconds=1500) == {"manager_asked amber": (1, 1, 0)}
    red = given(manager_asked_amber_seconds=600, manager_asked_red_seconds=900)
    assert red == {"manager_asked amber": (1, 1, 0), "manager_asked red": (0, 0, 1)}


def test_absence_handed_over_is_judged_like_any_other_move(
    answered: Ticket, cast: Cast, wait: Wait, given: Given
) -> None:
    cast.hand(answered, cast.bob, reason=Reason.ABSENCE)
    wait(5 * HOUR)
    assert given()["cold_transfer red"] == (1, 1, 1)
