"""What a flag's evidence says: words for every kind, from whoever raised it."""

from datetime import timedelta
from typing import Any

import pytest

from phones.calls import Cause
from phones.conclusions import FLAGGED
from tests.cast import MONDAY, utc
from tests.people.test_working_time import NINE_TO_FIVE, weekdays
from tickets import bounces, limits
from tickets.bounces import Finding, Link
from tickets.kinds import FlagKind
from tickets.limits import Known, Owed, Waiting
from tickets.thresholds import DEFAULTS
from web.board import evidence

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NAMES = {"alice": "Alice", "bob": "Bob"}


def words(kind: str, **facts: Any) -> str:
    return evidence.said(kind, facts, NAMES).words


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        ("bounced", {"owners": 3, "chased": False}, "It has had 3 owners"),
        ("bounced", {"owners": 3, "chased": True}, "It has had 3 owners, and the customer asks what became of it"),
        ("ping_pong", {"returns": 1}, "It came back to somebody who had owned it before"),
        ("ping_pong", {"returns": 2}, "It came back to somebody who had owned it before: 2 times"),
        ("hot_potato", {"owners_in_24_hours": 4}, "4 owners within 24 hours"),
        ("refused", {"offers": 2}, "2 offers of its owner were declined or not answered"),
        ("packet_owed", {"handoff": 1, "giver": "alice"}, "Alice handed it over during a call and still owes"),
        ("help_unanswered", {"help_request": 1, "asked": "bob"}, "Bob has not answered the owner's question"),
        ("help_unanswered", {"help_request": 1, "asked": "left"}, "left has not answered"),
        ("repeat_contact", {"chases_in_7_days": 3}, "Within 7 days the customer asked what became of it: 3 times"),
        ("abandoned_on_hold", {"hold": 1, "waited_seconds": 45}, "waited on hold for 45 seconds and hung up"),
        ("abandoned_on_hold", {"hold": 1, "waited_seconds": 679}, "waited on hold for 11 min and hung up"),
        ("dropped_by_us", {"hold": 1, "waited_seconds": 60}, "waited on hold for 1 min, and we ended the call"),
    ],
)
def test_evidence_is_said_in_words(kind: str, facts: dict[str, Any], said: str) -> None:
    assert said in words(kind, **facts)


def test_every_kind_of_flag_has_words() -> None:
    said = [words(kind) for kind in FlagKind]

    assert all(said)
    assert not any(kind.value in each for kind, each in zip(FlagKind, said, strict=True) if "_" in kind)


def test_every_kind_of_call_that_raises_a_flag_has_words() -> None:
    said = {cause: words(kind, call=1, cause=cause, at=MONDAY.isoformat()) for cause, kind in FLAGGED.items()}

    assert len(set(said.values())) == len(FLAGGED)
    assert "passed on, and the line was cut" in said[Cause.DROPPED_AFTER_TRANSFER]


def found_by_clocks() -> list[Finding]:
    """Return what the clocks find on a ticket on which everything went wrong."""
    calendar = weekdays(NINE_TO_FIVE)
    known = Known(
        opened_at=MONDAY,
        heard_at=MONDAY,
        acknowledge_by=MONDAY + 60 * MINUTE,
        moved_at=MONDAY,
        cold_since=MONDAY + MINUTE,
        holds=[Waiting(1, "call", MONDAY, MONDAY + MINUTE), Waiting(2, "ticket", MONDAY, MONDAY + DAY)],
        promises=[Owed(1, MONDAY + DAY), Owed(2, MONDAY + DAY, moved_again_at=MONDAY)],
    )
    steps = limits.steps(known, calendar, DEFAULTS)
    return [Finding(step.kind, step.level, step.evidence) for step in steps if step.level]


def found_by_moves() -> list[Finding]:
    """Return what the bounce rules find in a chain that went round in a circle within a day."""
    chain = [Link(owner, MONDAY, "accepted", counted=True) for owner in (1, 2, 3, 4, 1)]
    found = bounces.after_move(chain, at=MONDAY, chased=True)
    return [*found, *filter(None, (bounces.refused(3), bounces.repeat_contact(3)))]


def test_whatever_the_rules_find_is_said_with_its_figures_and_times() -> None:
    for finding in [*found_by_clocks(), *found_by_moves()]:
        said = evidence.said(finding.kind, finding.evidence, {})
        figures = [str(value) for value in finding.evidence.values() if type(value) is int]
        times = [value for value in finding.evidence.values() if str(value).startswith("2027")]
        ids = {"hold", "promise"} & finding.evidence.keys()
        assert ids or all(figure in said.words for figure in figures if figure != "1"), finding
        assert (said.at is not None) == bool(times), finding


def test_a_promised_return_is_what_counts_not_when_it_began() -> None:
    facts = {
        "hold": 1,
        "hold_kind": "ticket",
        "since": "2027-03-01T09:00:00+00:00",
        "return_by": "2027-03-02T09:00:00Z",
    }

    said = evidence.said("hold_overdue", facts, {})

    assert said.at == utc(2027, 3, 2, 9)
    assert "Nobody came back from the hold" in said.words
    assert "on the line" in words("hold_overdue", **{**facts, "hold_kind": "call"})


def test_people_are_called_by_their_names() -> None:
    every = [{"giver": "alice"}, {"asked": "bob"}, {"owners": 3}]

    assert evidence.people_in(every) == {"alice", "bob"}


def test_capacity_is_named_as_a_cause() -> None:
    assert evidence.capacity(None) == ""
    load = {"live_tickets": 90, "reps": 2, "limit_each": 40}
    assert evidence.capacity(load) == "Too much for the team: 90 open tickets, 2 reps, at most 40 each"
