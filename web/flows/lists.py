"""The lists behind the marks of the flows: the very rows that a mark has counted, each with its ticket."""

from collections.abc import Mapping
from datetime import datetime
from functools import singledispatch
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Model, Q
from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from handoffs.models import Handoff
from insights import flows, measures
from insights.flows import OTHERS, Node
from people.models import Person, Team
from tickets.kinds import PromiseState
from tickets.models import Entry, Hold, Promise, Tenure, Ticket
from web.flows import moves as picture
from web.flows.figures import LISTS
from web.flows.filters import Filters
from web.labels import BEGAN_BY, CHANNEL, HOLD_END, HOLD_KIND, REASON, STATUS
from web.templatetags.web import lasted

PAGE = 50


class Line(NamedTuple):
    """A row: when it was, its ticket, and what it is."""

    at: datetime
    ticket: Ticket
    said: list[str]


class Listed(NamedTuple):
    """A page of a list; `narrowed` says to what a mark has narrowed it."""

    title: str
    narrowed: list[str]
    page: Page[Any]
    lines: list[Line]

    @property
    def total(self) -> str:
        """How many rows there are in all."""
        return f"{self.page.paginator.count:,}"


def listed(filters: Filters, mark: Mapping[str, str], viewer: Person, teams: list[Team]) -> Listed:
    """Return a page of the rows behind a mark. Raises Http404 for a mark that there is not."""
    measure, part = measures.BY_SLUG.get(mark.get("measure", "changes")), mark.get("part", "")
    if measure is None or part not in ("", *measure.parts):
        raise Http404
    narrowed: list[str] = []
    if measure == measures.CHANGES:
        rows = flows.moves(filters.scope)
        rows = rows.filter(**{part: True}) if part else rows
        hop, giver, taker = _hop(mark), _node(mark, "giver"), _node(mark, "taker")
        rows = rows.filter(_of_hop(hop), _of_nodes(filters, viewer, hop, giver, taker))
        narrowed = _narrowed(hop, giver, taker, teams)
    else:
        rows = measure.rows(filters.scope, part=part)
    longest = measure.lasts and mark.get("order") == "longest"
    rows = rows.order_by("-lasted", "-pk") if longest else rows.order_by("-moment", "-pk")
    # First which rows, then what they say: that costs a look or two elsewhere for each.
    page = Paginator(rows.values_list("pk", flat=True), PAGE).get_page(mark.get("page"))
    by_number = rows.order_by().in_bulk(list(page.object_list))
    found = [by_number[number] for number in page.object_list]
    tickets = Ticket.objects.select_related("customer", "owner", "team").in_bulk({row.on for row in found})
    said = _people_in(found, filters, viewer, teams) if measure == measures.CHANGES else {}
    lines = [Line(row.moment, tickets[row.on], [*said.get(row.pk, ()), *_said(row)]) for row in found]
    return Listed(str(LISTS[measure.slug, part]), narrowed, page, lines)


# What a mark of the picture or the matrix narrows the changes to


def _hop(mark: Mapping[str, str]) -> int | str | None:
    said = mark.get("hop", "")
    if said in ("", picture.LATER):
        return said or None
    if not (said.isascii() and said.isdecimal() and 1 <= int(said) < picture.LAYERS):
        raise Http404
    return int(said)


def _node(mark: Mapping[str, str], side: str) -> Node | None:
    try:
        return Node.of(mark[side]) if mark.get(side) else None
    except ValueError as error:
        raise Http404 from error


def _of_hop(hop: int | str | None) -> Q:
    if hop is None:
        return Q()
    return Q(hop__gte=picture.LAYERS) if hop == picture.LATER else Q(hop=hop)


def _of_nodes(filters: Filters, viewer: Person, hop: int | str | None, giver: Node | None, taker: Node | None) -> Q:
    """Return the condition that moves are between nodes; who the others are, is worked out as for the picture."""
    who = picture.cast(filters, viewer)
    if any(node is not None and not who.shows(node) for node in (giver, taker)):
        raise Http404
    givers = takers = frozenset[Node]()
    if OTHERS in (giver, taker):
        found = flows.flows(filters.scope, who)
        if isinstance(hop, int):
            shown = flows.shown_at(found, picture.PER_LAYER, picture.LAYERS)
            givers, takers = shown[hop], shown[hop + 1]
        else:
            givers = takers = flows.shown(found, picture.MATRIX)
    wanted = Q()
    if giver is not None:
        wanted &= flows.side(who, "giver", giver, givers)
    if taker is not None:
        wanted &= flows.side(who, "taker", taker, takers)
    return wanted


def _narrowed(hop: int | str | None, giver: Node | None, taker: Node | None, teams: list[Team]) -> list[str]:
    called = picture.names([node for node in (giver, taker) if node is not None], teams)
    said = [_("from %(name)s") % {"name": called[giver]}] if giver else []
    said += [_("to %(name)s") % {"name": called[taker]}] if taker else []
    if hop == picture.LATER:
        said.append(_("by the owner number %(number)d or a later one") % {"number": picture.LAYERS})
    elif hop is not None:
        said.append(_("by the owner number %(number)d") % {"number": int(hop)})
    return said


# What a row says


def _people_in(rows: list[Any], filters: Filters, viewer: Person, teams: list[Team]) -> dict[int, list[str]]:
    """Return from whom to whom some moves went, as this viewer may know it."""
    who = picture.cast(filters, viewer)
    pairs = {row.pk: (who.node(row.giver, row.giver_team), who.node(row.taker, row.taker_team)) for row in rows}
    called = picture.names({node for pair in pairs.values() for node in pair}, teams)
    return {pk: [f"{called[giver]} → {called[taker]}"] for pk, (giver, taker) in pairs.items()}


def _day(at: datetime) -> str:
    return date_format(at, "j M Y, H:i")


def _why(reason: str) -> list[str]:
    return [str(REASON[reason])] if reason in REASON else []


@singledispatch
def _said(row: Model) -> list[str]:
    raise TypeError(f"no list shows a {row}")


@_said.register
def _of_tenure(row: Tenure) -> list[str]:
    said = [_("owner number %(number)d") % {"number": row.seq}, str(BEGAN_BY[row.began_by])]
    return said + _why(row.reason)


@_said.register
def _of_handoff(row: Handoff) -> list[str]:
    took = lasted(row.lasted.total_seconds())  # type: ignore[attr-defined]  # annotated
    return [_("yes after %(time)s") % {"time": took}, *_why(row.reason)]


@_said.register
def _of_hold(row: Hold) -> list[str]:
    waited = lasted(row.lasted.total_seconds())  # type: ignore[attr-defined]  # annotated
    how = str(HOLD_END[row.how]) if row.how else _("goes on")
    late = [_("overdue")] if row.overdue else []  # type: ignore[attr-defined]  # annotated
    return [str(HOLD_KIND[row.kind]), waited, how, *late]


@_said.register
def _of_promise(row: Promise) -> list[str]:
    said = [_("first for %(time)s") % {"time": _day(row.first_due_at)}]
    if row.due_at != row.first_due_at:
        said.append(_("put off to %(time)s") % {"time": _day(row.due_at)})
    kept = row.state == PromiseState.KEPT and row.ended_at is not None
    return [*said, _("kept %(time)s") % {"time": _day(row.ended_at)} if kept and row.ended_at else _("open")]


@_said.register
def _of_ticket(row: Ticket) -> list[str]:
    return [str(STATUS[row.status])]


@_said.register
def _of_contact(row: Entry) -> list[str]:
    came = row.data["direction"] == "inbound"
    said = [_("the customer came to us") if came else _("we came to the customer"), str(CHANNEL[row.data["channel"]])]
    return [*said, _("chasing")] if row.data["chase"] else said


def described(filters: Filters, teams: list[Team]) -> list[str]:
    """Return what is counted, in words."""
    first, last = (date_format(day, "j M Y") for day in (filters.first, filters.last))
    said = [f"{first} – {last}" if first != last else first]  # noqa: RUF001 - a range
    said += [team.name for team in teams if team.slug == filters.params.get("team")]
    if filters.scope.category is not None:
        said.append(filters.scope.category or _("without a category"))
    if filters.scope.channel:
        said.append(str(CHANNEL[filters.scope.channel]))
    return said
