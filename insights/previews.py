"""What other thresholds would have given: the flags of the last days, once more, under numbers of one's choice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from insights import histories
from insights.histories import History, Telling
from people.errors import Incomplete, NotYours
from people.models import Person, Team
from people.roles import OWNERS
from tickets import thresholds
from tickets.kinds import FlagKind, Level
from tickets.models import Flag
from tickets.thresholds import Thresholds

WEEK = timedelta(days=7)

# The tickets of flags, by kind and level; one that got two flags of a kind stands there twice.
Found = defaultdict[tuple[str, str], list[int]]


class Row(NamedTuple):
    """How many flags of a kind and level: really raised, under the present thresholds, under those in question."""

    kind: str
    level: str
    raised: int
    now: int
    then: int


class Preview(NamedTuple):
    """The flags raised between two times, by kind and level; where there is none at all there is no row.

    now, then: on which tickets, under the present thresholds and under those in question.
    """

    since: datetime
    until: datetime
    rows: list[Row]
    now: Found
    then: Found


def last_week(*, team: Team, by: Person, thresholds_now: Mapping[str, int], at: datetime | None = None) -> Preview:
    """Return what thresholds would have given in the last seven days; see `preview`.

    Raises NotYours unless `by` leads the team, Incomplete, which names what cannot be.
    """
    if by.role not in OWNERS or team.pk not in by.led_team_ids:
        raise NotYours
    now = at or timezone.now()
    return preview(team, thresholds_now, since=now - WEEK, until=now)


def preview(team: Team, thresholds_now: Mapping[str, int], *, since: datetime, until: datetime) -> Preview:
    """Return what thresholds would have given on a team's tickets, beside what the present ones would have.

    thresholds_now: as `tuning.change` takes them: what is not named follows the defaults. A flag counts when
    it is raised within the time, once, at the highest level that it reaches. `raised` differs from `now`
    where the thresholds were others at the time, where a sweep was late, and where somebody told late what
    had happened before. Nothing is written. Raises Incomplete, which names what cannot be.
    """
    own = dict(thresholds_now)
    if wrong := thresholds.wrong_with(own):
        raise Incomplete(**wrong)
    lived = histories.of_team(team, since=since, until=until)
    raised = _raised(lived, since=since, until=until)
    now, then = (
        _given(lived, team, thresholds.of(numbers), since=since, until=until) for numbers in (team.thresholds, own)
    )
    every = [(kind, level) for kind in FlagKind for level in Level]
    rows = [Row(*each, len(raised[each]), len(now[each]), len(then[each])) for each in every]
    return Preview(since, until, [row for row in rows if row.raised or row.now or row.then], now, then)


def _found(flags: Iterable[tuple[str, str, int]]) -> Found:
    """Sort flags, as (kind, level, ticket), by kind and level."""
    found: Found = defaultdict(list)
    for kind, level, ticket in flags:
        found[kind, level].append(ticket)
    return found


def _given(lived: list[History], team: Team, ours: Thresholds, *, since: datetime, until: datetime) -> Found:
    """Return the flags that thresholds give."""
    calendar = team.calendar
    given: list[tuple[str, str, int]] = []
    for history in lived:
        telling = Telling(history, calendar, ours)
        flags = telling.begin().tell(telling.happened(), until=until)
        within = [flag for flag in flags if since <= flag.raised_at <= until]
        given += [(flag.kind, flag.level, history.ticket.pk) for flag in within]
    return _found(given)


def _raised(lived: list[History], *, since: datetime, until: datetime) -> Found:
    """Return the flags that were really raised, at the levels that they had by `until`."""
    flags = Flag.objects.filter(ticket__in=histories.numbered(history.ticket.pk for history in lived))
    found = flags.filter(raised_at__gte=since, raised_at__lte=until).values_list("kind", "level", "rose_at", "ticket")
    return _found(
        (kind, Level.AMBER if rose_at is not None and rose_at > until else level, ticket)
        for kind, level, rose_at, ticket in found
    )
