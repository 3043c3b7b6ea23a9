"""The desk: what needs somebody now, list by list, in few statements whatever they own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy

from handoffs import duties
from handoffs.models import Handoff, HelpRequest, ManagerRequest
from handoffs.protocol import HelpState, RequestState, State
from people.models import Person
from phones.models import Call
from tickets.models import Hold, Ticket
from web.desk.rows import Row, of_ticket, ready, row

PAGE = 50
# What falls due within so long is due now: there is time to do it well.
DUE_NOW = timedelta(minutes=30)

Found = Sequence[QuerySet[Any]]


@dataclass(frozen=True)
class List:
    """One of the desk's lists: `find` returns the querysets that it is made of, each in its order."""

    slug: str
    icon: str
    label: Lazy
    empty: Lazy
    find: Callable[[Person], Found]
    # Shown even when there is nothing in it.
    always: bool = field(default=True)


def _mine(person: Person) -> Found:
    return [Ticket.objects.live().filter(owner=person).first_due_first()]


def _wrap_up(person: Person) -> Found:
    return [Call.objects.to_wrap_up().filter(answered_by=person).order_by("-began_at")]


def _call_back(person: Person) -> Found:
    teams = person.team_ids | person.led_team_ids
    return [Call.objects.to_call_back().filter(team__in=teams).order_by("call_back_since")]


def _offered(person: Person) -> Found:
    asked = (
        Q(state=State.OFFERED, receiver=person)
        | Q(state=State.CLAIMED, giver=person)
        | Q(state=State.REQUESTED, approver=person)
    )
    return [Handoff.objects.filter(asked).order_by("due_at")]


def _asked(person: Person) -> Found:
    return [
        HelpRequest.objects.filter(state=HelpState.OPEN, asked=person).order_by("answer_by"),
        ManagerRequest.objects.filter(state=RequestState.OPEN, asked=person).order_by("call_back_by"),
    ]


def _asking(person: Person) -> Found:
    waits = Q(state__in=[State.OFFERED, State.REQUESTED], giver=person) | Q(state=State.CLAIMED, receiver=person)
    return [
        HelpRequest.objects.filter(state=HelpState.OPEN, asked_by=person).order_by("answer_by"),
        Handoff.objects.filter(waits).order_by("due_at"),
        ManagerRequest.objects.filter(state=RequestState.OPEN, asked_by=person).order_by("call_back_by"),
    ]


def _on_hold(person: Person) -> Found:
    waiting = Hold.objects.filter(ended_at=None, ticket__owner=person, ticket__live=True)
    return [waiting.order_by("return_by")]


def _covering(person: Person) -> Found:
    theirs = Ticket.objects.live().filter(owner__in=person.covered_ids)
    return [theirs.first_due_first()]


def _team(person: Person) -> Found:
    teams = Ticket.objects.live().filter(team__in=person.team_ids | person.led_team_ids).exclude(owner=person)
    return [teams.first_due_first()]


def _nothing(person: Person) -> Found:
    """Return nothing: what is due now is read by itself (see `due_now`), as its parts are in many tables."""
    del person
    return []


LISTS = (
    List(
        "mine",
        "user-check",
        gettext_lazy("My tickets"),
        gettext_lazy("You own nothing. Press c to open a ticket, or look at the team's."),
        _mine,
    ),
    List(
        "due",
        "clock",
        gettext_lazy("Due now"),
        gettext_lazy("Nothing falls due within half an hour."),
        _nothing,
    ),
    List(
        "wrap-up",
        "phone-off",
        gettext_lazy("Wrap-up"),
        gettext_lazy("Every call has been wrapped up."),
        _wrap_up,
    ),
    List(
        "call-back",
        "phone",
        gettext_lazy("Call back"),
        gettext_lazy("Nobody who gave up waiting is still to be called back."),
        _call_back,
        always=False,
    ),
    List(
        "offered",
        "arrows-exchange",
        gettext_lazy("Offered to me"),
        gettext_lazy("Nobody waits for your yes."),
        _offered,
    ),
    List(
        "asked",
        "message-question",
        gettext_lazy("Asked of me"),
        gettext_lazy("Nobody waits for an answer of yours."),
        _asked,
    ),
    List(
        "asking",
        "user-question",
        gettext_lazy("I asked"),
        gettext_lazy("You wait for nobody. Press q on a ticket to ask somebody without letting go."),
        _asking,
    ),
    List(
        "on-hold",
        "clock-pause",
        gettext_lazy("On hold"),
        gettext_lazy("No customer waits because of us."),
        _on_hold,
    ),
    List(
        "covering",
        "umbrella",
        gettext_lazy("Covering"),
        gettext_lazy("You cover nobody who owns anything."),
        _covering,
        always=False,
    ),
    List(
        "team",
        "users",
        gettext_lazy("Team"),
        gettext_lazy("Nobody else in your teams owns an open ticket."),
        _team,
    ),
)
BY_SLUG = {each.slug: each for each in LISTS}


def due_now(person: Person, now: datetime) -> list[duties.Duty]:
    """Return what falls due within half an hour, and what is overdue."""
    return duties.due(person, before=now + DUE_NOW)


def counts(person: Person, due: Sequence[duties.Duty]) -> dict[str, int]:
    """Return how much is in each list, by slug: one statement, and the duties that are known already."""
    columns: dict[str, Any] = {}
    for each in LISTS:
        for place, rows in enumerate(each.find(person)):
            number = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
            columns[f"{each.slug}_{place}"] = Coalesce(Subquery(number), 0)
    counted: dict[str, Any] = dict(Person.objects.filter(pk=person.pk).values(**columns).get())
    numbers = dict.fromkeys(BY_SLUG, 0)
    for column, count in counted.items():
        numbers[column.rpartition("_")[0]] += int(count)
    return numbers | {"due": len(due)}


def rows(person: Person, which: List, *, page: int = 1) -> tuple[list[Row], bool]:
    """Return a page of a list, and whether there is more; what falls due first comes first."""
    begin, end = PAGE * (page - 1), PAGE * page
    found = [list(ready(each)[: end + 1]) for each in which.find(person)]
    one_order = [row(each) for part in found for each in part]
    if len(found) > 1:
        one_order.sort(key=lambda row: (row.clock_at is None, row.clock_at))
    return one_order[begin:end], len(one_order) > end


def duty_rows(due: Iterable[duties.Duty], *, page: int = 1) -> tuple[list[Row], bool]:
    """Return a page of what falls due, and whether there is more."""
    listed = list(due)[PAGE * (page - 1) : PAGE * page + 1]
    found = ready(Ticket.objects.all()).in_bulk({duty.ticket for duty in listed})
    made = [
        of_ticket(found[duty.ticket], duty.at, duty.kind, key=f"{duty.kind}-{duty.number}")
        for duty in listed
        if duty.ticket in found
    ]
    return made[:PAGE], len(made) > PAGE
