"""Who waits on hold, and how that ends, told from Asterisk's events."""

import pytest

from tests.phones.asterisk.exchange import Exchange, causes, ended, spells, story, told

QUEUED = (1, "queued", {"queue": "complaints"})
ANSWERED = (5, "answered", {"agent": "101"})


def test_waiting_in_a_queue_with_music_is_no_hold() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(60).hang_up(caller, anna)
    assert story(exchange) == [QUEUED, ANSWERED, ended(60, "caller")]


def test_the_agent_holds_and_takes_back() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    exchange.say("MusicOnHoldStart", caller.fields())
    exchange.at(50).unhold(anna)
    exchange.at(60).hang_up(anna, caller)
    assert story(exchange) == [
        QUEUED,
        ANSWERED,
        (20, "held", {"by": "101", "kind": "hold"}),
        (50, "unheld", {"reason": "resumed"}),
        ended(60, "agent"),
    ]
    assert spells(told(exchange)) == [("hold", "returned")]


def test_pressing_hold_twice_does_not_restart_its_clock() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    exchange.at(30).hold(anna)
    exchange.at(50).unhold(anna)
    exchange.at(60).hang_up(caller, anna)
    (spell,) = told(exchange).spells
    assert (spell.started_at, spell.ended_at) == (exchange.moment(20), exchange.moment(50))


def test_an_agent_who_has_been_there_all_the_time_has_not_come_back() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    exchange.events.append(next(raw for raw in exchange.events if raw["Event"] == "BridgeEnter"))
    exchange.at(60).hang_up(caller, anna)
    assert causes(told(exchange)) == ["held_caller_hung_up"]


def test_a_customer_who_holds_does_not_wait() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(caller)
    exchange.at(60).hang_up(caller, anna)
    assert told(exchange).spells == ()


def test_a_held_customer_hangs_up() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    exchange.at(60).hang_up(caller, anna)
    assert causes(told(exchange)) == ["held_caller_hung_up"]


def test_the_agent_hangs_up_on_a_held_customer() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    exchange.at(60).hang_up(anna, caller)
    assert causes(told(exchange)) == ["dropped_on_hold"]


def test_the_consulting_leg_and_its_own_hold_are_not_the_customers() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    second = exchange.at(25).channel("PJSIP/anna")
    ben = exchange.rings(second, "PJSIP/ben")
    exchange.at(28).bridge("consult", ben, second)
    exchange.at(30).hold(second)
    exchange.at(32).unhold(second)
    exchange.at(35).hold(ben)
    exchange.at(40).unhold(ben)
    exchange.at(45).hang_up(ben, second)
    exchange.at(50).unhold(anna)
    exchange.at(60).hang_up(caller, anna)
    assert story(exchange)[2:] == [
        (20, "held", {"by": "101", "kind": "hold"}),
        (50, "unheld", {"reason": "resumed"}),
        ended(60, "caller"),
    ]


def test_whoever_gives_up_while_the_agent_consults_was_on_hold() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    second = exchange.at(25).channel("PJSIP/anna")
    ben = exchange.rings(second, "PJSIP/ben")
    exchange.at(28).bridge("consult", ben, second)
    exchange.at(40).hang_up(caller, anna)
    exchange.at(41).hang_up(second, ben)
    assert story(exchange)[2:] == [(20, "held", {"by": "101", "kind": "hold"}), ended(40, "caller")]
    assert causes(told(exchange)) == ["held_caller_hung_up"]


def test_an_agent_who_consulted_by_feature_code_comes_back() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    inside, outside, ben = exchange.at(20).consult_by_code(caller, anna)
    exchange.at(30).leave("consult", anna)
    exchange.bridge("talk", anna)
    exchange.at(30.1).unhold(anna)
    exchange.hang_up(inside, outside, ben, requested=False)
    exchange.at(60).hang_up(caller, anna)
    assert story(exchange)[2:] == [
        (20, "held", {"by": "101", "kind": "hold"}),
        (30, "unheld", {"reason": "resumed"}),
        ended(60, "caller"),
    ]


def test_changing_between_customer_and_colleague_by_feature_code_is_two_holds() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    inside, outside, ben = exchange.at(20).consult_by_code(caller, anna)
    # To the customer: the colleague is held, on the very channel that has held the customer.
    exchange.at(30).hold(anna)
    exchange.leave("consult", anna)
    exchange.bridge("talk", anna)
    exchange.unhold(anna)
    exchange.at(40).hold(anna)
    exchange.leave("talk", anna)
    exchange.bridge("consult", anna)
    exchange.unhold(inside)
    exchange.at(60).hang_up(caller, anna, inside, outside, ben)
    assert spells(told(exchange)) == [("hold", "returned"), ("hold", "caller_hung_up")]


def test_parking_is_a_hold_until_somebody_takes_the_customer() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).leave("talk", anna, caller)
    exchange.parked(caller, "PJSIP/anna")
    exchange.bridge("lot", caller, technology="holding_bridge")
    exchange.hang_up(anna)
    exchange.at(50)
    ben = exchange.channel("PJSIP/ben")
    exchange.leave("lot", caller)
    exchange.bridge("taken", ben, caller)
    exchange.at(60).hang_up(ben, caller)
    assert story(exchange)[2:] == [
        (20, "held", {"by": "101", "kind": "parked"}),
        (50, "unheld", {"reason": "resumed"}),
        (50, "answered", {"agent": "102"}),
        ended(60, "agent"),
    ]


def test_somebody_else_who_is_parked_has_not_taken_the_customer() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).leave("talk", anna, caller)
    exchange.parked(caller, "PJSIP/anna")
    exchange.bridge("lot", caller, exchange.channel("PJSIP/ben"), technology="holding_bridge")
    exchange.at(80).hang_up(caller)
    assert spells(told(exchange)) == [("parked", "caller_hung_up")]


def test_whoever_parked_the_customer_has_not_ended_the_call() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).parked(caller, "PJSIP/anna")
    exchange.hang_up(anna)
    exchange.at(80).hang_up(caller, requested=False)
    call = told(exchange)
    assert (call.ended_by, spells(call)) == ("system", [("parked", "dropped_by_us")])


@pytest.mark.parametrize("parked_first", [True, False])
@pytest.mark.parametrize("held", [True, False])
def test_a_transfer_to_the_parking_lot_is_parking(parked_first: bool, held: bool) -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    if held:
        exchange.at(10).hold(anna)
    if parked_first:
        exchange.at(20).parked(caller, "PJSIP/anna")
        exchange.at(20.01).blind(anna, caller, "700")
    else:
        exchange.at(20).blind(anna, caller, "700")
        exchange.at(20.01).parked(caller, "PJSIP/anna")
    exchange.hang_up(anna)
    exchange.at(90).hang_up(caller)
    call = told(exchange)
    assert call.transfers == ()
    assert spells(call) == [("hold" if held else "parked", "caller_hung_up")]
