"""What Asterisk's streams are like: doubled, a little out of order, with Local channels and trunks both ways."""

from datetime import timedelta

from hypothesis import given
from hypothesis.strategies import DataObject, lists, permutations, sampled_from
from hypothesis.strategies import data as drawn

from phones.asterisk.listener import neutral
from phones.events import Type, read
from phones.vendors.asterisk import Asterisk
from tests.cast import MONDAY
from tests.phones.asterisk.exchange import CALLER, PLAN, Exchange, heard, rings, spells, story, told


def everything() -> Exchange:
    """A call with a hold, a blind transfer, parking and an end."""
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    exchange.at(30).unhold(anna)
    exchange.at(40).blind(anna, caller, "102")
    exchange.hang_up(anna, requested=False)
    ben = exchange.rings(caller, "PJSIP/ben")
    exchange.at(45).bridge("next", ben, caller)
    exchange.at(50).parked(caller, "PJSIP/ben")
    exchange.hang_up(ben)
    exchange.at(80).hang_up(caller)
    return exchange


def test_exact_duplicates_say_nothing_new() -> None:
    events = everything().events
    assert heard([raw for raw in events for _ in range(2)]) == heard(events)
    assert heard(events + events) == heard(events)


def test_whoever_hears_it_again_says_the_same_with_the_same_ids() -> None:
    events = heard(everything().events)
    assert heard(everything().events) == events
    assert len({event.id for event in events}) == len(events)


def test_small_inversions_of_time_do_not_change_the_story() -> None:
    straight, inverted = everything(), everything()
    for place, raw in enumerate(inverted.events):
        raw["Timestamp"] = f"{float(raw['Timestamp']) - place % 3 * 0.002:.6f}"
    one, other = (
        [(event.type, event.data) for event in sorted(heard(each.events), key=lambda event: event.occurred_at)]
        for each in (straight, inverted)
    )
    assert one == other


def test_what_was_held_back_is_said_as_soon_as_the_next_event_is_a_second_later() -> None:
    exchange = Exchange()
    _, anna = exchange.talk()
    exchange.at(20).hold(anna)
    exchange.at(30).unhold(anna)
    exchange.at(31.5).say("Hangup", exchange.channel("PJSIP/desk207").fields())
    asterisk = Asterisk(PLAN)
    said = [event for raw in exchange.events for event in asterisk.feed(raw, at=MONDAY)]
    assert said[-1].type == Type.UNHELD
    assert asterisk.settle() == []


def test_without_timestamps_it_happens_when_it_is_heard() -> None:
    exchange = Exchange()
    exchange.caller()
    del exchange.events[0]["Timestamp"]
    heard_at = MONDAY + timedelta(minutes=3)
    assert [event.occurred_at for event in Asterisk(PLAN).feed(exchange.events[0], at=heard_at)] == [heard_at]


def test_it_rings_at_each_telephone_once_and_says_who_calls() -> None:
    exchange = Exchange()
    caller = exchange.at(0).caller()
    for seconds, device in ((1, "PJSIP/anna"), (1.1, "PJSIP/desk207"), (15, "PJSIP/anna")):
        exchange.at(seconds).rings(caller, device)
    assert rings(exchange) == [
        {"from": CALLER, "to": to, "direction": "inbound"} for to in ("18005550100", "101", "207")
    ]


def test_a_withheld_number_is_none() -> None:
    exchange = Exchange()
    exchange.caller(number="")
    assert rings(exchange)[0]["from"] == ""


def test_our_own_calls_are_outbound() -> None:
    exchange = Exchange()
    anna = exchange.at(0).channel("PJSIP/anna", exten="912125550100")
    customer = exchange.channel("PJSIP/pstn", anna)
    exchange.at(1).say("DialBegin", anna.fields(), customer.fields("Dest"), DialString="+12125550100@pstn")
    exchange.at(9).bridge("talk", customer, anna)
    exchange.at(20).hold(anna)
    exchange.at(50).hang_up(customer, anna)
    assert rings(exchange) == [{"from": "101", "to": CALLER, "direction": "outbound"}]
    call = told(exchange)
    assert (call.agent, call.ended_by, spells(call)) == ("101", "caller", [("hold", "caller_hung_up")])


def test_a_dialler_that_calls_the_customer_first_calls_them() -> None:
    exchange = Exchange()
    customer = exchange.channel("PJSIP/pstn")
    exchange.events[-1]["ChannelState"] = "0"
    exchange.at(1).say("DialBegin", customer.fields("Dest"), DialString="pstn/sip:+12125550100@10.0.0.1:5060")
    exchange.at(60).hang_up(customer)
    assert rings(exchange) == [{"from": "", "to": CALLER, "direction": "outbound"}]


def test_telephones_that_ring_at_the_very_same_time_all_ring() -> None:
    exchange = Exchange()
    caller = exchange.caller()
    for device in ("PJSIP/anna", "PJSIP/ben"):
        exchange.at(1).rings(caller, device)
    assert [each["to"] for each in rings(exchange)][1:] == ["101", "102"]


def test_a_customer_is_nobodys_agent() -> None:
    exchange = Exchange()
    first, second, anna = exchange.caller(), exchange.caller("+12125550133"), exchange.channel("PJSIP/anna")
    exchange.at(5).bridge("talk", first, second, anna)
    exchange.at(60).hang_up(first, second, anna)
    said = heard(exchange.events)
    assert [event.data for event in said if event.type == Type.ANSWERED] == [{"agent": "101"}] * 2


def test_colleagues_who_call_each_other_are_no_call() -> None:
    exchange = Exchange()
    anna = exchange.channel("PJSIP/anna", exten="102")
    ben = exchange.rings(anna, "PJSIP/ben")
    exchange.bridge("talk", anna, ben)
    exchange.hold(anna)
    exchange.hang_up(anna, ben)
    assert heard(exchange.events) == []


def test_a_customer_who_is_passed_to_somebody_outside_is_still_one_call() -> None:
    exchange = Exchange()
    caller = exchange.at(0).caller()
    mobile = exchange.at(2).rings(caller, "PJSIP/pstn", number="+12125550177")
    exchange.at(9).bridge("talk", mobile, caller)
    exchange.at(60).hang_up(mobile, caller)
    call = told(exchange)
    assert (call.agents, call.ended_by) == (("+12125550177",), "agent")


def test_agents_behind_pairs_of_local_channels_have_the_customer() -> None:
    exchange = Exchange()
    caller = exchange.at(0).caller()
    inside = exchange.at(1).rings(caller, "Local/101@queue")
    inside.name += ";1"
    outside = exchange.channel("Local/101@queue", caller)
    outside.name = inside.name[:-1] + "2"
    anna = exchange.at(2).rings(outside, "PJSIP/anna")
    exchange.at(5).bridge("outer", anna, outside)
    exchange.at(5.1).bridge("inner", inside, caller)
    exchange.at(20).hold(anna)
    exchange.at(30).unhold(anna)
    exchange.at(60).hang_up(anna, outside, inside, caller)
    assert [(at, kind) for at, kind, _ in story(exchange)] == [
        (5.1, "answered"),
        (20, "held"),
        (30, "unheld"),
        (60, "ended"),
    ]
    assert (told(exchange).agents, told(exchange).ended_by) == (("101",), "agent")


def many_calls() -> Exchange:
    """Calls of every kind, one after the other."""
    exchange = everything()
    caller, anna = exchange.talk()
    inside, outside, ben = exchange.at(20).consult_by_code(caller, anna)
    exchange.at(40).attended(anna, anna, caller, inside)
    exchange.at(60).hang_up(caller, ben, outside, inside, anna)
    customer = exchange.channel("PJSIP/pstn", anna)
    exchange.at(70).bridge("out", customer, anna)
    exchange.at(80).hang_up(customer, anna)
    return exchange


@given(drawn())
def test_whatever_is_lost_doubled_or_shuffled_what_is_said_is_well_formed(choose: DataObject) -> None:
    events = many_calls().events
    heard_ = choose.draw(permutations(choose.draw(lists(sampled_from(events), max_size=60))))
    asterisk = Asterisk(PLAN)
    said = heard(heard_, asterisk)
    listed = [{**raw, "BridgeId": "talk"} for raw in heard_ if raw["Event"] == "BridgeEnter"]
    said += asterisk.found(listed, at=MONDAY) + heard(heard_, asterisk)
    for event in said:
        found, wrong = read(neutral(event))
        assert found == event, wrong
    assert len({event.id for event in said}) == len(said)
