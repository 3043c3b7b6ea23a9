"""What posts of Zammad's generic CTI tell of a call, in whatever order they come."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from phones import calls
from phones.calls import Call, Cause
from phones.events import Direction, EndedBy, Event, read
from phones.vendors import zammad
from tests.cast import MONDAY

CALLER, LINE = "12125550100", "12125550150"  # as Zammad has them, without a +
BASE = {"from": CALLER, "to": LINE, "direction": "in", "callId": "307fa962-de8d-4ffc-817b-7f6993204159"}
NEW = {**BASE, "event": "newCall", "user": ["Alice", "Bob"], "queue": "complaints"}
ANSWER = {**BASE, "event": "answer", "user": "Alice", "answeringNumber": "101"}
HANGUP = {**BASE, "event": "hangup", "user": "Alice", "answeringNumber": "101", "cause": "normalClearing"}


def at(seconds: float) -> datetime:
    return MONDAY + timedelta(seconds=seconds)


def told(*posts: dict[str, Any], region: str = "US") -> Call:
    """Return the call that posts tell of, ten seconds between each, an hour later."""
    known: list[Event] = []
    for place, post in enumerate(posts):
        events, wrong = zammad.read(post, at=at(10 * place), region=region)
        assert wrong == {}
        known += zammad.placed(events, known)
    assert len({event.id for event in known}) == len(known)
    return calls.fold(known, at=at(3600))


def test_an_ordinary_call() -> None:
    call = told(NEW, ANSWER, HANGUP)
    assert (call.caller, call.called, call.queue, call.agents) == (
        "+12125550100",
        "+12125550150",
        "complaints",
        ("101",),
    )
    assert (call.rang_at, call.answered_at, call.ended_at) == (at(0), at(10), at(20))
    # Either of them has hung up: Zammad's words do not say who.
    assert (call.ended_by, call.cause, call.provisional, call.conclusions) == (
        EndedBy.UNKNOWN,
        "normalClearing",
        False,
        (),
    )


@pytest.mark.parametrize("arrived", list(permutations([NEW, ANSWER, HANGUP])))
def test_in_any_order_and_however_often_it_was_answered_and_has_ended(arrived: tuple[dict[str, Any], ...]) -> None:
    call = told(*arrived, *arrived)
    assert (call.caller, call.agents, call.queue) == ("+12125550100", ("101",), "complaints")
    assert call.rang_at is not None
    assert call.answered_at is not None
    assert call.ended_at is not None
    assert call.rang_at <= call.answered_at <= call.ended_at
    assert (call.provisional, call.transfers, call.conclusions) == (False, (), ())


def test_whichever_post_comes_first_says_who_is_calling() -> None:
    call = told(ANSWER, HANGUP)
    assert (call.caller, call.rang_at, call.answered_at, call.provisional) == ("+12125550100", at(0), at(0), False)
    nameless = {name: value for name, value in ANSWER.items() if name not in ("from", "to")}
    assert told(nameless).provisional
    assert told(nameless, NEW).caller == "+12125550100"


def test_posted_again_there_is_nothing_new() -> None:
    events, _ = zammad.read(NEW, at=at(0), region="US")
    again, _ = zammad.read(NEW, at=at(60), region="US")
    assert zammad.placed(again, events) == []


def test_a_caller_who_gives_up_in_a_queue() -> None:
    soon = told(NEW, {**HANGUP, "cause": "cancel"})  # after ten seconds
    assert [(each.cause, each.slight) for each in soon.conclusions] == [(Cause.QUEUE_ABANDONED, True)]
    late = told(NEW, NEW, NEW, {**HANGUP, "cause": "cancel"})
    assert (late.ended_by, [each.cause for each in late.conclusions]) == (EndedBy.CALLER, [Cause.QUEUE_ABANDONED])


def test_another_who_answers_has_taken_it_over() -> None:
    call = told(NEW, ANSWER, {**ANSWER, "answeringNumber": "102"}, HANGUP)
    assert (call.agents, call.agent) == (("101", "102"), "102")


@pytest.mark.parametrize(
    ("direction", "cause", "by"),
    [
        ("in", "cancel", EndedBy.CALLER),
        ("out", "cancel", EndedBy.AGENT),
        ("in", "busy", EndedBy.SYSTEM),
        ("in", "noAnswer", EndedBy.SYSTEM),
        ("out", "notFound", EndedBy.SYSTEM),
        ("in", "congestion", EndedBy.SYSTEM),
        ("in", "forwarded", EndedBy.UNKNOWN),
        ("in", "somethingNew", EndedBy.UNKNOWN),
        ("in", "", EndedBy.UNKNOWN),
    ],
)
def test_who_ended_it_where_the_cause_tells(direction: str, cause: str, by: EndedBy) -> None:
    assert told({**HANGUP, "direction": direction, "cause": cause}).ended_by == by


@pytest.mark.parametrize(
    ("said", "agent"),
    [
        ({"answeringNumber": "101", "user": "Alice"}, "101"),
        ({"answeringNumber": "", "user": "Alice"}, "Alice"),
        ({"user": ["Alice", "Bob"]}, "Alice"),
        ({"user[]": ["Alice", "Bob"]}, "Alice"),
        ({"user": [], "answeringNumber": None}, LINE),
        ({"answeringNumber": 101}, "101"),
        ({"direction": "out", "answeringNumber": CALLER, "user": "alice"}, "alice"),
        ({"direction": "out", "from": "101", "answeringNumber": CALLER}, "101"),
    ],
)
def test_who_of_us_is_on_the_line(said: dict[str, Any], agent: str) -> None:
    assert told({**BASE, "event": "answer", **said}).agent == agent


@pytest.mark.parametrize(
    ("sent", "region", "number"),
    [
        ("12125550100", "US", "+12125550100"),
        ("2125550100", "US", "+12125550100"),  # national, as its region has it
        ("12125550100", "DE", "+12125550100"),
        ("12125550100", "", "+12125550100"),
        ("+12125550100", "DE", "+12125550100"),
        ("0012125550100", "DE", "+12125550100"),
        ("101", "US", "101"),
        ("anonymous", "US", ""),
        ("", "US", ""),
    ],
)
def test_numbers_come_without_their_plus(sent: str, region: str, number: str) -> None:
    (rings, *_), _ = zammad.read({**NEW, "from": sent}, at=at(0), region=region)
    assert rings.says("from") == number


def test_a_call_of_ours_is_outbound() -> None:
    assert told({**NEW, "direction": "out"}).direction == Direction.OUTBOUND


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"event": "hold"}, "event"),
        ({"event": None}, "event"),
        ({"event": ["newCall"]}, "event"),
        ({"direction": "up"}, "direction"),
        ({"direction": ["in"]}, "direction"),
        ({"callId": ""}, "callId"),
        ({"callId": "x" * 121}, "callId"),
        ({"callId": "a\nb"}, "callId"),
        ({"callId": {"id": 1}}, "callId"),
        ({"from": ["1"]}, "from"),
        ({"cause": True}, "cause"),
    ],
)
def test_what_cannot_be_read_is_named(said: dict[str, Any], field: str) -> None:
    assert zammad.read({**NEW, **said}, at=at(0), region="US")[1].keys() == {field}


def test_every_event_is_one_that_the_inbox_takes() -> None:
    for post in (NEW, ANSWER, HANGUP, {**ANSWER, "answeringNumber": "9" * 150, "callId": "x" * 120}):
        for event in zammad.read(post, at=at(0), region="US")[0]:
            neutral = {"id": event.id, "type": event.type, "call_id": event.call_id, "data": dict(event.data)}
            assert read({**neutral, "occurred_at": event.occurred_at.isoformat()})[1] == {}
