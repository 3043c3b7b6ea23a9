"""A ticket's chain for its page: the chain itself, what lies between its moves, and all of it as of a moment."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from handoffs import chains
from handoffs.models import Handoff
from handoffs.protocol import IN_PROGRESS, Kind, State
from people.models import Person, Team
from phones.models import Call
from tickets import looks
from tickets.kinds import BeganBy, EntryKind
from tickets.models import Entry, Flag, Ticket
from web.tickets.shown import visible

# What of the timeline is drawn, or says where something belongs.
DRAWN = (
    EntryKind.OPENED,
    EntryKind.CONTACT,
    EntryKind.ACKNOWLEDGED,
    EntryKind.MANAGER_ASKED,
    EntryKind.RESOLVED,
    EntryKind.CLOSED,
    EntryKind.REOPENED,
    EntryKind.IMPORTED,
)


def audit(number: int, person: Person, *, as_of: datetime | None = None) -> "Audit":
    """Return a ticket's chain, as it stands or as it stood, with the look logged. Raises UnknownTicket."""
    ticket = visible(number, person)
    now = timezone.now()
    looks.log(ticket=ticket.pk, person=person.pk, at=now)
    return Audit(ticket, person, as_of, now, chains.chain(number, as_of=as_of))


@dataclass
class Audit:
    """A chain, and whatever else is drawn and told of it; each part is read when it is first asked for."""

    ticket: Ticket
    person: Person
    as_of: datetime | None
    now: datetime
    written: str

    @cached_property
    def chain(self) -> dict[str, Any]:
        """The chain as `handoffs.chains` tells it, with moments for times."""
        told: dict[str, Any] = json.loads(self.written, object_hook=_with_moments)
        return told

    @property
    def tenures(self) -> list[dict[str, Any]]:
        """Its tenures; none when the ticket had not been opened yet."""
        tenures: list[dict[str, Any]] = self.chain["tenures"]
        return tenures

    @property
    def until(self) -> datetime:
        """Up to when it is told: the moment asked for, or now."""
        return self.as_of or self.now

    @cached_property
    def entries(self) -> list[Entry]:
        """The lines of the timeline that are drawn, the earliest first."""
        found = Entry.objects.filter(ticket=self.ticket, kind__in=DRAWN, at__lte=self.until)
        return list(found.select_related("by").order_by("at", "pk"))

    @cached_property
    def closed_at(self) -> datetime | None:
        """When the ticket was closed, if it was by then and has not been reopened."""
        if self.ticket.historical:
            closed = self.ticket.closed_at
            return closed if closed is not None and closed <= self.until else None
        last = [one for one in self.entries if one.kind in (EntryKind.CLOSED, EntryKind.REOPENED)][-1:]
        return last[0].at if last and last[0].kind == EntryKind.CLOSED else None

    @property
    def age(self) -> timedelta:
        """How long it has been open, or was until it was closed."""
        return (self.closed_at or self.until) - self.ticket.opened_at

    @cached_property
    def handoffs(self) -> list[Handoff]:
        """Every handoff that had been made by then, but those that are not the person's to see yet."""
        found = Handoff.objects.filter(ticket=self.ticket, made_at__lte=self.until)
        hidden = found.exclude(receiver=self.person, state=State.REQUESTED)
        return list(
            hidden.select_related("giver", "receiver", "to_team", "answer", "packet").order_by("made_at", "pk")
        )

    @cached_property
    def not_taken(self) -> list[Handoff]:
        """The handoffs to which nobody had said yes by then."""
        taken = {tenure["handoff"]["id"] for tenure in self.tenures if tenure["handoff"]}
        return [handoff for handoff in self.handoffs if handoff.pk not in taken]

    @cached_property
    def flags(self) -> list[Flag]:
        """The flags that had been raised by then."""
        found = Flag.objects.filter(ticket=self.ticket, raised_at__lte=self.until)
        return list(found.select_related("taken_on_by", "closed_by").order_by("raised_at", "pk"))

    @cached_property
    def calls(self) -> list[Call]:
        """The telephone calls about it that had begun by then."""
        found = Call.objects.filter(ticket=self.ticket, began_at__lte=self.until)
        return list(found.select_related("answered_by").order_by("began_at"))

    @cached_property
    def teams(self) -> list[str]:
        """The name of the team in which each tenure's owner had the ticket."""
        joined = {handoff.pk: handoff.to_team.name for handoff in self.handoffs}
        team, found = self._first_team, []
        for tenure in self.tenures:
            if tenure["began_by"] == BeganBy.IMPORTED:
                team = self._memberships.get(tenure["owner"]["username"], team)
            elif tenure["handoff"]:
                team = joined.get(tenure["handoff"]["id"], team)
            found.append(team)
        return found

    @cached_property
    def _first_team(self) -> str:
        slugs = [entry.data.get("team") for entry in self.entries if entry.kind == EntryKind.OPENED]
        if not slugs or slugs[0] == self.ticket.team.slug:
            return self.ticket.team.name
        return Team.objects.filter(slug=slugs[0]).values_list("name", flat=True).first() or self.ticket.team.name

    @cached_property
    def _memberships(self) -> dict[str, str]:
        """A history does not say in which team somebody had a case: the first of their teams stands for it."""
        usernames = {tenure["owner"]["username"] for tenure in self.tenures}
        rows = Team.objects.filter(members__username__in=usernames).order_by("-pk")
        return dict(rows.values_list("members__username", "name"))

    @cached_property
    def looks(self) -> list[tuple[str, list[datetime]]]:
        """Who looked at the ticket, and in which hours: who looked first first."""
        # Two people may have one name.
        hours: dict[tuple[str, str], list[datetime]] = {}
        for look in self.chain["looks"]:
            hours.setdefault((look["person"]["username"], look["person"]["name"]), []).append(look["hour"])
        return [(name, seen) for (_, name), seen in hours.items()]

    def place(self, at: datetime) -> int:
        """Return the place of the tenure in which something happened: the last that had begun."""
        begun = [place for place, tenure in enumerate(self.tenures) if tenure["started_at"] <= at]
        return begun[-1] if begun else 0

    def state_of(self, handoff: Handoff) -> State:
        """Return the state in which a handoff was by then."""
        if handoff.ended_at is not None and handoff.ended_at <= self.until:
            return State(handoff.state)
        if handoff.state in IN_PROGRESS and self.as_of is None:
            return State(handoff.state)
        if handoff.kind == Kind.CLAIM:
            return State.CLAIMED
        waited = handoff.approver_id and (handoff.approved_at is None or handoff.approved_at > self.until)
        return State.REQUESTED if waited else State.OFFERED


TIMES = frozenset({"as_of", "from", "until", "hour", "return_by"})


def _with_moments(told: dict[str, Any]) -> dict[str, Any]:
    """Return an object of the chain's JSON with its times as moments."""
    times: Iterable[str] = (name for name in told if name.endswith("_at") or name in TIMES)
    return told | {name: datetime.fromisoformat(told[name]) for name in times if told[name] is not None}
