"""The rows of the desk's lists: each kind of thing, as one line that says what it is about and when it falls due."""

from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch
from typing import Any

from django.db.models import Model, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from handoffs.models import Handoff, HelpRequest, ManagerRequest
from handoffs.protocol import State
from phones.models import Call
from tickets.models import Flag, Hold, Ticket
from web.labels import REASON


@dataclass(frozen=True)
class Row:
    """One line of a list: where it leads, whom and what it is about, and its clock."""

    key: str
    url: str
    who: str
    what: str
    clock_at: datetime | None
    clock_kind: str
    ticket: Ticket | None = None
    said: str = ""

    @property
    def version(self) -> int:
        """By which a page knows that something has changed."""
        return self.ticket.version if self.ticket else 1


def _open_flags(path: str) -> "Prefetch[str, Any, str]":
    return Prefetch(path, Flag.objects.filter(status__in=Flag.OPEN).order_by("-level"), to_attr="open_flags")


def ready(found: QuerySet[Any]) -> QuerySet[Any]:
    """Return a queryset with everything that its rows show."""
    if found.model is Ticket:
        return found.select_related("customer", "owner").prefetch_related(_open_flags("flags"))
    if found.model is Call:
        return found.select_related("customer", "ticket__owner")
    people = {Handoff: ("giver", "receiver"), HelpRequest: ("asked", "asked_by"), ManagerRequest: ("asked_by",)}
    related = found.select_related("ticket__customer", "ticket__owner", *people.get(found.model, ()))
    return related.prefetch_related(_open_flags("ticket__flags"))


def of_ticket(ticket: Ticket, at: datetime | None, kind: str, *, key: str = "", said: str = "") -> Row:
    """Return a ticket as a line, because of what falls due on it at `at`; `said` is what else there is to say."""
    return Row(
        key=key or ticket.reference,
        url=reverse("ticket", args=[ticket.pk]),
        who=str(ticket.customer),
        what=ticket.subject,
        clock_at=at,
        clock_kind=kind,
        ticket=ticket,
        said=said,
    )


@singledispatch
def row(found: Model) -> Row:
    """Return a thing as a line."""
    raise TypeError(f"no row shows a {found}")


@row.register
def _row_of_ticket(found: Ticket) -> Row:
    return of_ticket(found, found.next_due_at, found.next_due_kind)


@row.register
def _row_of_hold(found: Hold) -> Row:
    return of_ticket(found.ticket, found.return_by, "hold", key=f"hold-{found.pk}")


@row.register
def _row_of_handoff(found: Handoff) -> Row:
    kinds = {State.OFFERED: "answer_offer", State.CLAIMED: "answer_claim", State.REQUESTED: "approve_handoff"}
    said = f"{found.giver.name} → {found.receiver.name}"
    reason = REASON.get(found.reason)
    return of_ticket(
        found.ticket,
        found.due_at,
        kinds[State(found.state)],
        key=f"handoff-{found.pk}",
        said=f"{said} · {reason}" if reason else said,
    )


@row.register
def _row_of_help_request(found: HelpRequest) -> Row:
    said = f"{found.asked_by.name} → {found.asked.name}"
    return of_ticket(found.ticket, found.answer_by, "help", key=f"help-{found.pk}", said=said)


@row.register
def _row_of_manager_request(found: ManagerRequest) -> Row:
    said = gettext("%(name)s: the customer wants a manager") % {"name": found.asked_by.name}
    return of_ticket(found.ticket, found.call_back_by, "manager_request", key=f"manager-{found.pk}", said=said)


@row.register
def _row_of_call(found: Call) -> Row:
    waits = found.wrap_up == Call.WrapUp.WAITING
    return Row(
        key=f"call-{found.pk}",
        url=reverse("wrap_up" if waits else "call_back", args=[found.pk]),
        who=str(found.customer) if found.customer else found.number or gettext("number withheld"),
        what=found.ticket.subject if found.ticket else gettext("Call without a ticket"),
        clock_at=found.ended_at if waits else found.call_back_since,
        clock_kind="wrap_up" if waits else "call_back",
        said=found.ticket.reference if found.ticket else "",
    )
