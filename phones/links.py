"""Which customer and which ticket a call is about. A call is not a ticket: it opens one only when it must."""

from datetime import datetime

from people.errors import Incomplete
from people.models import Person
from phones.models import Call
from tickets import customers, opening, timeline
from tickets.kinds import EntryKind
from tickets.models import Customer, Ticket

Linked = Call.Linked


def e164_of(call: Call, number: str) -> str:
    """Return a number as customers have it; "" for an extension, or one that was withheld."""
    if not number or (number.isdigit() and len(number) < 6):
        return ""
    try:
        return customers.e164(number, region=call.source.region)
    except Incomplete:
        return ""


def find(call: Call, *, at: datetime) -> None:
    """Link a call that has no ticket to the customer of its number, and to their only open ticket; unsaved."""
    if call.ticket_id is not None or not call.number:
        return
    known = list(customers.by_phone(call.number)[:2])
    if len(known) != 1:  # a household shares it: the rep knows whom they have on the line
        return
    call.customer = known[0]
    live = list(Ticket.objects.filter(customer=call.customer, live=True).order_by("pk")[:2])
    if len(live) == 1:
        to_ticket(call, live[0], linked=Linked.BY_NUMBER, by=None, at=at)


def to_ticket(call: Call, ticket: Ticket, *, linked: Call.Linked, by: Person | None, at: datetime) -> None:
    """Link a call to a ticket; the call is not saved."""
    call.ticket, call.customer, call.linked = ticket, ticket.customer, linked
    call.team_id = ticket.team_id
    timeline.record(
        ticket, EntryKind.CALL_LINKED, at=at, by=by, call=call.pk, direction=call.direction, linked=str(linked)
    )


def open_ticket(
    call: Call, *, by: Person | None, subject: str, description: str, category: str, at: datetime
) -> Ticket:
    """Open the ticket that a call is about; the call is not saved. `by` owns it; None lets routing choose."""
    if call.customer is None:
        call.customer = _somebody(call, at=at)
    ticket, _ = opening.open_ticket(
        by=by,
        customer=call.customer,
        team=call.team,
        subject=subject,
        description=description,
        category=category,
        new=True,
    )
    to_ticket(call, ticket, linked=Linked.OPENED, by=by, at=at)
    return ticket


def _somebody(call: Call, *, at: datetime) -> Customer:
    """Return a new customer of whom we know a number, or nothing at all."""
    if not call.number:
        return customers.anonymous()
    return customers.create(name="", contact_points=[("phone", call.number, "")], at=at)
