"""What happened to a case: from its events to its chain, holds, ownerless stretches and flags. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from handoffs.history.events import Event
from tickets import bounces
from tickets.bounces import Link
from tickets.kinds import BeganBy, FlagKind, HoldEnd, Level
from tickets.states import Status

ENDED = (Status.RESOLVED, Status.CLOSED)


class Owned(NamedTuple):
    """One tenure; the person is "" when the case never names anybody. An open one ends at None."""

    person: str
    started_at: datetime
    ended_at: datetime | None


class Held(NamedTuple):
    """One run of hold states, and who owned the case when it began."""

    person: str
    started_at: datetime
    ended_at: datetime | None
    how: HoldEnd | None


class Ownerless(NamedTuple):
    """A stretch in which the history names nobody; until None when it lasts to the end of the log."""

    since: datetime
    until: datetime | None


class Flagged(NamedTuple):
    """A flag as it stands after the last move: its highest level, since when it is up, when it rose."""

    kind: FlagKind
    level: Level
    evidence: dict[str, Any]
    raised_at: datetime
    rose_at: datetime | None


@dataclass(frozen=True)
class Replayed:
    """A case as the product understands it. `clamped` counts the times that ran backward."""

    key: str
    events: int
    clamped: int
    opened_at: datetime
    last_at: datetime
    status: Status
    named_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    team: str
    subject: str
    tenures: tuple[Owned, ...]
    holds: tuple[Held, ...]
    ownerless: tuple[Ownerless, ...]
    flags: tuple[Flagged, ...]

    @property
    def moves(self) -> int:
        """How often the case went from one person to another."""
        return len(self.tenures) - 1

    @property
    def persons(self) -> frozenset[str]:
        """Everybody who is named as owner; nobody, for a case that goes to the fallback owner."""
        return frozenset(tenure.person for tenure in self.tenures if tenure.person)

    @property
    def returns(self) -> bool:
        """Whether the case ever came back to an earlier owner."""
        return self.moves + 1 > len({tenure.person for tenure in self.tenures})

    @property
    def returns_directly(self) -> bool:
        """Whether the case ever went from one person to another and straight back: A→B→A."""
        return any(one.person == other.person for one, other in zip(self.tenures, self.tenures[2:], strict=False))

    def lasted(self, since: datetime, until: datetime | None) -> timedelta:
        """Return how long something lasted that, if it did not end, was last seen at the last event."""
        return (until or self.last_at) - since


def replay(key: str, events: Sequence[Event]) -> Replayed:
    """Work out what happened to a case from its events (at least one), given in order."""
    times = _forward(events)
    tenures = _chain(events, times)
    resolved_at = _since(events, times, ENDED)
    status = events[-1].state
    return Replayed(
        key=key,
        events=len(events),
        clamped=sum(event.at != at for event, at in zip(events, times, strict=True)),
        opened_at=times[0],
        last_at=times[-1],
        status=status,
        named_at=next((at for event, at in zip(events, times, strict=True) if event.person), None),
        resolved_at=resolved_at,
        closed_at=_since(events, times, (Status.CLOSED,)),
        team=next((event.team for event in reversed(events) if event.team), ""),
        subject=next((event.subject for event in reversed(events) if event.subject), ""),
        tenures=tenures,
        holds=_holds(events, times, tenures),
        ownerless=_ownerless(events, times),
        flags=_flags(tenures),
    )


def _forward(events: Sequence[Event]) -> list[datetime]:
    """Return the times of the events; one that lies before its predecessor happened with it."""
    times: list[datetime] = []
    for event in events:
        times.append(max(event.at, times[-1]) if times else event.at)
    return times


def _since(events: Sequence[Event], times: Sequence[datetime], states: Sequence[Status]) -> datetime | None:
    """Return when the case came, for the last time, into the states that it ended in; None if in others."""
    since = None
    for event, at in zip(reversed(events), reversed(times), strict=True):
        if event.state not in states:
            break
        since = at
    return since


def _chain(events: Sequence[Event], times: Sequence[datetime]) -> tuple[Owned, ...]:
    """Return the persons in order, equal neighbours merged; the first owns the case from its start."""
    begins: list[tuple[str, datetime]] = []
    for event, at in zip(events, times, strict=True):
        if event.person and (not begins or begins[-1][0] != event.person):
            begins.append((event.person, at if begins else times[0]))
    begins = begins or [("", times[0])]
    ends = [at for _, at in begins[1:]]
    return tuple(Owned(person, at, end) for (person, at), end in zip(begins, [*ends, None], strict=True))


def _holds(events: Sequence[Event], times: Sequence[datetime], tenures: Sequence[Owned]) -> tuple[Held, ...]:
    found: list[Held] = []
    since = None
    for event, at in zip(events, times, strict=True):
        if event.state == Status.ON_HOLD:
            since = since or at
        elif since is not None:
            how = HoldEnd.CLOSED if event.state == Status.CLOSED else HoldEnd.RETURNED
            found.append(Held(_owner(tenures, since), since, at, how))
            since = None
    if since is not None:
        found.append(Held(_owner(tenures, since), since, None, None))
    return tuple(found)


def _owner(tenures: Sequence[Owned], at: datetime) -> str:
    return next(tenure.person for tenure in reversed(tenures) if tenure.started_at <= at)


def _ownerless(events: Sequence[Event], times: Sequence[datetime]) -> tuple[Ownerless, ...]:
    """Return the stretches that name nobody; a system account's events neither begin nor end one."""
    found: list[Ownerless] = []
    since: datetime | None = None
    ever = False
    for event, at in zip(events, times, strict=True):
        if event.person:
            if since is not None:
                found.append(Ownerless(since, at))
            since, ever = None, True
        elif since is None and (event.person is not None or not ever):
            since = at
    return (*found, Ownerless(since, None)) if since is not None else tuple(found)


def _flags(tenures: Sequence[Owned]) -> tuple[Flagged, ...]:
    """Run the bounce rules after each move, as they run for a live ticket."""
    numbers = {person: number for number, person in enumerate(dict.fromkeys(each.person for each in tenures))}
    # A history has no documented moves: each change of person counts as one.
    chain = [
        Link(numbers[each.person], each.started_at, BeganBy.IMPORTED, counted=place > 0)
        for place, each in enumerate(tenures)
    ]
    up: dict[FlagKind, Flagged] = {}
    for length, (_, moved) in enumerate(pairwise(tenures), start=2):
        at = moved.started_at
        for found in bounces.after_move(chain[:length], at=at, chased=False):
            flag = up.get(found.kind)
            if flag is None:
                up[found.kind] = Flagged(found.kind, found.level, found.evidence, at, None)
            elif found.level == flag.level:
                up[found.kind] = flag._replace(evidence=found.evidence)
            elif found.level == Level.RED:
                up[found.kind] = flag._replace(level=found.level, evidence=found.evidence, rose_at=at)
    return tuple(up.values())
