"""Who passed a customer on, how, and who took them, told from Asterisk's events."""

import pytest

from tests.phones.asterisk.exchange import Exchange, causes, ended, rings, spells, story, told

COLD = (20, "transferred", {"kind": "blind", "by": "101", "target": "102"})


@pytest.mark.parametrize("held", [True, False])
def test_a_blind_transfer_is_no_return_from_hold(held: bool) -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    if held:
        exchange.at(10).hold(anna)
    exchange.at(19.99).blind(anna, caller, "102")
    exchange.leave("talk", anna, caller)
    exchange.at(20.1).hang_up(anna, requested=False)
    ben = exchange.rings(caller, "PJSIP/ben")
    exchange.at(25).bridge("next", ben, caller)
    exchange.at(60).hang_up(caller, ben)
    call = told(exchange)
    assert spells(call) == ([("hold", "transferred")] if held else [])
    assert [(each.kind, each.by, each.target, each.picked_up_by) for each in call.transfers] == [
        ("blind", "101", "102", "102")
    ]
    assert (causes(call), call.ended_by) == (["cold_transfer"], "caller")


def test_a_blind_transfer_that_is_refused_is_none() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(10).hold(anna)
    exchange.at(20).blind(anna, caller, "999", result="Invalid")
    exchange.at(60).hang_up(caller, anna)
    call = told(exchange)
    assert (call.transfers, spells(call), causes(call)) == ((), [("hold", "returned")], [])


def test_nobody_picks_up_and_the_system_ends_it() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).blind(anna, caller, "102")
    exchange.hang_up(anna)
    ben = exchange.rings(caller, "PJSIP/ben")
    exchange.at(40).hang_up(ben, caller, requested=False)
    assert story(exchange)[2:] == [COLD, ended(40, "system")]
    assert causes(told(exchange)) == ["cold_transfer", "dropped_after_transfer"]


def test_whoever_passed_the_customer_on_takes_them_back() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).blind(anna, caller, "102")
    exchange.hang_up(anna, requested=False)
    again = exchange.at(35).rings(caller, "PJSIP/anna")
    exchange.at(40).bridge("again", again, caller)
    exchange.at(60).hang_up(caller, again)
    assert story(exchange)[2:] == [
        COLD,
        (40, "transfer_failed", {"reason": "taken back"}),
        (40, "answered", {"agent": "101"}),
        ended(60, "caller"),
    ]
    assert [each["to"] for each in rings(exchange)] == ["18005550100", "101", "101"]


def test_whoever_passed_the_customer_on_joins_later() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).blind(anna, caller, "102")
    exchange.hang_up(anna, requested=False)
    ben = exchange.rings(caller, "PJSIP/ben")
    exchange.at(30).bridge("next", ben, caller)
    exchange.at(40).bridge("next", exchange.channel("PJSIP/anna", caller))
    exchange.at(60).hang_up(caller, ben)
    assert [kind for _, kind, _ in story(exchange)][2:] == ["transferred", "answered", "answered", "ended"]


def test_taken_back_and_passed_on_within_a_second_there_were_two_holds() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(10).hold(anna)
    exchange.at(20).unhold(anna)
    exchange.at(20.4).hold(anna)
    exchange.at(20.8).blind(anna, caller, "102")
    assert spells(told(exchange)) == [("hold", "returned"), ("hold", "transferred")]


def test_the_transfer_came_first_whatever_its_timestamp_says() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20.003).blind(anna, caller, "102")
    ben = exchange.at(20).rings(caller, "PJSIP/ben")
    exchange.at(20.001).bridge("next", ben, caller)
    exchange.at(60).hang_up(caller, ben)
    assert told(exchange).transfers[0].picked_up_by == "102"


def test_a_transfer_to_a_queue() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).blind(anna, caller, "500")
    exchange.at(21).say("QueueCallerJoin", caller.fields(), Queue="second line")
    exchange.say("MusicOnHoldStart", caller.fields())
    ben = exchange.at(22).rings(caller, "PJSIP/ben")
    exchange.at(30).bridge("next", ben, caller)
    exchange.at(60).hang_up(caller, ben)
    call = told(exchange)
    assert (call.spells, call.queue, call.transfers[0].picked_up_by) == ((), "second line", "102")


@pytest.mark.parametrize("unheld", [True, False])
@pytest.mark.parametrize("bridged_first", [True, False])
def test_an_attended_transfer_by_the_telephone_ends_the_hold(unheld: bool, bridged_first: bool) -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    second = exchange.at(25).channel("PJSIP/anna")
    ben = exchange.rings(second, "PJSIP/ben")
    exchange.at(28).bridge("consult", ben, second)
    if unheld:
        exchange.at(40).unhold(anna)
    exchange.at(40.01).leave("talk", anna)
    if bridged_first:
        exchange.bridge("talk", ben)
    exchange.attended(anna, second, caller, ben)
    if not bridged_first:
        exchange.bridge("talk", ben)
    exchange.at(40.02).hang_up(anna, second)
    exchange.at(60).hang_up(ben, caller)
    call = told(exchange)
    assert spells(call) == [("hold", "transferred")]
    assert [(each.kind, each.by, each.picked_up_by) for each in call.transfers] == [("attended", "101", "102")]
    assert (call.agents, causes(call), call.ended_by) == (("101", "102"), [], "agent")


def test_an_attended_transfer_that_was_asked_for_on_the_consulting_leg() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    second = exchange.at(25).channel("PJSIP/anna")
    ben = exchange.rings(second, "PJSIP/ben")
    exchange.at(28).bridge("consult", ben, second)
    exchange.at(40).say("HangupRequest", anna.fields())
    exchange.attended(second, anna, ben, caller)
    exchange.hang_up(anna, second, requested=False)
    exchange.at(60).hang_up(caller, ben, requested=False)
    call = told(exchange)
    (transfer,) = call.transfers
    assert (transfer.kind, transfer.by, transfer.picked_up_by) == ("attended", "101", "102")
    assert call.ended_by == "system"


def test_an_attended_transfer_by_feature_code_has_no_unhold() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    inside, outside, ben = exchange.at(20).consult_by_code(caller, anna)
    exchange.at(40).say("HangupRequest", anna.fields())
    exchange.attended(anna, anna, caller, inside)
    exchange.hang_up(anna, requested=False)
    exchange.leave("outside", ben)
    exchange.bridge("talk", ben)
    exchange.hang_up(inside, outside, requested=False)
    # Whoever hung up to pass the customer on has not ended the call.
    exchange.at(60).hang_up(caller, ben, requested=False)
    assert story(exchange)[2:] == [
        (20, "held", {"by": "101", "kind": "hold"}),
        (40, "transferred", {"kind": "attended", "by": "101", "target": "102"}),
        ended(60, "system"),
    ]


def test_passed_on_while_it_still_rings_nobody_has_spoken_with_anybody() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    second = exchange.at(25).channel("PJSIP/anna")
    ben = exchange.rings(second, "PJSIP/ben")
    ben.state = "5"
    exchange.at(30).attended(anna, second, caller, ben)
    exchange.hang_up(anna, second, requested=False)
    exchange.at(40).bridge("next", ben, caller)
    exchange.at(60).hang_up(caller, ben)
    call = told(exchange)
    assert (causes(call), call.transfers[0].picked_up_by) == (["cold_transfer"], "102")


def test_a_conference_of_three_is_no_transfer() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    second = exchange.at(25).channel("PJSIP/anna")
    ben = exchange.rings(second, "PJSIP/ben")
    exchange.at(28).bridge("consult", ben, second)
    exchange.at(40).unhold(anna)
    exchange.attended(anna, second, caller, ben, DestType="Threeway")
    exchange.bridge("talk", ben)
    exchange.at(50).hang_up(anna, second)
    exchange.at(60).hang_up(caller, ben)
    call = told(exchange)
    assert (call.transfers, call.agents, spells(call)) == ((), ("101", "102"), [("hold", "returned")])
    assert call.ended_by == "caller"
