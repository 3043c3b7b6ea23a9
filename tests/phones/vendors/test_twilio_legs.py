"""What the callbacks of single legs tell: of calls without a conference, and of when a call to us began."""

from datetime import datetime, timedelta

import pytest

from phones import calls
from phones.calls import Call, Cause
from phones.events import Direction, EndedBy
from phones.vendors import twilio
from tests.cast import MONDAY
from tests.phones.vendors.twilio_account import ALICE, BOB, CALLER, CUSTOMER, LINE, in_room, of_leg


def at(seconds: float) -> datetime:
    return MONDAY + timedelta(seconds=seconds)


def told(*callbacks: dict[str, str], query: dict[str, str] | None = None) -> Call:
    """Return the call that callbacks tell of, an hour later."""
    events = []
    for callback in callbacks:
        found, wrong = twilio.read(callback, query or {})
        assert wrong == {}
        events += found
    assert {event.call_id for event in events} == {CUSTOMER}
    return calls.fold(events, at=at(3600))


def dialled(number: int, status: str, seconds: float, **more: str) -> dict[str, str]:
    """Return a callback of a leg that the customer's <Dial> made, by default to Alice."""
    said = {"ParentCallSid": CUSTOMER, "To": "client:101", "Direction": "outbound-dial", **more}
    return of_leg(number, status, at(seconds), **{"leg": ALICE, **said})


ENDS = of_leg(0, "completed", at(100), CallDuration="98")


def test_a_call_that_is_dialled_through() -> None:
    call = told(dialled(0, "initiated", 3), dialled(1, "ringing", 4), dialled(2, "in-progress", 8), ENDS)
    assert (call.caller, call.called, call.agents) == (CALLER, LINE, ("101",))
    assert (call.rang_at, call.answered_at) == (at(0), at(8))
    # Twilio does not say who hung up.
    assert (call.ended_by, call.cause) == (EndedBy.UNKNOWN, "completed")


def test_while_it_goes_on_the_dialled_legs_tell_who_is_calling() -> None:
    call = told(dialled(0, "initiated", 3), dialled(2, "in-progress", 8))
    assert (call.caller, call.direction, call.ended_at) == (CALLER, Direction.INBOUND, None)


def test_a_leg_that_is_not_answered_and_one_that_is() -> None:
    call = told(dialled(0, "no-answer", 20), dialled(2, "in-progress", 30, leg=BOB, To="sip:102@example.com"), ENDS)
    assert call.agents == ("102",)


def test_the_end_of_an_agents_leg_is_not_the_end_of_the_call() -> None:
    assert told(dialled(2, "in-progress", 8), dialled(3, "completed", 50)).ended_at is None


def test_the_conference_knows_better_who_hung_up() -> None:
    on_hold = [
        in_room(1, "participant-join", at(2), "customer"),
        in_room(2, "participant-join", at(5), "101"),
        in_room(3, "participant-hold", at(20), "customer"),
        in_room(4, "participant-leave", at(101), "customer", ReasonParticipantLeft="participant_hung_up"),
    ]
    call = told(ENDS, *on_hold)
    assert [conclusion.cause for conclusion in call.conclusions] == [Cause.HELD_CALLER_HUNG_UP]
    # Nobody said in the address who is calling: known when the leg ends.
    assert (call.caller, call.rang_at) == (CALLER, at(0))


def test_a_program_calls_a_customer() -> None:
    out = {"From": LINE, "To": CALLER, "Direction": "outbound-api"}
    legs = [of_leg(number, status, at(number), **out) for number, status in enumerate(("initiated", "ringing"))]
    call = told(*legs, of_leg(2, "in-progress", at(9), **out), query={"agent": "101"})
    assert (call.direction, call.called, call.agent) == (Direction.OUTBOUND, CALLER, "101")
    busy = told(*legs, of_leg(2, "busy", at(9), **out))
    assert (busy.ended_by, busy.cause, busy.answered_at) == (EndedBy.SYSTEM, "busy", None)


def test_an_agent_calls_a_customer() -> None:
    query = {"direction": "outbound", "agent": "101"}
    to_customer = {"From": LINE, "To": CALLER}
    call = told(dialled(0, "ringing", 1, **to_customer), dialled(1, "in-progress", 8, **to_customer), query=query)
    assert (call.direction, call.called, call.agent) == (Direction.OUTBOUND, CALLER, "101")
    own = of_leg(0, "completed", at(60), From="client:101", To=CALLER, CallDuration="58")
    assert told(own).direction == Direction.OUTBOUND


def test_of_agents_called_into_a_conference_the_conference_tells() -> None:
    joined = {"leg": ALICE, "Direction": "outbound-api", "From": LINE, "To": "+12125550151"}
    events, wrong = twilio.read(of_leg(0, "in-progress", at(5), **joined), {"call": CUSTOMER})
    assert (events, wrong) == ([], {})
    named = {"call": CUSTOMER, "agent": "101"}
    (event,), _ = twilio.read(of_leg(0, "in-progress", at(5), **joined), named)
    assert (event.call_id, event.data) == (CUSTOMER, {"agent": "101"})


@pytest.mark.parametrize("said", [{}, {"MessageStatus": "sent"}, {"CallStatus": "singing"}, {"CallStatus": ""}])
def test_another_callback_is_refused(said: dict[str, str]) -> None:
    whole = {name: value for name, value in ENDS.items() if name != "CallStatus"}
    events, wrong = twilio.read({**whole, **said}, {})
    assert (events, list(wrong)) == ([], ["CallStatus"])
