"""The board: what a manager decides on, in few statements however much there is of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, Q

from handoffs.models import Handoff, ManagerRequest
from handoffs.protocol import RequestState, State
from people import lines, working_time
from people.models import Person
from tickets.kinds import FlagState, Level, PromiseState
from tickets.models import ContactPoint, Flag, Hold, Promise, Ticket
from web.board import evidence
from web.board.evidence import Said
from web.labels import FLAG, LEVEL
from web.scopes import Scope

ON_TICKET = ("ticket__customer", "ticket__owner")
# More than that nobody reads: the longest waiting come first, and the page says how many there are.
MOST = 100


@dataclass(frozen=True)
class Raised:
    """An open flag as the board shows it. climbs_to: who hears of it next when nobody takes it on."""

    flag: Flag
    name: str
    said: Said
    capacity: str
    since: datetime
    climbs_to: Person | None
    is_new: bool

    @property
    def has_risen(self) -> bool:
        """Whether it was amber once."""
        return self.flag.rose_at is not None

    @property
    def is_taken_on(self) -> bool:
        """Whether a manager is on it."""
        return self.flag.status == FlagState.TAKEN_ON


@dataclass(frozen=True)
class Case:
    """A ticket with its open flags, the worst first: one complaint is one decision."""

    ticket: Ticket
    flags: Sequence[Raised]

    @property
    def level(self) -> str:
        """The level of the worst flag."""
        return str(self.flags[0].flag.level)


@dataclass(frozen=True)
class Overdue:
    """A return or a promise whose time has passed. who: who promised it."""

    kind: str
    row: Hold | Promise
    at: datetime
    who: Person


@dataclass(frozen=True)
class Late:
    """A ticket with what is overdue on it, the longest first."""

    ticket: Ticket
    owed: Sequence[Overdue]


def wanted(scope: Scope) -> list[ManagerRequest]:
    """Return the customers who wait for a manager, who must be called back first first; with their numbers."""
    phones = Prefetch("ticket__customer__contact_points", ContactPoint.objects.filter(kind="phone"), to_attr="phones")
    found = ManagerRequest.objects.filter(state=RequestState.OPEN, ticket__team__in=scope.teams, ticket__live=True)
    related = found.select_related(*ON_TICKET, "asked", "asked_by", "reason").prefetch_related(phones)
    return list(related.order_by("call_back_by", "pk")[:MOST])


def cases(scope: Scope, *, looked_at: datetime | None) -> list[Case]:
    """Return the tickets with open flags: red before amber, those that nobody is on first, the longest waiting first.

    looked_at: when the person last looked at the board; what has been raised or rose since is new.
    """
    # An imported history's flags are of the past, unless somebody has taken its ticket over.
    present = Q(historical=False) | Q(ticket__live=True)
    found = Flag.objects.filter(present, status__in=Flag.OPEN, ticket__team__in=scope.teams)
    flags = list(found.select_related(*ON_TICKET, "taken_on_by").order_by("ticket", "pk"))
    usernames = evidence.people_in(flag.evidence for flag in flags)
    named = Person.objects.filter(username__in=usernames).values_list("username", "name")
    names: dict[str, str] = dict(named) if usernames else {}
    raised = [_raised(flag, scope, names, looked_at) for flag in flags]
    by_ticket = groupby(raised, key=lambda each: each.flag.ticket_id)
    made = [sorted(group, key=_urgency) for _, group in by_ticket]
    return [Case(group[0].flag.ticket, group) for group in sorted(made, key=lambda group: _urgency(group[0]))]


def _raised(flag: Flag, scope: Scope, names: dict[str, str], looked_at: datetime | None) -> Raised:
    since = flag.rose_at or flag.raised_at
    flag.ticket.team = scope.teams[flag.ticket.team_id]
    climbs = flag.climbs_at is not None and flag.status == FlagState.RAISED and flag.ticket.live
    above = lines.managers_above(flag.ticket.team) if climbs else []
    return Raised(
        flag=flag,
        name=_name(flag.kind, flag.level),
        said=evidence.said(flag.kind, flag.evidence, names),
        capacity=evidence.capacity(flag.capacity),
        since=since,
        climbs_to=above[flag.climbed] if flag.climbed < len(above) else None,
        is_new=looked_at is not None and since > looked_at,
    )


def _name(kind: str, level: str) -> str:
    return f"{LEVEL[level]}: {FLAG[kind]}"


def _urgency(raised: Raised) -> tuple[bool, bool, datetime]:
    return raised.flag.level != Level.RED, raised.is_taken_on, raised.since


@dataclass(frozen=True)
class Asked:
    """An offer that waits for approval. may_answer: whether the person who looks gives the answer."""

    handoff: Handoff
    may_answer: bool


def to_approve(scope: Scope) -> list[Asked]:
    """Return the offers that wait for a manager, with their packets; the first due first."""
    person = scope.person
    concerned = Q(ticket__team__in=scope.teams)
    if scope.chosen is None:
        concerned |= Q(approver=person)
    # Its receiver does not see an offer before it is approved, whoever else they are.
    found = Handoff.objects.filter(concerned, state=State.REQUESTED).exclude(receiver=person)
    related = found.select_related(*ON_TICKET, "giver", "receiver", "approver", "packet", "completion", "read_back")
    return [
        Asked(handoff, scope.acts and person.pk != handoff.giver_id) for handoff in related.order_by("due_at")[:MOST]
    ]


def overdue(scope: Scope, *, at: datetime) -> list[Late]:
    """Return the holds and promises whose time has passed, whether or not a sweep has come by; the longest first."""
    owed: dict[str, Any] = {"ticket__live": True, "ticket__team__in": scope.teams}
    holds = Hold.objects.filter(ended_at=None, return_by__lt=at, **owed).select_related(*ON_TICKET, "by", "reason")
    promises = Promise.objects.filter(state=PromiseState.OPEN, due_at__lt=at, **owed)
    promises = promises.select_related(*ON_TICKET, "made_by", "what")
    rows = [Overdue("hold", hold, hold.return_by, hold.by) for hold in holds.order_by("return_by")[:MOST]]
    rows += [Overdue("promise", each, each.due_at, each.made_by) for each in promises.order_by("due_at")[:MOST]]
    by_ticket: dict[int, list[Overdue]] = {}
    for row in sorted(rows, key=lambda row: row.at):
        by_ticket.setdefault(row.row.ticket_id, []).append(row)
    return [Late(owed[0].row.ticket, owed) for owed in by_ticket.values()]


def waiting(scope: Scope, *, at: datetime) -> list[Handoff]:
    """Return the offers and claims that have waited for longer than half of their time; the first due first."""
    found = Handoff.objects.filter(state__in=[State.OFFERED, State.CLAIMED], ticket__team__in=scope.teams)
    related = found.select_related(*ON_TICKET, "giver", "receiver", "packet", "completion", "read_back")
    return [handoff for handoff in related.order_by("due_at")[:MOST] if _half(handoff, scope) <= at]


def _half(handoff: Handoff, scope: Scope) -> datetime:
    """Return when half of the time to answer has passed, by the clock that it runs by."""
    begin, team = handoff.approved_at or handoff.made_at, scope.known[handoff.to_team_id]
    length = working_time.between(team.calendar, begin, handoff.due_at)
    # One that must be answered now runs outside the working hours, too.
    if not length or handoff.on_call or handoff.urgency == "now":
        return begin + (handoff.due_at - begin) / 2
    return working_time.add(team.calendar, begin, length / 2)


def owned(person: Person, scope: Scope) -> list[Ticket]:
    """Return the live tickets of somebody in the teams that are shown, with their open flags; the first due first."""
    open_flags = Prefetch("flags", Flag.objects.filter(status__in=Flag.OPEN).order_by("-level"), to_attr="open_flags")
    found = Ticket.objects.live().filter(owner=person, team__in=scope.teams)
    return list(found.select_related("customer", "team").prefetch_related(open_flags).first_due_first())
