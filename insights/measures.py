"""What is measured: each measure is a set of rows, and counting is asking how many there are.

The list behind a number holds the very rows that the number counts: both come from `rows`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Model,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Trunc

from handoffs.models import Handoff
from handoffs.protocol import State
from insights.scopes import Scope
from tickets.holds import LOST_ON_THE_LINE
from tickets.kinds import BeganBy, EntryKind, FlagKind, FlagState, HoldKind, PromiseState
from tickets.models import Entry, Flag, Hold, Promise, Tenure, Ticket
from tickets.states import Outcome

Rows = Any  # querysets, with columns of their own


@dataclass(frozen=True)
class Measure:
    """Something that is counted.

    model, path: of its rows, and how their ticket is found from them. at: the moment that puts a row into
    the span of time. find: returns more about the rows: which to count at all, what parts they are in (by
    name, each true or false), and `lasted`, a length of time, where they have one.
    """

    slug: str
    model: type[Model]
    at: str
    find: Callable[[Rows, Scope], Rows]
    parts: tuple[str, ...] = ()
    path: str = "ticket__"
    lasts: bool = False

    def rows(self, scope: Scope, *, part: str = "") -> Rows:
        """Return what is counted, or the part of it, with its `moment` and the number of its ticket (`on`)."""
        wanted = scope.tickets(self.path) & scope.during(self.at)
        rows = self.model._default_manager.filter(wanted).annotate(moment=F(self.at), on=F(f"{self.path}pk"))
        found = self.find(rows, scope)
        return found.filter(**{part: True}) if part else found


def _is(condition: Any) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(condition, output_field=BooleanField())


def _between(since: str, until: Any) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(until - F(since), output_field=DurationField())


def _changes(rows: Rows, _scope: Scope) -> Rows:
    before = Tenure.objects.filter(ticket=OuterRef("ticket"), owner=OuterRef("owner"), seq__lt=OuterRef("seq"))
    return rows.filter(seq__gt=1).annotate(came_back=Exists(before))


def _acceptances(rows: Rows, _scope: Scope) -> Rows:
    return rows.filter(state=State.ACCEPTED).annotate(lasted=_between("made_at", F("ended_at")))


def _holds(rows: Rows, scope: Scope) -> Rows:
    # A history knows no promised return: what stands in its place is nobody's promise, until somebody took
    # the ticket over.
    revived = Tenure.objects.exclude(began_by=BeganBy.IMPORTED).filter(
        ticket=OuterRef("ticket"), started_at__lte=OuterRef("started_at")
    )
    promised = Q(ticket__source="") | Q(Exists(revived))
    late = Q(ended_at__gt=F("return_by")) | Q(ended_at=None, return_by__lte=scope.now)
    return rows.annotate(
        promised=_is(promised),
        overdue=_is(promised & late),
        lost=_is(Q(kind=HoldKind.CALL, how__in=list(LOST_ON_THE_LINE))),
        lasted=_between("started_at", Coalesce("ended_at", Value(scope.now))),
    )


def _promises(rows: Rows, scope: Scope) -> Rows:
    kept, is_open = Q(state=PromiseState.KEPT), Q(state=PromiseState.OPEN)
    late = kept & Q(ended_at__gt=F("due_at"))
    broken = is_open & Q(due_at__lte=scope.now)
    put_off = (kept & ~late & Q(ended_at__gt=F("first_due_at"))) | (is_open & ~broken)
    return rows.filter(first_due_at__lte=scope.now).exclude(state=PromiseState.WITHDRAWN).annotate(
        in_time=_is(kept & ~late & Q(ended_at__lte=F("first_due_at"))),
        put_off=_is(put_off),
        late=_is(late),
        broken=_is(broken),
    )  # fmt: skip


def _opened(rows: Rows, _scope: Scope) -> Rows:
    flags = Flag.objects.filter(ticket=OuterRef("pk"), kind=FlagKind.BOUNCED).exclude(status=FlagState.FALSE_ALARM)
    return rows.annotate(bounced=Exists(flags))


def _resolved(rows: Rows, _scope: Scope) -> Rows:
    first = Tenure.objects.filter(ticket=OuterRef("pk"), seq=1, owner=OuterRef("owner"))
    return rows.filter(outcome__in=["", Outcome.RESOLVED]).annotate(first_owner=Exists(first))


def _contacts(rows: Rows, _scope: Scope) -> Rows:
    chases = Case(When(data__chase=True, then=Value(True)), default=Value(False), output_field=BooleanField())
    return rows.filter(kind=EntryKind.CONTACT).annotate(chases=chases)


CHANGES = Measure("changes", Tenure, "started_at", _changes, ("came_back",))
ACCEPTANCES = Measure("acceptances", Handoff, "ended_at", _acceptances, lasts=True)
HOLDS = Measure("holds", Hold, "started_at", _holds, ("promised", "overdue", "lost"), lasts=True)
PROMISES = Measure("promises", Promise, "first_due_at", _promises, ("in_time", "put_off", "late", "broken"))
OPENED = Measure("opened", Ticket, "opened_at", _opened, ("bounced",), path="")
RESOLVED = Measure("resolved", Ticket, "resolved_at", _resolved, ("first_owner",), path="")
CONTACTS = Measure("contacts", Entry, "at", _contacts, ("chases",))
MEASURES = (CHANGES, ACCEPTANCES, HOLDS, PROMISES, OPENED, RESOLVED, CONTACTS)
BY_SLUG = {each.slug: each for each in MEASURES}


class Group(StrEnum):
    """What a measure is split by. Times are those of the reader's time zone."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    TEAM = "team"
    CATEGORY = "category"


Key = date | int | str


@dataclass(frozen=True)
class Tally:
    """How many rows there are, how many in each part, and how long they lasted: median, 90 %, longest (seconds)."""

    count: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    median: float | None = None
    ninetieth: float | None = None
    longest: float | None = None

    def part(self, name: str) -> int:
        """Return how many rows are in a part; "" is all of them."""
        return self.parts.get(name, 0) if name else self.count


def tally(measure: Measure, scope: Scope, by: Group) -> tuple[Tally, dict[Key, Tally]]:
    """Return a measure of everything in the scope, and of each group that there is: one statement.

    Weeks, months and years are named by their first day, teams by their number.
    """
    rows = measure.rows(scope).annotate(bucket=_bucket(measure, by))
    wanted = ["bucket", *measure.parts, *(["lasted"] if measure.lasts else [])]
    try:
        counted, parameters = rows.order_by().values(*wanted).query.sql_with_params()
    except EmptyResultSet:  # somebody who leads no team
        return Tally(), {}
    with connection.cursor() as cursor:
        cursor.execute(_counting(measure, counted), parameters)
        found = cursor.fetchall()
    tallies = {(total, key): _tally(measure, figures) for total, key, *figures in found}
    everything = tallies.pop((1, None), Tally())
    return everything, {key: each for (_, key), each in tallies.items()}


def _bucket(measure: Measure, by: Group) -> Any:
    if by in (Group.TEAM, Group.CATEGORY):
        return F(measure.path + {Group.TEAM: "team_id", Group.CATEGORY: "category"}[by])
    return Cast(Trunc(measure.at, by.value), DateField())


def _counting(measure: Measure, counted: str) -> str:
    """Return the statement that counts the rows of another, by group and in all."""
    columns = [f"count(*) FILTER (WHERE {part})" for part in measure.parts]
    if measure.lasts:
        columns += [
            f"extract(epoch FROM percentile_cont({share}) WITHIN GROUP (ORDER BY lasted))::float8"
            for share in (0.5, 0.9)
        ]
        columns.append("extract(epoch FROM max(lasted))::float8")
    figures = ", ".join(["grouping(bucket)", "bucket", "count(*)", *columns])
    # Built from the names above and from what Django wrote; what comes from outside is a parameter.
    return f"SELECT {figures} FROM ({counted}) counted GROUP BY GROUPING SETS ((bucket), ())"  # noqa: S608


def _tally(measure: Measure, figures: list[Any]) -> Tally:
    count, *rest = figures
    parts = dict(zip(measure.parts, rest, strict=False))
    return Tally(count, parts, *rest[len(measure.parts) :])
