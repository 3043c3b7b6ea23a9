"""What a team's thresholds would have given, ticket by ticket, and who changed them when."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from insights import previews
from insights.previews import Row
from people.models import Person, Team
from tickets.models import ThresholdChange
from tickets.thresholds import DEFAULTS
from web.board.threshold_form import called, measured

CHANGES = 50


@dataclass(frozen=True)
class Compared:
    """A kind and level of flags. come, go: the tickets that would have got one more, and one less; stay: as now."""

    row: Row
    come: Sequence[int]
    go: Sequence[int]
    stay: Sequence[int]

    @property
    def differs(self) -> bool:
        """Whether the thresholds in question change anything here."""
        return bool(self.come or self.go)


@dataclass(frozen=True)
class LastWeek:
    """The last seven days under other thresholds."""

    rows: list[Compared]

    @property
    def now(self) -> int:
        """How many flags the present thresholds give."""
        return sum(each.row.now for each in self.rows)

    @property
    def then(self) -> int:
        """How many those in question would have given."""
        return sum(each.row.then for each in self.rows)

    @property
    def differs(self) -> bool:
        """Whether there is any difference, of level or ticket."""
        return any(each.differs for each in self.rows)


def last_week(team: Team, numbers: Mapping[str, int], *, by: Person) -> LastWeek:
    """Return what thresholds would have given; those that differ first. Raises as `previews.last_week` does."""
    found = previews.last_week(team=team, by=by, thresholds_now=_own(numbers))
    rows = []
    for row in found.rows:
        now, then = (Counter(tickets[row.kind, row.level]) for tickets in (found.now, found.then))
        come, go, stay = (sorted(each) for each in (then - now, now - then, now & then))
        rows.append(Compared(row, come, go, stay))
    return LastWeek(sorted(rows, key=lambda each: not each.differs))


def _own(numbers: Mapping[str, int]) -> dict[str, int]:
    """Return those that differ from the defaults: what cannot be is told of what was changed."""
    return {name: value for name, value in numbers.items() if value != getattr(DEFAULTS, name)}


@dataclass(frozen=True)
class Change:
    """A change of thresholds, number by number, in words: what, before, after."""

    at: datetime
    by: Person
    what: list[tuple[str, str, str]]


def changes(team: Team) -> list[Change]:
    """Return the last changes of a team's thresholds, the latest first."""
    found = ThresholdChange.objects.filter(team=team).select_related("by").order_by("-at", "-pk")[:CHANGES]
    return [Change(each.at, each.by, _differences(each)) for each in found]


def _differences(change: ThresholdChange) -> list[tuple[str, str, str]]:
    before, after = ({**vars(DEFAULTS), **each} for each in (change.before, change.after))
    return [
        (called(name), measured(name, before[name]), measured(name, after[name]))
        for name in vars(DEFAULTS)
        if before[name] != after[name]
    ]
