"""An hour of a contact centre, played against the running server, and a server that is held to it."""

import copy
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis.strategies import integers
from pytest_django.live_server_helper import LiveServer

from people import tokens
from phones import calls, sources
from phones.models import Call, PhoneEvent, RawBody
from phones.simulator import hour
from phones.simulator.checking import check, compare
from phones.simulator.sending import send
from phones.simulator.server import Server
from phones.simulator.stories import STORIES
from phones.simulator.tape import Tape
from tests.cast import Cast, make_cast
from tests.invariants import broken_invariants
from tests.phones.lines import CALLER, event

AGENTS = ("7101", "7102", "7103", "7104")


@dataclass
class Line:
    """A running server, and who speaks to it."""

    url: str
    token: str
    reader: str
    cast: Cast

    def simulate(self, **options: Any) -> str:
        """Play as many calls as there are stories, as fast as it goes, and return what is printed."""
        printed = StringIO()
        usual = {"url": self.url, "token": self.token, "reader_token": self.reader, "rate": 0, "sizes": [5, 20]}
        call_command("simulate_calls", stdout=printed, **usual | {"calls": len(STORIES)} | options)
        return printed.getvalue()


@pytest.fixture
def line(transactional_db: None, live_server: LiveServer) -> Line:
    """Billing's telephone system, and Ada who reads everything."""
    cast = make_cast()
    _, token = sources.create(by=cast.adam, slug="pbx", name="The PBX", team=cast.billing, region="US")
    return Line(live_server.url, token, tokens.create(cast.ada), cast)


def played(number: int, seed: int = 1) -> tuple[list[Tape], list[dict[str, Any]]]:
    """Return so many calls, and what arrives of them."""
    dice = random.Random(seed)
    tapes = hour.play(number, name="c", ends_at=timezone.now(), agents=AGENTS, dice=dice)
    return tapes, hour.arrivals(tapes, dice)


def test_every_story_is_concluded_as_it_was_played(line: Line) -> None:
    printed = line.simulate(calls=40, seed=random.randrange(10**6))
    assert "0 of 40 (0.0%)" in printed, printed
    assert Call.objects.count() == 40
    assert broken_invariants() == []


def test_it_really_comes_twice_late_and_out_of_order(line: Line) -> None:
    line.simulate(calls=50)
    bodies = [json.loads(body) for body in RawBody.objects.order_by("pk").values_list("content", flat=True)]
    assert {len(body) for body in bodies} >= {5, 20}
    arrived = [each for body in bodies for each in body]
    ids = [each["id"] for each in arrived]
    assert len(ids) > len(set(ids)) == PhoneEvent.objects.count()
    assert hour.out_of_order(arrived) > 10


def test_a_server_that_concludes_something_else_is_noticed(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "SILENCE", timedelta(seconds=10))
    with pytest.raises(CommandError, match="has not concluded what was played"):
        line.simulate()


def test_a_server_that_has_lost_what_it_was_told_is_noticed(line: Line) -> None:
    tapes, arrived = played(len(STORIES))
    server = Server(line.url)
    numbers = send(server, arrived, token=line.token, sizes=[100]).calls
    assert check(server, tapes, numbers, token=line.reader) == []
    PhoneEvent.objects.filter(type="call.held").delete()
    again = [event(tape.call_id, "summary", timezone.now()) for tape in tapes]
    send(server, again, token=line.token, sizes=[100])
    wrong = check(server, tapes, numbers, token=line.reader)
    server.close()
    assert {each.call_id for each in wrong} == {tape.call_id for tape in tapes if tape.outcome["spells"]}


def spoilt(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    """Return what changes fields of an outcome."""
    return lambda outcome: outcome.update(changes)


SPOILT: list[Callable[[dict[str, Any]], Any]] = [
    *(spoilt(ended_by="system"), spoilt(direction="outbound"), spoilt(number=CALLER), spoilt(provisional=True)),
    *(spoilt(answered_at=None), spoilt(ended_at=None), spoilt(conclusions=[("cold_transfer", 1)])),
    lambda outcome: outcome["conclusions"].append(("queue_abandoned", 0)),
    lambda outcome: outcome["spells"][0].update(how="returned"),
    lambda outcome: outcome["spells"][0].update(by="7199"),
    lambda outcome: outcome["spells"].clear(),
    lambda outcome: outcome["transfers"][1].update(picked_up_by="7199"),
    lambda outcome: outcome["transfers"].pop(),
]


def test_one_thing_that_was_not_so_is_noticed(line: Line) -> None:
    tapes, arrived = played(len(STORIES))
    around = next(tape for tape in tapes if tape.story == "passed_around")
    server = Server(line.url)
    events = [each for each in arrived if each["call_id"] == around.call_id]
    numbers = send(server, events, token=line.token, sizes=[50]).calls
    row = server.call(numbers[around.call_id], token=line.reader)
    server.close()
    assert compare(around, row) == []
    for spoil in SPOILT:
        other = copy.deepcopy(around)
        spoil(other.outcome)
        assert len(compare(other, row)) == 1


def test_what_only_time_shows_is_nobodys_mistake(line: Line) -> None:
    row = {"spells": [], "transfers": [], "conclusions": [{"cause": "ended_unresolved", "number": 0}]}
    row["conclusions"][0]["withdrawn_at"] = None
    tape = next(tape for tape in played(len(STORIES))[0] if tape.story == "came_back")
    told = {name: value.isoformat() if name.endswith("_at") else value for name, value in tape.outcome.items()}
    tape.outcome["transfers"] = []
    assert compare(tape, told | row) == []
    tape.outcome["ended_by"] = told["ended_by"] = "caller"
    assert [each.what for each in compare(tape, told | row)] == ["conclusions"]


@settings(max_examples=30)
@given(integers(0, 10**6))
def test_nothing_is_further_from_now_than_an_hour(seed: int) -> None:
    before = timezone.now()
    tapes, arrived = played(80, seed)
    times = [each["occurred_at"] for each in arrived]
    assert (before - hour.HOUR).isoformat(timespec="milliseconds") <= min(times)
    assert max(times) <= timezone.now().isoformat()
    assert {tape.story for tape in tapes} == {story.__name__ for story in STORIES}


def test_the_same_seed_is_the_same_hour() -> None:
    said = [[each["type"] for each in played(50, seed)[1]] for seed in (1, 1, 2)]
    assert said[0] == said[1] != said[2]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"reader_token": None}, "--reader-token"),
        ({"url": "tracker.example.com"}, "http://"),
        ({"url": "http://127.0.0.1:9"}, "no answer"),
        ({"sizes": [0]}, "1 to 1000"),
        ({"calls": 0}, "At least one call"),
        ({"agents": ["101", "101", "102"]}, "3 agents"),
    ],
)
def test_what_cannot_be_played_is_said(cast: Cast, options: dict[str, Any], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        Line("http://127.0.0.1:9", "token", "reader", cast).simulate(**options)


def test_whoever_is_not_let_in_is_told(line: Line) -> None:
    for options in ({"token": "wrong"}, {"reader_token": "wrong"}):
        with pytest.raises(CommandError, match="401"):
            line.simulate(**options)


def test_singly_and_at_a_pace(line: Line) -> None:
    begun = timezone.now()
    line.simulate(calls=6, rate=3, sizes=[1])
    assert isinstance(json.loads(RawBody.objects.latest("pk").content), dict)
    assert timezone.now() - begun >= timedelta(seconds=2)
