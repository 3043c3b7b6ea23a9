"""Which tickets, and which time, a measure is about."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Case, DateTimeField, Max, Min, Q, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone

from people.models import Person
from people.roles import READS_ALL
from tickets.models import Ticket
from tickets.states import UNMEASURED


class Imported(StrEnum):
    """What becomes of historical tickets: those of an import that nobody has taken over."""

    COUNTED = "counted"
    LEFT_OUT = "left_out"
    ONLY = "only"


class Span(NamedTuple):
    """From a moment on, up to another that is not in it."""

    since: datetime
    until: datetime


def led_by(person: Person) -> frozenset[int] | None:
    """Return the teams whose tickets somebody may measure; None is all of them."""
    return None if person.role in READS_ALL else person.led_team_ids


@dataclass(frozen=True)
class Scope:
    """What is counted: tickets of these teams (None: of all), of a category and a channel, in a span of time.

    A ticket is its present team's. Tickets that turned out to be no complaint, or whose customer could not be
    reached, are never measured (`states.UNMEASURED`). category: "" are the tickets without one, None is any.
    channel: "" is any.
    """

    span: Span
    teams: frozenset[int] | None
    category: str | None = None
    channel: str = ""
    imported: Imported = Imported.COUNTED
    now: datetime = field(default_factory=timezone.now)

    def tickets(self, path: str = "") -> Q:
        """Return the condition on tickets; `path` leads to them from the rows that are filtered ("ticket__")."""
        said: dict[str, Any] = {}
        if self.teams is not None:
            said["team__in"] = sorted(self.teams)
        if self.category is not None:
            said["category"] = self.category
        if self.channel:
            said["channel"] = self.channel
        if self.imported != Imported.COUNTED:
            said["historical"] = self.imported == Imported.ONLY
        wanted = Q(**{path + name: value for name, value in said.items()})
        return wanted & ~Q(**{f"{path}outcome__in": sorted(UNMEASURED)})

    def during(self, moment: str) -> Q:
        """Return the condition that a moment lies in the span."""
        return Q(**{f"{moment}__gte": self.span.since, f"{moment}__lt": self.span.until})


def lived(tickets: Q, *, now: datetime) -> tuple[datetime, datetime] | None:
    """Return when the first of some tickets was opened, and when something last became of one; None without any.

    Of a ticket that somebody still answers for, something may become until now.
    """
    until_now = Case(When(live=True, then=Value(now)), output_field=DateTimeField())
    ends = Greatest("opened_at", "owner_since", "resolved_at", "closed_at", "last_contact_at", "holds__started_at")
    found = Ticket.objects.filter(tickets).aggregate(first=Min("opened_at"), last=Max(Greatest(ends, until_now)))
    return (found["first"], found["last"]) if found["first"] else None


def categories(teams: Iterable[int] | None) -> list[str]:
    """Return the categories of the tickets of some teams (None: of all), by name."""
    tickets = Ticket.objects.all() if teams is None else Ticket.objects.filter(team__in=teams)
    return list(tickets.exclude(category="").order_by("category").values_list("category", flat=True).distinct())


def has_imported(teams: Iterable[int] | None) -> bool:
    """Say whether there are tickets of an import among those of some teams (None: of all)."""
    imported = Ticket.objects.exclude(source="").filter(historical=True)
    return (imported if teams is None else imported.filter(team__in=teams)).exists()
