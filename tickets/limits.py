"""What only time reveals: when a customer has waited too long, and how badly. Pure.

A rule turns what is known of a ticket into steps: at this moment this flag is due at this level. Which
steps have passed, and when the next one comes, follows from them; no rule reads a clock or a database.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from people import working_time
from people.working_time import Calendar
from tickets.bounces import Finding
from tickets.kinds import FlagKind, HoldKind, Level
from tickets.thresholds import Thresholds


@dataclass(frozen=True)
class Waiting:
    """An open hold."""

    hold: int
    kind: str
    started_at: datetime
    return_by: datetime


@dataclass(frozen=True)
class Owed:
    """An open promise. moved_again_at: when it was last renegotiated, if that was not the first time."""

    promise: int
    due_at: datetime
    moved_again_at: datetime | None = None


@dataclass(frozen=True)
class Known:
    """What the rules know of a live ticket.

    acknowledge_by: None once it is acknowledged. moved_at: when its present owner took it over from
    another, None for the first owner and for one whom the customer has met. cold_since: when its caller was
    passed on without a handoff, None once the owner has spoken with them or it was handed over. heard_at:
    the last contact with the customer, or the opening.
    """

    opened_at: datetime
    heard_at: datetime
    acknowledge_by: datetime | None = None
    moved_at: datetime | None = None
    cold_since: datetime | None = None
    holds: Sequence[Waiting] = ()
    promises: Sequence[Owed] = ()


@dataclass(frozen=True)
class Step:
    """From `at` on, a flag of this kind is due at this level; without a level its owner is reminded."""

    at: datetime
    kind: FlagKind
    level: Level | None
    evidence: dict[str, Any] = field(default_factory=dict, compare=False)


# These clear by themselves when their cause is gone; a broken promise does so only while it is amber.
CLEARING = frozenset({FlagKind.UNACKNOWLEDGED, FlagKind.HOLD_OVERDUE, FlagKind.SILENT, FlagKind.COLD_TRANSFER})


def clears(kind: str, level: str) -> bool:
    """Say whether an open flag clears by itself when its cause is gone."""
    return kind in CLEARING or (kind == FlagKind.PROMISE_BROKEN and level == Level.AMBER)


def unacknowledged(known: Known, calendar: Calendar, thresholds: Thresholds) -> Iterator[Step]:
    """Nobody has told the customer "I'll do it": amber at half of the limit, red at the limit."""
    if known.acknowledge_by is not None:
        length = working_time.between(calendar, known.opened_at, known.acknowledge_by)
        half = working_time.add(calendar, known.opened_at, length / 2)
        evidence = {"acknowledge_by": known.acknowledge_by.isoformat()}
        yield Step(half, FlagKind.UNACKNOWLEDGED, Level.AMBER, evidence)
        yield Step(known.acknowledge_by, FlagKind.UNACKNOWLEDGED, Level.RED, evidence)


def hold_overdue(known: Known, calendar: Calendar, thresholds: Thresholds) -> Iterator[Step]:
    """A customer waits longer than promised, or on the line longer than anybody should: nobody comes back."""
    for hold in known.holds:
        evidence = {"hold": hold.hold, "hold_kind": hold.kind, "since": hold.started_at.isoformat()}
        if hold.kind == HoldKind.CALL:
            reminder, amber, red, gone = (
                hold.started_at + timedelta(seconds=seconds)
                for seconds in (
                    thresholds.call_hold_reminder_seconds,
                    thresholds.call_hold_amber_seconds,
                    thresholds.call_hold_red_seconds,
                    thresholds.call_hold_abandoned_seconds,
                )
            )
            yield Step(reminder, FlagKind.HOLD_OVERDUE, None, evidence)
            yield Step(gone, FlagKind.ABANDONED_ON_HOLD, Level.RED, evidence)
        else:
            amber = hold.return_by
            red = working_time.add_days(calendar, hold.return_by, thresholds.ticket_hold_red_days)
            # Put off and passed again, it is another promised return, with a flag of its own.
            evidence["return_by"] = hold.return_by.isoformat()
        yield Step(amber, FlagKind.HOLD_OVERDUE, Level.AMBER, evidence)
        yield Step(red, FlagKind.HOLD_OVERDUE, Level.RED, evidence)


def promise_broken(known: Known, calendar: Calendar, thresholds: Thresholds) -> Iterator[Step]:
    """A promise has fallen due and nobody says that it was kept, or it was put off once too often."""
    for promise in known.promises:
        evidence = {"promise": promise.promise, "due_at": promise.due_at.isoformat()}
        reminder = promise.due_at - timedelta(seconds=thresholds.promise_reminder_seconds)
        red = promise.due_at + timedelta(seconds=thresholds.promise_red_seconds)
        if promise.moved_again_at is not None:
            yield Step(
                promise.moved_again_at, FlagKind.PROMISE_BROKEN, Level.AMBER, {**evidence, "renegotiated": True}
            )
        yield Step(reminder, FlagKind.PROMISE_BROKEN, None, evidence)
        yield Step(promise.due_at, FlagKind.PROMISE_BROKEN, Level.AMBER, evidence)
        yield Step(red, FlagKind.PROMISE_BROKEN, Level.RED, evidence)


def unintroduced(known: Known, calendar: Calendar, thresholds: Thresholds) -> Iterator[Step]:
    """The ticket has a new owner, and the customer has not heard from them."""
    if known.moved_at is not None:
        at = working_time.add(calendar, known.moved_at, timedelta(seconds=thresholds.unintroduced_red_seconds))
        yield Step(at, FlagKind.COLD_TRANSFER, Level.RED, {"moved_at": known.moved_at.isoformat()})


def transferred_cold(known: Known, calendar: Calendar, thresholds: Thresholds) -> Iterator[Step]:
    """The customer was passed on in a call, and nobody handed the complaint over."""
    if known.cold_since is not None:
        evidence = {"transferred_at": known.cold_since.isoformat()}
        red = known.cold_since + timedelta(seconds=thresholds.cold_transfer_red_seconds)
        yield Step(known.cold_since, FlagKind.COLD_TRANSFER, Level.AMBER, evidence)
        yield Step(red, FlagKind.COLD_TRANSFER, Level.RED, evidence)


def silent(known: Known, calendar: Calendar, thresholds: Thresholds) -> Iterator[Step]:
    """No contact with the customer for days; not before a promised contact has fallen due.

    Whoever is put on hold for days is owed a word meanwhile, whatever is promised for later: no promise
    puts off the red flag.
    """
    promised = max((promise.due_at for promise in known.promises), default=known.heard_at)
    on_hold = any(hold.kind == HoldKind.TICKET for hold in known.holds)
    evidence = {"heard_at": known.heard_at.isoformat()}
    amber = working_time.add_days(calendar, known.heard_at, thresholds.silent_amber_days)
    red = working_time.add_days(calendar, known.heard_at, thresholds.silent_red_days)
    yield Step(max(amber, promised), FlagKind.SILENT, Level.AMBER, evidence)
    yield Step(red if on_hold else max(red, promised), FlagKind.SILENT, Level.RED, evidence)


Rule = Callable[[Known, Calendar, Thresholds], Iterator[Step]]
RULES: tuple[Rule, ...] = (unacknowledged, hold_overdue, promise_broken, unintroduced, transferred_cold, silent)


def steps(known: Known, calendar: Calendar, thresholds: Thresholds) -> list[Step]:
    """Return every step that lies ahead of a ticket or behind it, in order."""
    return sorted((step for rule in RULES for step in rule(known, calendar, thresholds)), key=lambda step: step.at)


def passed(ahead: Sequence[Step], *, at: datetime) -> list[Finding]:
    """Return what is due at `at`: for each kind the highest level that has been reached."""
    found: dict[FlagKind, Finding] = {}
    for step in ahead:
        higher = step.kind not in found or found[step.kind].level == Level.AMBER
        if step.at <= at and higher and step.level is not None:
            found[step.kind] = Finding(step.kind, step.level, step.evidence)
    return list(found.values())


def next_after(ahead: Sequence[Step], *, at: datetime) -> datetime | None:
    """Return when the next step comes after `at`, or None."""
    return next((step.at for step in ahead if step.at > at), None)
