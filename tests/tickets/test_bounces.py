"""The bounce rules: chains as literals, thresholds as in the design's table."""

from datetime import timedelta

import pytest

from tests.cast import utc
from tickets import bounces
from tickets.bounces import Link
from tickets.kinds import BeganBy

START = utc(2027, 3, 1)
DAYS, HOURS = timedelta(days=2), timedelta(hours=2)


def chain(owners: str, *, every: timedelta = DAYS) -> list[Link]:
    """Return a chain: one letter an owner, each accepted `every` so often; (x) is one that does not count."""
    links: list[Link] = []
    for word in owners.split():
        owner, counted = word.strip("()"), bool(links) and "(" not in word
        began_by = BeganBy.ACCEPTED if links else BeganBy.OPENED
        links.append(Link(ord(owner), START + len(links) * every, began_by, counted=counted))
    return links


def found(links: list[Link], *, chased: bool = False) -> dict[str, str]:
    """Return what the rules find after the last move, as levels by kind."""
    findings = bounces.after_move(links, at=links[-1].started_at, chased=chased)
    return {str(finding.kind): str(finding.level) for finding in findings}


@pytest.mark.parametrize(
    ("owners", "levels"),
    [
        ("A B", {}),
        ("A B C", {"bounced": "amber"}),
        ("A B C D", {"bounced": "red"}),
        ("A B C D E", {"bounced": "red"}),
        ("A B A", {"ping_pong": "amber"}),
        ("A B A B", {"ping_pong": "red"}),
        ("A B C A", {"bounced": "amber", "ping_pong": "amber"}),
        ("A B C A D", {"bounced": "red", "ping_pong": "amber"}),
        ("A (M) B", {}),
        ("A B (M) C", {"bounced": "amber"}),
        ("A B (M)", {}),
        ("A B (A)", {}),
        ("A B (A) B", {"ping_pong": "amber"}),
        ("A (B) (C) (D) E", {}),
    ],
)
def test_over_days(owners: str, levels: dict[str, str]) -> None:
    assert found(chain(owners)) == levels


@pytest.mark.parametrize(
    ("owners", "level"),
    [
        ("A B", None),
        ("A B A", None),
        ("A B C", "amber"),
        ("A B C D", "red"),
        ("A (M) B", None),
        ("A B (M) C", "amber"),
    ],
)
def test_within_hours_it_is_a_hot_potato(owners: str, level: str | None) -> None:
    assert found(chain(owners, every=HOURS)).get("hot_potato") == level


@pytest.mark.parametrize(("owners", "level"), [("A B", None), ("A B C", "red"), ("A B C D", "red")])
def test_with_a_chasing_customer_three_are_too_many(owners: str, level: str | None) -> None:
    assert found(chain(owners), chased=True).get("bounced") == level


def test_absence_is_never_a_hot_potato() -> None:
    links = chain("A B C D", every=HOURS)
    links[1:] = [Link(link.owner, link.started_at, link.began_by, "absence", True) for link in links[1:]]
    assert found(links) == {"bounced": "red"}


def test_the_first_owner_of_the_day_counts_though_they_had_it_for_long() -> None:
    links = [Link(1, START - timedelta(days=300), BeganBy.OPENED)]
    links += [Link(owner, START + owner * HOURS, BeganBy.ACCEPTED, counted=True) for owner in (2, 3)]
    assert found(links)["hot_potato"] == "amber"


def test_who_let_go_more_than_a_day_ago_does_not() -> None:
    links = chain("A B C", every=timedelta(hours=13))
    assert bounces.hot_potato(links, at=links[1].started_at + timedelta(hours=24)) is None
    assert bounces.hot_potato(links, at=links[1].started_at + timedelta(hours=23)) is not None


def test_the_evidence_says_how_many() -> None:
    bounced = bounces.bounced(chain("A B C"), chased=True)
    ping_pong = bounces.ping_pong(chain("A B A B"))
    assert bounced is not None
    assert ping_pong is not None
    assert (bounced.evidence, ping_pong.evidence) == ({"owners": 3, "chased": True}, {"returns": 2})


@pytest.mark.parametrize(("offers", "level"), [(0, None), (1, None), (2, "amber"), (3, "red"), (7, "red")])
def test_refused_offers(offers: int, level: str | None) -> None:
    finding = bounces.refused(offers)
    assert (finding and finding.level) == level


@pytest.mark.parametrize(
    ("began_by", "reason", "acknowledged", "previous", "within", "counts"),
    [
        ("accepted", "skill", True, "opened", False, True),
        ("accepted", "absence", True, "opened", False, True),
        ("taken_over", "take_over", True, "accepted", False, True),
        ("taken_over", "take_over", True, "taken_over", True, True),
        ("imported", "", True, "imported", False, True),
        ("inherited", "", True, "opened", False, False),
        ("opened", "", True, "opened", False, False),
        ("accepted", "wrong_owner", False, "opened", False, False),
        ("accepted", "wrong_owner", True, "opened", False, True),
        ("accepted", "skill", False, "opened", False, True),
        ("accepted", "skill", True, "taken_over", True, False),
        ("accepted", "skill", True, "taken_over", False, True),
        ("accepted", "skill", True, "accepted", True, True),
    ],
)
def test_what_counts_as_a_change(
    began_by: str, reason: str, acknowledged: bool, previous: str, within: bool, counts: bool
) -> None:
    said = bounces.counts(
        began_by=began_by,
        reason=reason,
        acknowledged=acknowledged,
        previous=Link(1, START, previous),
        within_working_day=within,
    )
    assert said is counts
