"""The bounce rules: when has a ticket been passed around too much? Pure.

A rule is given the ticket's chain as it stands after a move and the thresholds of its team, and answers
with findings; it reads no database and no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tickets.kinds import BeganBy, FlagKind, Level
from tickets.thresholds import DEFAULTS, Thresholds

DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Link:
    """One tenure of a chain, as the rules see it: who, since when, how it began, and why."""

    owner: int
    started_at: datetime
    began_by: str
    reason: str = ""
    counted: bool = False


@dataclass(frozen=True)
class Finding:
    """A flag that the rules ask for, with its evidence."""

    kind: FlagKind
    level: Level
    evidence: dict[str, Any] = field(default_factory=dict)


def counts(*, began_by: str, reason: str, acknowledged: bool, previous: Link, within_working_day: bool) -> bool:
    """Say whether a move counts as a change for the rules.

    began_by, reason: of the new tenure. acknowledged: whether the ticket was acknowledged before the
    move. previous: the tenure that the move ends. within_working_day: whether the move comes within one
    working day of the previous tenure's start.
    """
    if began_by == BeganBy.TAKEN_OVER:
        return True
    # An imported history has no documented moves: each change of person is one.
    if began_by not in (BeganBy.ACCEPTED, BeganBy.IMPORTED):
        return False
    if reason == "wrong_owner" and not acknowledged:
        return False
    handed_on = previous.began_by == BeganBy.TAKEN_OVER and within_working_day
    return not handed_on


def _level(figure: int, amber: int, red: int) -> Level | None:
    if figure >= red:
        return Level.RED
    return Level.AMBER if figure >= amber else None


def bounced(chain: Sequence[Link], *, chased: bool, thresholds: Thresholds = DEFAULTS) -> Finding | None:
    """Too many distinct owners; fewer are too many when the customer chases.

    chased: whether the customer asked after the complaint within the seven days before the move.
    """
    owners = {link.owner for place, link in enumerate(chain) if place == 0 or link.counted}
    red = thresholds.bounced_red_owners_chased if chased else thresholds.bounced_red_owners
    level = _level(len(owners), thresholds.bounced_amber_owners, red)
    return Finding(FlagKind.BOUNCED, level, {"owners": len(owners), "chased": chased}) if level else None


def ping_pong(chain: Sequence[Link], *, thresholds: Thresholds = DEFAULTS) -> Finding | None:
    """The ticket came back to somebody who had owned it before, once or again."""
    seen: set[int] = set()
    returns = 0
    for link in chain:
        returns += link.counted and link.owner in seen
        seen.add(link.owner)
    level = _level(returns, thresholds.ping_pong_amber_returns, thresholds.ping_pong_red_returns)
    return Finding(FlagKind.PING_PONG, level, {"returns": returns}) if level else None


def hot_potato(chain: Sequence[Link], *, at: datetime, thresholds: Thresholds = DEFAULTS) -> Finding | None:
    """Too many distinct owners within the 24 hours up to `at`; absence never counts."""
    owners: set[int] = set()
    for place, link in enumerate(chain):
        ended_at = chain[place + 1].started_at if place + 1 < len(chain) else at
        # The first owner of the day counts even though the tenure began before it.
        recent = ended_at > at - DAY
        if recent and link.reason != "absence" and (place == 0 or link.counted):
            owners.add(link.owner)
    level = _level(len(owners), thresholds.hot_potato_amber_owners, thresholds.hot_potato_red_owners)
    return Finding(FlagKind.HOT_POTATO, level, {"owners_in_24_hours": len(owners)}) if level else None


def refused(offers: int, *, thresholds: Thresholds = DEFAULTS) -> Finding | None:
    """Too many offers of this owner were declined or expired."""
    level = _level(offers, thresholds.refused_amber_offers, thresholds.refused_red_offers)
    return Finding(FlagKind.REFUSED, level, {"offers": offers}) if level else None


def repeat_contact(chases: int, *, thresholds: Thresholds = DEFAULTS) -> Finding | None:
    """The customer asked after the complaint too often in seven days."""
    level = _level(chases, thresholds.repeat_contact_amber_chases, thresholds.repeat_contact_red_chases)
    return Finding(FlagKind.REPEAT_CONTACT, level, {"chases_in_7_days": chases}) if level else None


def after_move(
    chain: Sequence[Link], *, at: datetime, chased: bool, thresholds: Thresholds = DEFAULTS
) -> list[Finding]:
    """Return what the rules find in a chain whose last move happened at `at`."""
    if not chain[-1].counted:
        return []
    found = (
        bounced(chain, chased=chased, thresholds=thresholds),
        ping_pong(chain, thresholds=thresholds),
        hot_potato(chain, at=at, thresholds=thresholds),
    )
    return [finding for finding in found if finding]
