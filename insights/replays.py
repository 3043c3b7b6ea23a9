"""One ticket's life once more, under thresholds of one's choice: which flags would there have been? Pure.

What happened is told in the order of time; in between the clocks run as the sweeps run them, by the same
rules (`tickets.limits`, `tickets.bounces`). Here a sweep comes by at the very moment at which something is
due: what was put right in the seconds before the real one came has a flag here, and had none. What people
would have done otherwise, had they been told sooner or later, nobody knows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from people.working_time import Calendar
from tickets import bounces, limits
from tickets.bounces import Finding, Link
from tickets.kinds import BeganBy, FlagKind, Level
from tickets.limits import Known, Owed, Step, Waiting
from tickets.thresholds import Thresholds

WEEK = timedelta(days=7)  # within which a customer's chases count


@dataclass
class Flag:
    """A flag as it would stand; open until it is cleared or closed."""

    kind: FlagKind
    level: Level
    raised_at: datetime
    evidence: dict[str, Any]
    is_open: bool = True


@dataclass
class Replay:
    """A ticket, as far as its story has been told; `flags` is what the rules made of it.

    chain: begins with its first tenure. acknowledge_by: None once it is acknowledged. live: not yet, for what
    was imported, until somebody takes it over.
    """

    calendar: Calendar
    thresholds: Thresholds
    chain: list[Link]
    opened_at: datetime
    acknowledge_by: datetime | None
    live: bool = True
    flags: list[Flag] = field(default_factory=list)

    _heard_at: datetime | None = None
    _moved_at: datetime | None = None
    _cold_since: datetime | None = None
    _holds: dict[int, Waiting] = field(default_factory=dict)
    _promises: dict[int, Owed] = field(default_factory=dict)
    _chases: list[datetime] = field(default_factory=list)
    _refusals: int = 0
    _owed: set[tuple[FlagKind, int]] = field(default_factory=set)  # between colleagues, and overdue
    _given_up: set[tuple[FlagKind, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._now = self._judged_at = self.opened_at
        self._ahead = self._look_ahead()

    def tell(self, happened: Iterable["Happened"], *, until: datetime) -> list[Flag]:
        """Tell what happened, in the order of time, and let the clocks run up to a time; return the flags."""
        for at, together in groupby(sorted(happened, key=itemgetter(0)), key=itemgetter(0)):
            if at > until:
                break
            self._let_clocks_run(at)
            for _, change in together:
                change(self)
            self._now = at
            self._ahead = self._look_ahead()
        self._let_clocks_run(until)
        return self.flags

    # The clocks: what `tickets.sweeps` does

    def _let_clocks_run(self, until: datetime) -> None:
        if self.live and self._gone(self._now):
            self._sweep(self._now)
        while self.live and (due := limits.next_after(self._ahead, at=self._judged_at)) is not None:
            if due > until:
                break
            self._sweep(max(due, self._now))

    def _sweep(self, at: datetime) -> None:
        new = [step for step in self._ahead if self._judged_at < step.at <= at]
        for found in limits.passed(new, at=at):
            if not self._dealt_with(found):
                self.find(found, at=at)
        for flag in self._gone(at):
            flag.is_open = False
        self._judged_at = at

    def _dealt_with(self, found: Finding) -> bool:
        """Say whether there was a flag for that already, however it ended."""
        return any(
            flag.kind == found.kind and found.level in (flag.level, Level.AMBER) and flag.evidence == found.evidence
            for flag in self.flags
        )

    def _gone(self, at: datetime) -> list[Flag]:
        """Return the open flags that clear by themselves, and whose cause is gone."""
        clearing = [flag for flag in self.flags if flag.is_open and limits.clears(flag.kind, flag.level)]
        causes = {found.kind for found in limits.passed(self._ahead, at=at)} if clearing else set()
        return [flag for flag in clearing if flag.kind not in causes]

    def _look_ahead(self) -> Sequence[Step]:
        if not self.live:
            return ()
        known = Known(
            opened_at=self.opened_at,
            heard_at=self._heard_at or self.opened_at,
            acknowledge_by=self.acknowledge_by,
            moved_at=self._moved_at,
            cold_since=self._cold_since,
            holds=tuple(self._holds.values()),
            promises=tuple(self._promises.values()),
        )
        return limits.steps(known, self.calendar, self.thresholds)

    # Flags: what `tickets.flags` does

    def find(self, found: Finding | None, *, at: datetime) -> None:
        """Raise what a rule has found, if anything; an open flag of the kind rises instead of doubling."""
        if found is None:
            return
        flag = next((flag for flag in self.flags if flag.is_open and flag.kind == found.kind), None)
        if flag is None:
            self.flags.append(Flag(found.kind, found.level, at, found.evidence))
            return
        flag.evidence = found.evidence
        if found.level == Level.RED:
            flag.level = Level.RED

    def end_flag(self, kind: FlagKind) -> None:
        """A manager closed the flag of a kind, or its cause was taken back."""
        for flag in self.flags:
            flag.is_open = flag.is_open and flag.kind != kind

    # What happens

    def contact(self, *, by: int | None, at: datetime, chase: bool) -> None:
        """The customer and `by` were in contact; a customer who chases makes three owners too many."""
        self._heard_at = max(at, self._heard_at or at)
        owner = self.chain[-1]
        if by == owner.owner:
            self._cold_since = None if self._cold_since is not None and at > self._cold_since else self._cold_since
            self._moved_at = None if at >= owner.started_at else self._moved_at
        if chase:
            self._chases.append(at)
            lately = sum(at - WEEK < chased <= at for chased in self._chases)
            self.find(bounces.bounced(self.chain, chased=True, thresholds=self.thresholds), at=at)
            self.find(bounces.repeat_contact(lately, thresholds=self.thresholds), at=at)

    def acknowledged(self, *, by: int | None, at: datetime) -> None:
        """The owner told the customer "I'll do it"."""
        self.acknowledge_by = None
        self.contact(by=by, at=at, chase=False)

    def move(self, link: Link, *, met: bool) -> None:
        """The ticket has another owner; `met`: whom the customer has met already."""
        at = link.started_at
        self.chain.append(link)
        if not self.live and link.began_by == BeganBy.TAKEN_OVER:
            # A history that was imported is frozen; whoever takes such a ticket over answers for it from now on.
            self.live, self._judged_at = True, at
        self._moved_at, self._cold_since, self._refusals = None if met else at, None, 0
        chased = any(at - WEEK < chased <= at for chased in self._chases)
        for found in bounces.after_move(self.chain, at=at, chased=chased, thresholds=self.thresholds):
            self.find(found, at=at)

    def pass_on_cold(self, *, since: datetime) -> None:
        """The caller was passed on, and nobody handed the complaint over."""
        self._cold_since = since
        self._judged_at = min(self._judged_at, since - timedelta(microseconds=1))

    def refuse(self, *, at: datetime) -> None:
        """An offer of its present owner was declined, or expired."""
        self._refusals += 1
        self.find(bounces.refused(self._refusals, thresholds=self.thresholds), at=at)

    def hold(self, hold: Waiting) -> None:
        """The customer waits, or waits longer: the hold as it is from now on."""
        self._holds[hold.hold] = hold

    def end_hold(self, hold: int) -> None:
        """The customer does not wait any more."""
        self._holds.pop(hold, None)

    def promise(self, promise: Owed) -> None:
        """Something is promised."""
        self._promises[promise.promise] = promise

    def put_off(self, promise: int, *, due_at: datetime, again: datetime | None) -> None:
        """A promise was renegotiated; `again`: when, if that was not the first time."""
        if promise in self._promises:
            self._promises[promise] = replace(self._promises[promise], due_at=due_at, moved_again_at=again)

    def end_promise(self, promise: int) -> None:
        """A promise was kept or withdrawn."""
        self._promises.pop(promise, None)

    def owe(self, kind: FlagKind, number: int, level: Level, *, at: datetime) -> None:
        """What a colleague or a manager owes is overdue; on a ticket that has ended, to nobody any more."""
        if not self.live:
            self._given_up.add((kind, number))
        elif (kind, number) not in self._given_up:
            self._owed.add((kind, number))
            self.find(Finding(kind, level), at=at)

    def pay(self, kind: FlagKind, number: int) -> None:
        """What was owed has come: unless more is owed, its flag clears."""
        self._owed.discard((kind, number))
        if not any(owed == kind for owed, _ in self._owed):
            self.end_flag(kind)

    def end(self) -> None:
        """The complaint was resolved or closed; no clock runs any more."""
        self.live, self.acknowledge_by = False, None

    def reopen(self, *, at: datetime, acknowledge_by: datetime | None) -> None:
        """The complaint is not put right after all; nobody is blamed for the time between."""
        self.live, self._heard_at, self._judged_at = True, at, at
        self.acknowledge_by = acknowledge_by


Happened = tuple[datetime, Callable[[Replay], None]]
