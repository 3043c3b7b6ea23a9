"""What a history says about how a company treats its complaints: the figures of an import. No ORM."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import fmean, median
from typing import Any

from handoffs.history.readers import Refused
from handoffs.history.replay import Replayed
from tickets.kinds import FlagKind, Level
from tickets.states import LIVE, Status

DAY = timedelta(days=1).total_seconds()


@dataclass
class Lengths:
    """How often something happened, in how many cases, and how long it lasted (in seconds)."""

    cases: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, lengths: Sequence[timedelta]) -> None:
        """Add what happened in one case."""
        self.cases += bool(lengths)
        self.seconds += [length.total_seconds() for length in lengths]

    def longer_than(self, days: int) -> int:
        """Return how many lasted longer than so many days."""
        return sum(length > days * DAY for length in self.seconds)

    def figures(self) -> dict[str, Any]:
        """Return the figures, lengths in seconds."""
        return {
            "count": len(self.seconds),
            "cases": self.cases,
            "median_seconds": median(self.seconds) if self.seconds else None,
            "mean_seconds": round(fmean(self.seconds), 1) if self.seconds else None,
            "longest_seconds": max(self.seconds, default=None),
            "over_1_day": self.longer_than(1),
            "over_7_days": self.longer_than(7),
            "over_30_days": self.longer_than(30),
        }


@dataclass
class Report:
    """The figures of a whole history, case by case added up, and what became of the import."""

    source: str
    refused: Sequence[Refused] = ()
    dry_run: bool = False
    imported: int = 0
    already_there: int = 0
    seconds: float = 0.0
    cases: int = 0
    events: int = 0
    clamped: int = 0
    people: set[str] = field(default_factory=set)
    moves: int = 0
    moved_cases: int = 0
    owners_per_case: Counter[int] = field(default_factory=Counter)
    direct_returns: int = 0
    any_returns: int = 0
    longest_chain: int = 0
    holds: Lengths = field(default_factory=Lengths)
    ownerless: Lengths = field(default_factory=Lengths)
    still_open: int = 0
    still_on_hold: int = 0
    flags: Counter[tuple[FlagKind, Level]] = field(default_factory=Counter)

    def add(self, case: Replayed) -> None:
        """Count one case."""
        self.cases += 1
        self.events += case.events
        self.clamped += case.clamped
        self.people |= case.persons
        self.moves += case.moves
        self.moved_cases += case.moves > 0
        self.owners_per_case[len(case.persons)] += 1
        self.direct_returns += case.returns_directly
        self.any_returns += case.returns
        self.longest_chain = max(self.longest_chain, len(case.tenures) if case.persons else 0)
        self.holds.add([case.lasted(hold.started_at, hold.ended_at) for hold in case.holds])
        self.ownerless.add([case.lasted(stretch.since, stretch.until) for stretch in case.ownerless])
        self.still_open += case.status in LIVE
        self.still_on_hold += case.status == Status.ON_HOLD
        self.flags.update((flag.kind, flag.level) for flag in case.flags)

    def figures(self) -> dict[str, Any]:
        """Return everything as JSON has it; every refused row is listed."""
        return {
            "source": self.source,
            "dry_run": self.dry_run,
            "imported": self.imported,
            "already_there": self.already_there,
            "cases": self.cases,
            "events": self.events,
            "times_clamped": self.clamped,
            "people": len(self.people),
            "moves": self.moves,
            "cases_with_moves": self.moved_cases,
            "owners_per_case": {str(number): cases for number, cases in sorted(self.owners_per_case.items())},
            "cases_with_direct_return": self.direct_returns,
            "cases_with_any_return": self.any_returns,
            "longest_chain": self.longest_chain,
            "holds": self.holds.figures(),
            "ownerless": self.ownerless.figures(),
            "still_open": self.still_open,
            "still_on_hold": self.still_on_hold,
            "flags": {
                kind.value: {level.value: self.flags[kind, level] for level in Level}
                for kind in FlagKind
                if any(self.flags[kind, level] for level in Level)
            },
            "rows_refused": len(self.refused),
            "refused": [{"line": line, "why": why} for line, why in self.refused],
            "seconds": round(self.seconds, 2),
        }

    def lines(self) -> list[tuple[str, str]]:
        """Return everything but the refused rows as a person reads it: what, and how much."""
        owners = ", ".join(f"{number}: {cases:,}" for number, cases in sorted(self.owners_per_case.items()))
        holds = (
            f"{_times(self.holds)}; over 7 days {self.holds.longer_than(7):,}, over 30 days "
            f"{self.holds.longer_than(30):,}"
        )
        flags = [
            (f"flags, {kind.value} {level.value}", f"{self.flags[kind, level]:,}")
            for kind in FlagKind
            for level in Level
            if self.flags[kind, level]
        ]
        return [
            ("cases", f"{self.cases:,}"),
            ("imported now", f"{self.imported:,}" + " (dry run)" * self.dry_run),
            ("imported before, left alone", f"{self.already_there:,}"),
            ("events", f"{self.events:,}"),
            ("backward times clamped", f"{self.clamped:,}"),
            ("people", f"{len(self.people):,}"),
            ("moves between people", f"{self.moves:,} in {self.moved_cases:,} cases"),
            ("distinct owners per case", owners),
            ("cases with a direct return", f"{self.direct_returns:,}"),
            ("cases with any return", f"{self.any_returns:,}"),
            ("longest chain", f"{self.longest_chain:,}"),
            ("holds", holds),
            ("ownerless stretches", _times(self.ownerless)),
            ("still open at the end", f"{self.still_open:,}"),
            ("still on hold at the end", f"{self.still_on_hold:,}"),
            *(flags or [("flags", "0")]),
            ("rows refused", f"{len(self.refused):,}"),
            ("seconds", f"{self.seconds:.1f}"),
        ]


def _times(lengths: Lengths) -> str:
    if not lengths.seconds:
        return "0"
    return (
        f"{len(lengths.seconds):,} in {lengths.cases:,} cases; median {_long(median(lengths.seconds))}, "
        f"longest {_long(max(lengths.seconds))}"
    )


def _long(seconds: float) -> str:
    if seconds >= DAY:
        return f"{seconds / DAY:.1f} d"
    return f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds / 60:.0f} min"
