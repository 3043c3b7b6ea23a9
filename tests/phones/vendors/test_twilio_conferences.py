"""What a conference's callbacks tell of a call."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import permutations

from phones import calls
from phones.calls import Call, Cause, SpellEnd
from phones.events import EndedBy, Event, TransferKind, read
from phones.vendors import twilio
from tests.cast import MONDAY
from tests.phones.vendors.twilio_account import CALLER, CUSTOMER, LINE, ROOM, in_room, of_leg

QUERY = {"from": CALLER, "to": LINE}
ENDS = {"EndConferenceOnExit": "true"}
HUNG_UP = {"ReasonParticipantLeft": "participant_hung_up", "ParticipantCallStatus": "completed"}


def at(seconds: float) -> datetime:
    return MONDAY + timedelta(seconds=seconds)


# The customer waits, Alice comes; what happens then is the story.
COMES = in_room(1, "participant-join", at(2), "customer")
BEGINS = [
    COMES,
    in_room(2, "participant-join", at(10), "101", **ENDS),
    in_room(3, "conference-start", at(10)),
]
HELD = in_room(4, "participant-hold", at(20), "customer", Hold="true")
RESUMED = in_room(5, "participant-unhold", at(50), "customer")


def read_all(callbacks: list[dict[str, str]], query: dict[str, str] | None = None) -> list[Event]:
    """Return the events of callbacks; nothing is wrong with any of them."""
    events = []
    for callback in callbacks:
        told, wrong = twilio.read(callback, QUERY if query is None else query)
        assert wrong == {}
        events += told
    return events


def told(*callbacks: dict[str, str], query: dict[str, str] | None = None) -> Call:
    """Return the call that callbacks tell of, an hour later."""
    return calls.fold(read_all([*BEGINS, *callbacks], query), at=at(3600))


def customer_leaves(number: int, seconds: float, why: str = "participant_hung_up") -> dict[str, str]:
    return in_room(number, "participant-leave", at(seconds), "customer", ReasonParticipantLeft=why)


def agent_leaves(number: int, seconds: float, label: str = "101", **more: str) -> dict[str, str]:
    return in_room(number, "participant-leave", at(seconds), label, **{**HUNG_UP, **more})


def causes(call: Call) -> list[str]:
    return [conclusion.cause for conclusion in call.conclusions]


def passed_on(call: Call) -> list[tuple[str, str, str]]:
    return [(transfer.kind, transfer.by, transfer.picked_up_by) for transfer in call.transfers]


def test_the_call_is_known_by_the_customers_leg() -> None:
    assert {event.call_id for event in read_all(BEGINS)} == {CUSTOMER}
    assert {event.call_id for event in read_all([{**COMES, "FriendlyName": f"room-{CUSTOMER}"}])} == {CUSTOMER}
    elsewhere = [{**callback, "FriendlyName": "Room 7"} for callback in BEGINS]
    assert {event.call_id for event in read_all(elsewhere, {"call": CUSTOMER})} == {CUSTOMER}
    assert {event.call_id for event in read_all(elsewhere, {})} == {ROOM}


def test_an_ordinary_call() -> None:
    call = told(customer_leaves(4, 60), agent_leaves(5, 61, ReasonParticipantLeft="moderator_ended_conference"))
    assert (call.caller, call.called, call.agent, call.provisional) == (CALLER, LINE, "101", False)
    assert (call.rang_at, call.answered_at, call.ended_at) == (at(2), at(10), at(60))
    assert (call.ended_by, causes(call)) == (EndedBy.CALLER, [])


def test_a_hold_and_its_return() -> None:
    call = told(HELD, RESUMED, customer_leaves(6, 60))
    assert [(spell.by, spell.started_at, spell.ended_at, spell.how) for spell in call.spells] == [
        ("101", at(20), at(50), SpellEnd.RETURNED)
    ]
    assert causes(call) == []


def test_the_caller_hangs_up_on_hold() -> None:
    call = told(HELD, customer_leaves(5, 80))
    assert (call.spells[0].how, causes(call)) == (SpellEnd.CALLER_HUNG_UP, [Cause.HELD_CALLER_HUNG_UP])


@pytest.mark.parametrize("why", ["moderator_ended_conference", "conference_ended_via_api"])
def test_we_hang_up_on_a_customer_on_hold(why: str) -> None:
    assert causes(told(HELD, customer_leaves(5, 80, why))) == [Cause.DROPPED_ON_HOLD]


def test_the_agents_own_hold_is_not_the_callers() -> None:
    assert told(in_room(4, "participant-hold", at(20), "101", Hold="true")).spells == ()


def test_a_customer_who_gives_up_before_anybody_comes() -> None:
    call = calls.fold(read_all([COMES, customer_leaves(2, 40)]), at=at(3600))
    assert causes(call) == [Cause.QUEUE_ABANDONED]


def test_an_agent_whose_leaving_ends_the_conference_has_hung_up() -> None:
    ends = in_room(
        6,
        "conference-end",
        at(60),
        ParticipantLabelEndingConference="101",
        ReasonConferenceEnded="participant-with-end-conference-on-exit-left",
    )
    leaves = [agent_leaves(4, 60, **ENDS), customer_leaves(5, 60, "moderator_ended_conference"), ends]
    for reached_us in (leaves, leaves[:1], leaves[1:2], leaves[2:]):
        assert told(*reached_us).ended_by == EndedBy.AGENT
    assert told(in_room(4, "conference-end", at(60), ReasonConferenceEnded="last-participant-left")).ended_by is None


def test_a_conference_that_ends_when_the_customer_leaves() -> None:
    ends = {"ParticipantLabelEndingConference": "customer"}
    left = {"ReasonConferenceEnded": "participant-with-end-conference-on-exit-left"}
    assert told(in_room(4, "conference-end", at(60), **ends, **left)).ended_by == EndedBy.CALLER
    # They had gone before, wherever to.
    last = {"ReasonConferenceEnded": "last-participant-left"}
    assert told(in_room(4, "conference-end", at(60), **ends, **last)).ended_at is None


def test_within_a_second_the_number_says_what_was_first() -> None:
    twice = [HELD, {**RESUMED, "Timestamp": HELD["Timestamp"]}, {**HELD, "SequenceNumber": "6"}]
    assert [spell.ended_at for spell in calls.fold(read_all([*BEGINS, *twice]), at=at(30)).spells] == [at(20), None]


def test_an_agent_leaves_and_nobody_comes() -> None:
    call = told(agent_leaves(4, 30), customer_leaves(5, 90))
    assert passed_on(call) == [(TransferKind.BLIND, "101", "")]
    assert causes(call) == [Cause.COLD_TRANSFER, Cause.DROPPED_AFTER_TRANSFER]


def test_an_agent_leaves_and_another_comes() -> None:
    call = told(agent_leaves(4, 30), in_room(5, "participant-join", at(40), "102", **ENDS), customer_leaves(6, 90))
    assert (passed_on(call), call.agent) == ([(TransferKind.BLIND, "101", "102")], "102")
    assert causes(call) == [Cause.COLD_TRANSFER]


def test_an_agent_leaves_whom_another_has_joined() -> None:
    joins = in_room(5, "participant-join", at(30), "102", **ENDS)
    call = told(HELD, joins, agent_leaves(6, 40), {**RESUMED, "SequenceNumber": "7"}, customer_leaves(8, 90))
    assert (passed_on(call), call.agent) == ([(TransferKind.ATTENDED, "101", "102")], "102")
    assert [spell.how for spell in call.spells] == [SpellEnd.RETURNED]
    assert causes(call) == []


def test_a_colleague_who_was_asked_leaves() -> None:
    call = told(
        HELD,
        in_room(5, "participant-join", at(30), "102"),
        agent_leaves(6, 40, "102"),
        in_room(7, "participant-unhold", at(50), "customer"),
        customer_leaves(8, 90),
    )
    assert (passed_on(call), call.agent, causes(call)) == ([], "101", [])
    assert call.spells[0].ended_at == at(50)


def test_a_colleague_who_does_not_answer_was_never_there() -> None:
    missed = {"ReasonParticipantLeft": "participant_add_failed", "ParticipantCallStatus": "no-answer"}
    call = told(agent_leaves(4, 30, "102", **missed), customer_leaves(5, 60))
    assert (call.agents, passed_on(call), causes(call)) == (("101",), [], [])


def test_whoever_only_coaches_has_no_customer() -> None:
    coach = {"Coaching": "true"}
    call = told(
        in_room(4, "participant-join", at(20), "102", **coach),
        agent_leaves(5, 40, "102", **coach),
        customer_leaves(6, 60),
    )
    assert (call.agents, passed_on(call)) == (("101",), [])


def test_a_customer_who_is_sent_to_another_room_has_been_passed_on() -> None:
    sent = customer_leaves(4, 30, "participant_updated_via_api")
    for ends in ({}, ENDS):
        left = agent_leaves(5, 31, **ends)
        call = told(sent, left, customer_leaves(6, 90))
        assert causes(call) == [Cause.COLD_TRANSFER, Cause.DROPPED_AFTER_TRANSFER]
        comes = {**in_room(2, "participant-join", at(40), "102"), "ConferenceSid": "CF" + "5" * 32}
        call = told(sent, left, comes, customer_leaves(6, 90))
        assert (passed_on(call), call.ended_by) == ([(TransferKind.BLIND, "101", "102")], EndedBy.CALLER)


def test_a_customer_who_is_sent_away_from_two_has_been_passed_on() -> None:
    joins = in_room(4, "participant-join", at(20), "102")
    sent = customer_leaves(5, 30, "participant_updated_via_api")
    assert causes(told(joins, sent, customer_leaves(6, 90))) == [Cause.COLD_TRANSFER, Cause.DROPPED_AFTER_TRANSFER]


def test_whoever_we_call_did_not_wait_in_a_queue() -> None:
    call = told(customer_leaves(4, 60), query={**QUERY, "direction": "outbound"})
    assert (call.direction, call.queued_at) == ("outbound", None)


def test_a_plus_that_nobody_escaped_and_a_withheld_number() -> None:
    assert told(query={"from": " 12125550100"}).caller == CALLER
    for withheld in ("+266696687", "anonymous", " 266696687", "Anonymous"):
        assert told(query={"from": withheld}).caller == ""


STORY = [*BEGINS, HELD, in_room(5, "participant-join", at(20), "102"), agent_leaves(6, 20), customer_leaves(7, 20)]


@given(arrived=permutations(STORY + STORY[:4]))
def test_any_order_and_repetition_tell_the_same_call(arrived: list[dict[str, str]]) -> None:
    """Within one second, as here, the numbers of the callbacks say what was first."""
    assert calls.fold(read_all(arrived), at=at(3600)) == calls.fold(read_all(STORY), at=at(3600))


def test_a_retry_has_the_same_ids_and_no_two_callbacks_share_one() -> None:
    ids = [event.id for event in read_all([*STORY, of_leg(0, "completed", at(20), CallDuration="20")])]
    assert ids == [event.id for event in read_all([*STORY, of_leg(0, "completed", at(20), CallDuration="20")])]
    assert len(set(ids)) == len(ids)


def test_what_is_of_no_interest_tells_nothing() -> None:
    for what in ("participant-mute", "participant-speech-start", "conference-start", "announcement-end", "new-one"):
        assert read_all([in_room(1, what, at(0), "customer")]) == []


@pytest.mark.parametrize(
    ("said", "query", "field"),
    [
        ({"ConferenceSid": "CF1"}, {}, "ConferenceSid"),
        ({"CallSid": "x"}, {}, "CallSid"),
        ({"Timestamp": "2027-03-01T09:00:00Z"}, {}, "Timestamp"),
        ({"Timestamp": ""}, {}, "Timestamp"),
        ({"Timestamp": "Mon, 1 Mar 2027 09:00:00"}, {}, "Timestamp"),
        ({"Timestamp": "Fri, 31 Dec 9999 23:59:59 -1200"}, {}, "Timestamp"),
        ({"SequenceNumber": "many"}, {}, "SequenceNumber"),
        ({"SequenceNumber": "9" * 400}, {}, "SequenceNumber"),
        ({"ParticipantLabel": ""}, {"call": ROOM}, "ParticipantLabel"),
        ({"ParticipantLabel": ["customer"]}, {}, "ParticipantLabel"),
        ({}, {"call": "1"}, "call"),
        ({}, {"direction": "sideways"}, "direction"),
    ],
)
def test_what_cannot_be_read_is_named(said: dict[str, str], query: dict[str, str], field: str) -> None:
    events, wrong = twilio.read({**in_room(1, "participant-join", at(0), "customer"), **said}, query)
    assert (events, list(wrong)) == ([], [field])


def test_every_event_is_one_that_the_inbox_takes() -> None:
    for event in read_all(STORY):
        neutral = {"id": event.id, "type": event.type, "call_id": event.call_id, "data": dict(event.data)}
        assert read({**neutral, "occurred_at": event.occurred_at.isoformat(), "sequence": event.sequence})[1] == {}
