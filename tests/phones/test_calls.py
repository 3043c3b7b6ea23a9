"""A call is what its events tell, in whatever order and however often they come."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import DrawFn, composite, integers, lists, permutations, sampled_from

from phones import calls
from phones.calls import Call, Cause, SpellEnd
from phones.events import EndedBy, Event, Type, wrong_with
from tests.cast import MONDAY

SECOND = timedelta(seconds=1)
LATER = MONDAY + timedelta(days=1)


def events(*told: tuple[int, str, dict[str, Any]]) -> list[Event]:
    """Return events of one call, told as (seconds, type without "call.", what it says)."""
    return [
        Event(f"e{place}", Type(f"call.{kind}"), "c1", MONDAY + seconds * SECOND, data=data)
        for place, (seconds, kind, data) in enumerate(told)
    ]


RINGS = (0, "ringing", {"from": "+12125550100", "to": "500", "direction": "inbound"})
ANSWERED = (5, "answered", {"agent": "101"})
HELD = (20, "held", {"by": "101"})
BLIND = (30, "transferred", {"kind": "blind", "by": "101", "target": "102"})
ATTENDED = (30, "transferred", {"kind": "attended", "by": "101", "target": "102"})


def told(*story: tuple[int, str, dict[str, Any]]) -> Call:
    """Return the call that a story tells, a day later."""
    return calls.fold(events(*story), at=LATER)


def spells(call: Call) -> list[tuple[int, int | None, str | None]]:
    """Return the spells of a call as (from, to, how), in seconds."""
    return [
        (
            (spell.started_at - MONDAY) // SECOND,
            (spell.ended_at - MONDAY) // SECOND if spell.ended_at else None,
            spell.how,
        )
        for spell in call.spells
    ]


def causes(call: Call) -> list[str]:
    """Return what went wrong."""
    return [conclusion.cause for conclusion in call.conclusions]


def ended(seconds: int, by: str, **data: str) -> tuple[int, str, dict[str, Any]]:
    return seconds, "ended", {"ended_by": by, **data}


def test_an_ordinary_call_concludes_nothing() -> None:
    call = told(RINGS, ANSWERED, ended(60, "caller"))
    assert (call.caller, call.agent, call.ended_by, call.provisional) == ("+12125550100", "101", EndedBy.CALLER, False)
    assert causes(call) == []


def test_a_second_hold_does_not_restart_the_clock() -> None:
    call = told(RINGS, ANSWERED, HELD, (25, "held", {"by": "101"}), (40, "unheld", {}), ended(60, "agent"))
    assert spells(call) == [(20, 40, SpellEnd.RETURNED)]
    assert causes(call) == []


def test_an_unhold_without_a_hold_is_ignored() -> None:
    assert spells(told(RINGS, ANSWERED, (10, "unheld", {"reason": "transfer"}), ended(60, "caller"))) == []


@pytest.mark.parametrize(
    ("by", "how", "cause"),
    [
        ("caller", SpellEnd.CALLER_HUNG_UP, [Cause.HELD_CALLER_HUNG_UP]),
        ("agent", SpellEnd.DROPPED_BY_US, [Cause.DROPPED_ON_HOLD]),
        ("system", SpellEnd.DROPPED_BY_US, [Cause.DROPPED_ON_HOLD]),
        ("unknown", SpellEnd.CLOSED, []),
    ],
)
def test_who_ended_it_on_hold_makes_the_difference(by: str, how: SpellEnd, cause: list[Cause]) -> None:
    call = told(RINGS, ANSWERED, HELD, ended(80, by))
    assert spells(call) == [(20, 80, how)]
    assert causes(call) == cause


def test_an_attended_transfer_ends_the_hold_and_brings_somebody() -> None:
    call = told(RINGS, ANSWERED, HELD, ATTENDED, ended(31, "agent", agent="101"), ended(60, "caller"))
    assert spells(call) == [(20, 30, SpellEnd.TRANSFERRED)]
    assert (call.agent, call.ended_by, causes(call)) == ("102", EndedBy.CALLER, [])


def test_a_blind_transfer_is_cold_whoever_picks_it_up() -> None:
    call = told(
        RINGS,
        ANSWERED,
        BLIND,
        ended(31, "agent", agent="101"),
        (35, "answered", {"agent": "102"}),
        ended(60, "caller"),
    )
    assert (call.agents, call.transfers[0].picked_up_by) == (("101", "102"), "102")
    assert causes(call) == [Cause.COLD_TRANSFER]


def test_a_transfer_that_nobody_picks_up_drops_the_caller() -> None:
    assert causes(told(RINGS, ANSWERED, BLIND, ended(60, "system"))) == [
        Cause.COLD_TRANSFER,
        Cause.DROPPED_AFTER_TRANSFER,
    ]


def test_a_transfer_that_failed_is_none() -> None:
    assert causes(told(RINGS, ANSWERED, BLIND, (35, "transfer_failed", {}), ended(60, "caller"))) == []


@pytest.mark.parametrize(("seconds", "slight"), [(21, True), (22, False)])
def test_giving_up_in_the_queue_bothers_somebody_from_twenty_seconds_on(seconds: int, slight: bool) -> None:
    call = told(RINGS, (2, "queued", {"queue": "complaints"}), ended(seconds, "caller"))
    assert [(each.cause, each.slight) for each in call.conclusions] == [(Cause.QUEUE_ABANDONED, slight)]


def test_a_call_whose_beginning_is_not_known_is_provisional() -> None:
    assert told(ANSWERED, ended(60, "caller")).provisional


def test_four_hours_of_silence_end_it_and_nobody_knows_how() -> None:
    story = events(RINGS, ANSWERED, HELD)
    assert calls.fold(story, at=MONDAY + 20 * SECOND + timedelta(hours=3.9)).ended_at is None
    call = calls.fold(story, at=MONDAY + timedelta(hours=5))
    assert (call.ended_at, call.ended_by) == (MONDAY + 20 * SECOND + timedelta(hours=4), EndedBy.UNKNOWN)
    assert causes(call) == []


def test_our_own_calls_to_customers_abandon_nobody() -> None:
    out = (0, "ringing", {"from": "101", "to": "+12125550100", "direction": "outbound"})
    assert causes(told(out, ANSWERED, HELD, ended(60, "caller"))) == []


SAYS: dict[str, list[dict[str, Any]]] = {
    "ringing": [RINGS[2]],
    "queued": [{"queue": "complaints"}],
    "answered": [{"agent": "101"}, {"agent": "102"}],
    "held": [{"by": "101"}, {"by": "102", "kind": "parked"}],
    "unheld": [{}, {"reason": "transfer"}],
    "transferred": [BLIND[2], ATTENDED[2]],
    "transfer_failed": [{}],
    "ended": [{"ended_by": "caller"}, {"ended_by": "agent", "agent": "101"}, {"ended_by": "system"}],
}


@composite
def stories(draw: DrawFn) -> tuple[list[Event], list[Event]]:
    """Draw events of a call, and the same events shuffled, some of them twice."""
    drawn = []
    for kind in draw(lists(sampled_from(sorted(SAYS)), min_size=1, max_size=8)):
        drawn.append((draw(integers(0, 40)), kind, draw(sampled_from(SAYS[kind]))))
    made = events(*drawn)
    doubled = made + draw(lists(sampled_from(made), max_size=4))
    return made, draw(permutations(doubled))


@given(stories())
def test_any_order_and_any_repetition_give_the_same_call(story: tuple[list[Event], list[Event]]) -> None:
    made, arrived = story
    assert calls.fold(arrived, at=LATER) == calls.fold(made, at=LATER)


@given(stories())
def test_whatever_comes_spells_and_transfers_hang_together(story: tuple[list[Event], list[Event]]) -> None:
    call = calls.fold(story[1], at=LATER)
    assert call.ended_at is not None, "a day later every call has ended"
    assert all(spell.ended_at is not None and spell.ended_at >= spell.started_at for spell in call.spells)
    ends = [spell.ended_at for spell in call.spells if spell.ended_at is not None]
    assert ends == sorted(ends)
    assert [spell.number for spell in call.spells] == list(range(1, len(call.spells) + 1))
    assert len({(each.cause, each.number) for each in call.conclusions}) == len(call.conclusions)


@pytest.mark.parametrize(
    ("kind", "data", "named"),
    [
        ("answered", {}, "data.agent"),
        ("transferred", {"kind": "sideways"}, "data.kind"),
        ("held", {"by": "101", "mood": "bad"}, "data.mood"),
        ("queued", {"queue": ["complaints"]}, "data.queue"),
        ("queued", {"queue": "x" * 201}, "data.queue"),
    ],
)
def test_what_an_event_cannot_say_is_named(kind: str, data: dict[str, Any], named: str) -> None:
    assert list(wrong_with(Type(f"call.{kind}"), data)) == [named]


def test_a_summary_says_what_it_likes() -> None:
    assert wrong_with(Type.SUMMARY, {"anything": [1, 2]}) == {}


JOINED = (30, "answered", {"agent": "102"})


def leaves(seconds: int, agent: str) -> tuple[int, str, dict[str, Any]]:
    """Somebody has left the caller, to nobody in particular."""
    return seconds, "transferred", {"kind": "blind", "by": agent}


def test_whoever_leaves_the_caller_to_a_colleague_on_the_line_has_passed_them_on() -> None:
    call = told(RINGS, ANSWERED, HELD, JOINED, leaves(40, "101"), (50, "unheld", {}), ended(60, "caller"))
    (transfer,) = call.transfers
    assert (transfer.kind, transfer.by, transfer.picked_up_by, call.agent) == ("attended", "101", "102", "102")
    assert (spells(call), causes(call)) == ([(20, 50, SpellEnd.RETURNED)], [])


def test_a_colleague_who_was_asked_leaves_and_nobody_was_passed_on() -> None:
    call = told(RINGS, ANSWERED, HELD, JOINED, leaves(40, "102"), (50, "unheld", {}), ended(60, "caller"))
    assert (call.agent, call.transfers, causes(call)) == ("101", (), [])
    assert spells(call) == [(20, 50, SpellEnd.RETURNED)]


def test_the_last_to_leave_has_left_the_caller_alone() -> None:
    call = told(RINGS, ANSWERED, JOINED, leaves(40, "102"), leaves(50, "101"), ended(60, "caller"))
    assert causes(call) == [Cause.COLD_TRANSFER, Cause.DROPPED_AFTER_TRANSFER]
    again = told(RINGS, ANSWERED, leaves(50, "101"), leaves(51, "101"), ended(60, "caller"))
    assert causes(again) == [Cause.COLD_TRANSFER, Cause.DROPPED_AFTER_TRANSFER]
