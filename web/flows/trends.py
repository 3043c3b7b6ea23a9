"""The figures of the flows over time, by team and by category; every number opens the list behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from insights.measures import MEASURES, Group, Key, Tally, tally
from people.models import Team
from web.flows.figures import CHAPTERS, FIGURES, Chapter, Figure, Mark, Says
from web.flows.filters import WITHOUT, Filters
from web.pictures import flows as pictures
from web.templatetags.web import lasted

# What a table is split by: the key of a group, its words, and what its lists are narrowed to.
Groups = Sequence[tuple[Key, str, dict[str, str]]]


def say(figure: Figure, value: float | None) -> str:
    """Return a figure's number in words."""
    if value is None:
        return "-"
    if figure.says == Says.SHARE:
        return f"{value:.0%}".replace("%", "\N{NO-BREAK SPACE}%")
    return lasted(value) if figure.lasts else f"{value:,.0f}"


def mark(figure: Figure, counted: Tally, filters: Filters, **group: str) -> Mark:
    """Return a figure as a mark; `group` is what its list is narrowed to."""
    rows = counted.part(figure.part)
    order = {"order": "longest"} if figure.lasts else {}
    part = {"part": figure.part} if figure.part else {}
    url = filters.list(figure.measure.slug, **part, **order, **group) if rows else ""
    of = ""
    if figure.says == Says.SHARE and counted.part(figure.of):
        of = _("%(part)s of %(whole)s") % {"part": f"{rows:,}", "whole": f"{counted.part(figure.of):,}"}
    return Mark(say(figure, figure.value(counted)), url, rows, of)


class Row(NamedTuple):
    """One line of a table of figures."""

    label: str
    marks: list[Mark]


@dataclass(frozen=True)
class Table:
    """Figures by team, category or time; `total` is of everything in the scope."""

    chapters: Sequence[Chapter]
    figures: Sequence[Figure]
    rows: list[Row]
    total: Row


class Chart(NamedTuple):
    """A figure over time."""

    figure: Figure
    total: Mark
    top: str
    picture: pictures.Line
    points: list[tuple[pictures.Point, str, Mark]]


def over_time(filters: Filters) -> tuple[Table, list[tuple[Chapter, list[Chart]]]]:
    """Return the figures by week (month, year), as a table and as a chart each."""
    counted = _Counted(filters, filters.step)
    steps = _steps(filters)
    table = counted.table(steps)
    charts = {
        figure.slug: _chart(figure, table, place, [figure.value(counted.of(figure, key)) for key, *_rest in steps])
        for place, figure in enumerate(FIGURES)
    }
    return table, [(chapter, [charts[figure.slug] for figure in chapter.figures]) for chapter in CHAPTERS]


def by_team(filters: Filters, teams: Sequence[Team]) -> Table:
    """Return the figures of each team that has any, by name; a ticket is its present team's."""
    counted = _Counted(filters, Group.TEAM)
    groups: Groups = [(team.pk, team.name, {"team": team.slug, "below": "no"}) for team in teams]
    return counted.table([group for group in groups if group[0] in counted.keys])


def by_category(filters: Filters) -> Table:
    """Return the figures of each category that has any, by name, and of the tickets that have none."""
    counted = _Counted(filters, Group.CATEGORY)
    named: list[str] = sorted((str(key) for key in counted.keys if key), key=str.casefold)
    groups: list[tuple[Key, str, dict[str, str]]] = [(each, each, {"category": each}) for each in named]
    if "" in counted.keys:
        groups.append(("", _("Without a category"), {"category": WITHOUT}))
    return counted.table(groups)


class _Counted:
    """Every measure of a scope, by group: one statement each."""

    def __init__(self, filters: Filters, by: Group) -> None:
        self.filters = filters
        self.found = {measure.slug: tally(measure, filters.scope, by) for measure in MEASURES}
        self.keys = {key for _total, groups in self.found.values() for key in groups}

    def of(self, figure: Figure, key: Key) -> Tally:
        """Return the tally of a group."""
        return self.found[figure.measure.slug][1].get(key, Tally())

    def table(self, groups: Groups) -> Table:
        """Return the figures of some groups."""
        rows = [
            Row(label, [mark(figure, self.of(figure, key), self.filters, **narrowed) for figure in FIGURES])
            for key, label, narrowed in groups
        ]
        total = [mark(figure, self.found[figure.measure.slug][0], self.filters) for figure in FIGURES]
        return Table(CHAPTERS, FIGURES, rows, Row(_("All"), total))


def _chart(figure: Figure, table: Table, place: int, values: list[float | None]) -> Chart:
    top = max((value for value in values if value), default=0.0)
    if figure.says == Says.SHARE:
        # Round, so that charts can be compared, and low enough that something is to be seen.
        top = next(share for share in (0.1, 0.25, 0.5, 1.0) if top <= share)
    picture = pictures.line(values, top=top)
    points = [
        (point, row.label, row.marks[place])
        for point, row in zip(picture.points, table.rows, strict=True)
        if point is not None and row.marks[place].url
    ]
    return Chart(figure, table.total.marks[place], say(figure, top) if top else "", picture, points)


def _steps(filters: Filters) -> Groups:
    """Return the weeks (months, years) of the scope, each with the days that belong to it."""
    steps: list[tuple[Key, str, dict[str, str]]] = []
    day = filters.first
    while day <= filters.last:
        begins, after = _step_of(day, filters.step)
        last = min(after - timedelta(days=1), filters.last)
        steps.append((begins, _named(begins, filters.step), {"since": day.isoformat(), "until": last.isoformat()}))
        day = after
    return steps


def _step_of(day: date, step: Group) -> tuple[date, date]:
    """Return the first day of the week, month or year of a day, and the first day after it."""
    if step == Group.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(weeks=1)
    if step == Group.MONTH:
        first = day.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1)
    return day.replace(month=1, day=1), day.replace(year=day.year + 1, month=1, day=1)


def _named(begins: date, step: Group) -> str:
    forms = {Group.WEEK: "j M Y", Group.MONTH: "M Y", Group.YEAR: "Y"}
    return date_format(begins, forms[step])
