"""The filters of the flows: what the address says, as what is counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from insights import scopes
from insights.measures import Group
from insights.scopes import Imported, Scope, Span
from people.models import Person, Team
from web.labels import CHANNEL, Label

WEEKS = 8
WITHOUT = "-"  # as a category: the tickets that have none

VIEWS: dict[str, Label] = {
    "hops": _("Who hands to whom"),
    "weeks": _("Over time"),
    "teams": _("By team"),
    "categories": _("By category"),
}
WHO: dict[str, Label] = {"teams": _("Teams"), "people": _("People")}
IMPORTED: dict[str, Label] = {
    Imported.COUNTED: _("Count"),
    Imported.LEFT_OUT: _("Leave out"),
    Imported.ONLY: _("Nothing else"),
}


@dataclass(frozen=True)
class Teams:
    """The teams whose tickets somebody may measure."""

    rows: tuple[Team, ...]
    every: bool

    @classmethod
    def of(cls, person: Person) -> "Teams":
        """Read them."""
        led = scopes.led_by(person)
        teams = Team.objects.order_by("name", "pk")
        return cls(tuple(teams if led is None else teams.filter(pk__in=led)), led is None)

    @property
    def ids(self) -> frozenset[int] | None:
        """Their numbers; None is all that there are."""
        return None if self.every else frozenset(team.pk for team in self.rows)

    def below(self, slug: str) -> frozenset[int]:
        """Return the numbers of a team and of those below it."""
        found = {team.pk for team in self.rows if team.slug == slug}
        while more := {team.pk for team in self.rows if team.parent_id in found} - found:
            found |= more
        return frozenset(found)


def _select(label: Any, choices: Iterable[tuple[Any, Any]]) -> forms.ChoiceField:
    box = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=list(choices), required=False, widget=box)


def _day(label: Any) -> forms.DateField:
    box = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})
    sensible = [MinValueValidator(date(1970, 1, 1)), MaxValueValidator(date(2199, 12, 31))]
    return forms.DateField(label=label, required=False, widget=box, validators=sensible)


class FlowsForm(forms.Form):
    """What to count. Everything has a default, and the address holds what differs from it."""

    view = forms.ChoiceField(choices=list(VIEWS.items()), required=False, widget=forms.HiddenInput)
    period = forms.ChoiceField(choices=[("all", "all")], required=False, widget=forms.HiddenInput)
    below = forms.ChoiceField(choices=[("no", "no")], required=False, widget=forms.HiddenInput)

    def __init__(self, said: Mapping[str, Any], person: Person) -> None:
        super().__init__(said, auto_id="filter-%s")
        self.teams = Teams.of(person)
        anything = ("", _("All"))
        names = [(team.slug, team.name) for team in self.teams.rows]
        kinds = [(each, each) for each in scopes.categories(self.teams.ids)]
        self.fields["since"] = _day(_("From"))
        self.fields["until"] = _day(_("To"))
        self.fields["team"] = _select(_("Team and below"), [anything, *names])
        self.fields["category"] = _select(_("Category"), [anything, *kinds, (WITHOUT, _("Without one"))])
        self.fields["channel"] = _select(_("Channel"), [anything, *CHANNEL.items()])
        self.fields["imported"] = _select(_("Imported tickets"), IMPORTED.items())
        self.fields["who"] = _select(_("Between"), WHO.items())

    def clean(self) -> dict[str, Any]:
        """Say so when the time ends before it begins."""
        said = super().clean() or self.cleaned_data
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", _("This lies before the beginning."))
        return said

    def filters(self) -> "Filters":
        """Return what is to be counted; what cannot be read is left at its default."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        today = timezone.localdate()
        monday = today - timedelta(days=today.weekday())
        scope = Scope(
            span=_days(said.get("since") or monday - timedelta(weeks=WEEKS - 1), said.get("until") or today),
            teams=self._teams(said),
            category={"": None, WITHOUT: ""}.get(said.get("category", ""), said.get("category")),
            channel=said.get("channel", ""),
            imported=Imported(said.get("imported", Imported.COUNTED)),
        )
        if said.get("period") == "all":
            scope = _all_of(scope)
        params = {name: str(value) for name, value in said.items() if name not in ("view", "who")}
        filters = Filters(scope, said.get("view", "hops"), said.get("who", "teams"), params)
        # The form shows the days that are counted, whether or not the address names them.
        days = {"since": filters.first, "until": filters.last}
        shown = {name: day for name, day in days.items() if name not in self.errors}
        self.data = {**dict(self.data.items()), **shown}
        return filters

    def _teams(self, said: Mapping[str, Any]) -> frozenset[int] | None:
        if "team" not in said:
            return self.teams.ids
        if said.get("below") == "no":
            return frozenset(team.pk for team in self.teams.rows if team.slug == said["team"])
        return self.teams.below(said["team"])


def _days(first: date, last: date) -> Span:
    """Return the time from the beginning of one day to the end of another, in the reader's time zone."""
    zone = timezone.get_current_timezone()
    after = last + timedelta(days=1)
    return Span(datetime.combine(first, time(), zone), datetime.combine(after, time(), zone))


def _all_of(scope: Scope) -> Scope:
    """Return a scope with all the time in which something became of its tickets."""
    found = scopes.lived(scope.tickets(), now=scope.now)
    if found is None:
        return scope
    first, last = (timezone.localdate(moment) for moment in found)
    return Scope(_days(first, last), scope.teams, scope.category, scope.channel, scope.imported, scope.now)


@dataclass(frozen=True)
class Filters:
    """What is counted, and how the page and its lists are addressed. params: what the address said of it."""

    scope: Scope
    view: str
    who: str
    params: Mapping[str, str]

    @property
    def first(self) -> date:
        """The first day that is counted."""
        return timezone.localdate(self.scope.span.since)

    @property
    def last(self) -> date:
        """The last day that is counted."""
        return timezone.localdate(self.scope.span.until - timedelta(microseconds=1))

    @property
    def step(self) -> Group:
        """The steps of a trend: weeks, unless there were too many to look at."""
        days = (self.last - self.first).days
        return Group.WEEK if days <= 60 * 7 else Group.MONTH if days <= 5 * 366 else Group.YEAR

    def page(self, **other: str) -> str:
        """Return the address of the page with some things otherwise; "" is the default."""
        said = {**self.params, "view": self.view, "who": self.who, **other}
        usual = {"view": "hops", "who": "teams"}
        return _address("flows", {name: value for name, value in said.items() if usual.get(name) != value})

    def list(self, measure: str, **mark: str) -> str:
        """Return the address of the list behind a mark: with its days named, so that it stays what it is."""
        days = {"period": "", "since": self.first.isoformat(), "until": self.last.isoformat()}
        who = "" if self.who == "teams" else self.who
        view = "" if self.view == "hops" else self.view
        return _address("flows_tickets", {"measure": measure, "view": view, **self.params, **days, "who": who, **mark})


def _address(name: str, said: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{reverse(name)}?{query}" if query else reverse(name)
