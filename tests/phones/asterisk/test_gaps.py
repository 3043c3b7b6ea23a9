"""What is made of calls that began, went on or ended while nobody listened."""

from datetime import timedelta

from phones.events import Event
from phones.vendors.asterisk import Asterisk
from tests.phones.asterisk.exchange import CALLER, PLAN, Channel, Exchange, Raw, heard

BACK = 100  # the second at which somebody listens again


def shown(channel: Channel, bridge: str = "") -> Raw:
    """Return a channel as CoreShowChannels shows it."""
    return {"Event": "CoreShowChannel", **channel.fields(), "BridgeId": bridge}


def said(events: list[Event]) -> list[tuple[str, dict[str, str]]]:
    """Return neutral events as (type, data)."""
    return [(event.type.value[5:], dict(event.data)) for event in events]


def missed(exchange: Exchange) -> list[Raw]:
    """Return the events so far; the exchange goes on with none."""
    before, exchange.events = exchange.events, []
    return before


def test_a_call_that_is_found_is_told_from_there() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    missed(exchange)
    asterisk = Asterisk(PLAN)
    found = asterisk.found([shown(anna, "talk"), shown(caller, "talk")], at=exchange.moment(BACK))
    assert said(found) == [
        ("ringing", {"from": CALLER, "to": "", "direction": "inbound"}),
        ("answered", {"agent": "101"}),
    ]
    assert found[0].occurred_at == exchange.began
    exchange.at(120).hold(anna)
    exchange.at(150).hang_up(caller, anna)
    assert [kind for kind, _ in said(heard(exchange.events, asterisk))] == ["held", "ended"]


def test_finding_it_again_says_the_same() -> None:
    exchange = Exchange()
    caller, _ = exchange.talk()
    once, twice = (Asterisk(PLAN).found([shown(caller)], at=exchange.moment(at)) for at in (BACK, BACK + 60))
    assert once == twice


def test_our_own_call_that_is_found_is_outbound() -> None:
    exchange = Exchange()
    anna = exchange.channel("PJSIP/anna")
    customer = exchange.channel("PJSIP/pstn", anna, number=CALLER)
    found = Asterisk(PLAN).found([shown(customer, "b"), shown(anna, "b")], at=exchange.moment(BACK))
    assert said(found)[0] == ("ringing", {"from": "101", "to": CALLER, "direction": "outbound"})


def test_a_call_that_is_gone_has_ended_nobody_knows_how() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    asterisk = Asterisk(PLAN)
    heard(missed(exchange), asterisk)
    ended = asterisk.found([], at=exchange.moment(BACK))
    assert said(ended) == [("ended", {"ended_by": "unknown", "cause": "not heard"})]
    exchange.at(120).hang_up(caller)
    assert heard(exchange.events, asterisk) == []


def test_a_hold_goes_on_through_a_gap_until_it_is_seen_to_end() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).hold(anna)
    asterisk = Asterisk(PLAN)
    heard(missed(exchange), asterisk)
    assert asterisk.found([shown(caller, "talk"), shown(anna, "talk")], at=exchange.moment(BACK)) == []
    exchange.at(120).unhold(anna)
    assert said(heard(exchange.events, asterisk)) == [("unheld", {"reason": "resumed"})]


def test_whoever_came_back_from_a_consultation_meanwhile_has_taken_the_customer_back() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    exchange.at(20).consult_by_code(caller, anna)
    asterisk = Asterisk(PLAN)
    heard(missed(exchange), asterisk)
    found = asterisk.found([shown(caller, "talk"), shown(anna, "talk")], at=exchange.moment(BACK))
    assert said(found + asterisk.settle()) == [("unheld", {"reason": "resumed"})]


def test_a_customer_who_was_parked_before_we_listened_is_taken() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    missed(exchange)
    asterisk = Asterisk(PLAN)
    asterisk.found([shown(caller, "lot")], at=exchange.moment(BACK))
    exchange.at(120).bridge("taken", anna, caller)
    assert [kind for kind, _ in said(heard(exchange.events, asterisk))] == ["unheld", "answered"]


def test_a_hold_that_goes_on_when_we_begin_to_listen_is_not_ended_by_that() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    found = Asterisk(PLAN).found([shown(caller, "talk"), shown(anna, "talk")], at=exchange.moment(BACK))
    assert "unheld" not in [kind for kind, _ in said(found)]


def test_whoever_is_consulted_holds_nobody_even_if_the_consultation_began_before() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    _, outside, ben = exchange.at(20).consult_by_code(caller, anna)
    missed(exchange)
    asterisk = Asterisk(PLAN)
    asterisk.found([shown(caller), shown(outside, "outside"), shown(ben, "outside")], at=exchange.moment(BACK))
    exchange.at(120).hold(ben)
    assert heard(exchange.events, asterisk) == []


def test_whoever_answered_meanwhile_is_found() -> None:
    exchange = Exchange()
    caller = exchange.at(0).caller()
    asterisk = Asterisk(PLAN)
    heard(missed(exchange), asterisk)
    anna = exchange.channel("PJSIP/anna", caller)
    found = asterisk.found([shown(caller, "talk"), shown(anna, "talk")], at=exchange.moment(BACK))
    assert [(event.data, event.occurred_at - exchange.began) for event in found] == [
        ({"agent": "101"}, timedelta(seconds=BACK))
    ]


def test_who_may_not_ask_what_goes_on_hears_what_happens_to_customers_channels() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    asterisk = Asterisk(PLAN)
    heard(missed(exchange), asterisk)
    asterisk.forget()
    exchange.at(120).say("HangupRequest", caller.fields())
    exchange.hang_up(anna, caller, requested=False)
    assert said(heard(exchange.events, asterisk)) == [("ended", {"ended_by": "caller", "cause": "16 Normal Clearing"})]


def test_a_holders_channel_that_was_never_seen_is_known_by_its_linkedid() -> None:
    exchange = Exchange()
    caller, anna = exchange.talk()
    second = exchange.channel("PJSIP/anna")
    missed(exchange)
    asterisk = Asterisk(PLAN)
    exchange.at(120).say("DialBegin", caller.fields(), exchange.channel("PJSIP/ben", caller).fields("Dest"))
    exchange.at(121).hold(second)
    exchange.at(122).hold(anna)
    assert [event.occurred_at for event in heard(exchange.events, asterisk) if event.type == "call.held"] == [
        exchange.moment(122)
    ]
