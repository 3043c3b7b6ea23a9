"""Who hung up, told from Asterisk's events: the Cause is 16 whoever did."""

import pytest

from tests.phones.asterisk.exchange import Exchange, told


@pytest.mark.parametrize("by", ["caller", "agent"])
def test_the_leg_on_which_it_was_asked_for_tells(by: str) -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(60).hang_up(*((caller, anna) if by == "caller" else (anna, caller)))
    assert told(exchange).ended_by == by


@pytest.mark.parametrize("seconds_after", [-0.1, 0, 0.1])
@pytest.mark.parametrize(("reason", "by"), [("caller", "caller"), ("agent", "agent"), ("transfer", "system")])
def test_the_queue_tells_where_no_leg_did(reason: str, by: str, seconds_after: float) -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    if seconds_after < 0:
        exchange.at(60 + seconds_after).say("AgentComplete", caller.fields(), Reason=reason)
    exchange.at(60).hang_up(anna, caller, requested=False)
    if seconds_after >= 0:
        exchange.at(60 + seconds_after).say("AgentComplete", caller.fields(), Reason=reason)
    assert told(exchange).ended_by == by


def test_nobody_hung_up() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(60).hang_up(caller, anna, requested=False)
    assert told(exchange).ended_by == "system"


def test_of_two_at_the_same_time_the_first_has_hung_up() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(60).say("HangupRequest", anna.fields())
    exchange.at(60.05).hang_up(caller, anna)
    assert told(exchange).ended_by == "agent"


def test_a_customer_who_goes_on_after_the_agent_has_hung_up_ends_it() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(60).hang_up(anna)
    exchange.at(90).hang_up(caller)
    assert told(exchange).ended_by == "caller"


def test_an_agent_who_hung_up_before_the_next_one_answered_has_not_ended_it() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(60).hang_up(anna)
    ben = exchange.at(61).rings(caller, "PJSIP/ben")
    exchange.at(65).bridge("next", ben, caller)
    exchange.at(90).hang_up(caller, ben, requested=False)
    assert told(exchange).ended_by == "system"


def test_a_telephone_that_rejects_the_only_call_has_not_ended_it_either() -> None:
    exchange = Exchange()
    caller = exchange.at(0).caller()
    anna = exchange.at(2).rings(caller, "PJSIP/anna")
    exchange.at(5).hang_up(anna)
    exchange.at(6).hang_up(caller, requested=False)
    assert told(exchange).ended_by == "system"


def test_one_of_two_agents_who_hangs_up_ends_nothing() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    ben = exchange.at(20).rings(caller, "PJSIP/ben")
    exchange.at(25).bridge("talk", ben)
    exchange.at(30).hang_up(anna)
    exchange.at(60).hang_up(caller, ben, requested=False)
    assert told(exchange).ended_by == "system"


def test_giving_up_in_the_queue() -> None:
    exchange = Exchange()
    caller = exchange.at(0).caller()
    exchange.at(1).say("QueueCallerJoin", caller.fields(), Queue="complaints")
    anna = exchange.at(2).rings(caller, "PJSIP/anna")
    exchange.at(30).say("HangupRequest", caller.fields())
    exchange.say("QueueCallerAbandon", caller.fields(), Queue="complaints", HoldTime="29")
    exchange.hang_up(anna, caller, requested=False)
    call = told(exchange)
    assert (call.ended_by, call.answered_at, [each.cause for each in call.conclusions]) == (
        "caller",
        None,
        ["queue_abandoned"],
    )


def test_a_telephone_that_rejects_a_call_has_not_ended_it() -> None:
    exchange = Exchange()
    caller = exchange.at(0).caller()
    anna = exchange.at(2).rings(caller, "PJSIP/anna")
    exchange.at(5).hang_up(anna)
    ben = exchange.at(6).rings(caller, "PJSIP/ben")
    exchange.at(9).bridge("talk", ben, caller)
    exchange.at(60).hang_up(ben, caller)
    call = told(exchange)
    assert (call.agents, call.ended_by) == (("102",), "agent")
