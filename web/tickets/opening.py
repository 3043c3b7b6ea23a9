"""Opening a ticket while the customer is on the line."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from people.errors import Incomplete, NotYours, Refusal
from people.models import Person
from people.roles import OWNERS
from people.transactions import verb
from phones import wrap_ups
from phones.models import Call
from tickets import contacts, customers, opening
from tickets.models import Customer, Ticket
from tickets.states import Status
from web import refusals
from web.access import PageRequest, page
from web.tickets.opening_form import Opening

FOUND = 8


@page
def open_ticket(request: PageRequest) -> HttpResponse:
    """Show the form of a new complaint, and open it: whoever opens it owns it."""
    if request.user.role not in OWNERS:
        raise NotYours(_("Reps and managers open tickets: whoever opens one owns it."))
    call = _call(request)
    if request.method != "POST":
        initial = {"find": call.number, "team": call.team_id, "customer": call.customer_id} if call else {}
        known = {name: value for name, value in request.GET.items() if name in ("find", "customer")}
        form = Opening(person=request.user, initial={**initial, **known})
        return render(request, "web/tickets/new.html", _context(form, call))
    form = Opening(request.POST, person=request.user)
    if form.is_valid():
        try:
            ticket, is_new = _open(form, by=request.user, call=call)
        except Refusal as refusal:
            refusals.write_into(form, refusal)
        else:
            told = _("%(ticket)s is yours.") if is_new else _("Written down on %(ticket)s.")
            messages.success(request, told % {"ticket": ticket.reference})
            return redirect("ticket", ticket.pk)
    return render(request, "web/tickets/new.html", _context(form, call), status=422)


def _call(request: PageRequest) -> Call | None:
    """Return the call that it is opened for, when there is one and it has no ticket."""
    number = request.GET.get("call", "")
    calls = Call.objects.visible_to(request.user).filter(ticket=None)
    return calls.filter(pk=int(number)).first() if number.isdecimal() else None


def _context(form: Opening, call: Call | None) -> dict[str, Any]:
    """Return what the form shows: with the customer who was chosen, and which ticket of theirs it is about."""
    customer, about = form["customer"].value(), form.data.get("about")
    found = list(_with_tickets(Customer.objects.filter(pk=customer))) if str(customer or "").isdecimal() else []
    return {
        "form": form,
        "call": call,
        "found": found,
        "about": int(about) if about and about.isdecimal() else about,
    }


def _with_tickets(found: QuerySet[Customer]) -> QuerySet[Customer]:
    """Return customers with how to reach them, and with their open tickets."""
    open_tickets = Ticket.objects.filter(live=True).select_related("owner").order_by("pk")
    tickets = Prefetch("tickets", open_tickets, to_attr="open_tickets")
    return found.prefetch_related("contact_points", tickets)


@verb
def _open(form: Opening, *, by: Person, call: Call | None) -> tuple[Ticket, bool]:
    """Open the ticket with its customer and its acknowledgement: all of it, or nothing."""
    said = form.cleaned_data
    customer = said["customer"]
    if customer is None and call is None:
        try:
            customer = customers.create(**form.new_customer())
        except Incomplete as refusal:
            # The verb calls them as its callers do; here they are the new customer's.
            raise Incomplete(**{f"new_{name}": words for name, words in refusal.fields.items()}) from refusal
    if call is not None and said["about"] is None:
        done = wrap_ups.complain(call=call.pk, by=by, subject=said["subject"], description=said["description"])
        assert done.ticket is not None
        ticket, is_new = done.ticket, True
    else:
        ticket, is_new = opening.open_ticket(
            by=by,
            customer=customer,
            team=said["team"],
            subject=said["subject"],
            description=said["description"],
            category=said["category"],
            skill=said["skill"],
            severity=said["severity"],
            channel=said["channel"],
            new=said["about"] is None,
            further_contact_on=said["about"].pk if said["about"] else None,
        )
    if said["message"] and ticket.status == Status.NEW and ticket.owner_id == by.pk:
        contacts.acknowledge(ticket=ticket.pk, by=by, message=said["message"], next_contact_at=said["next_contact_at"])
    return ticket, is_new


@page
def find_customer(request: PageRequest) -> HttpResponse:
    """List the customers of a number, a name or an address, with their open tickets, while somebody types."""
    words = request.GET.get("find", "").strip()[:200]
    found: list[Customer] = []
    if len(words) >= 2:
        found = list(_with_tickets(_found(words).filter(anonymous=False))[:FOUND])
    return render(request, "web/tickets/customers_found.html", {"found": found, "words": words})


def _found(words: str) -> QuerySet[Customer]:
    """Return the customers who are meant: by number when it looks like one, otherwise by name or address."""
    if words[0] in "+0123456789(":
        try:
            return customers.by_phone(words)
        except Incomplete:
            # Half a number: those whose number has these digits in it.
            digits = "".join(char for char in words if char.isdecimal())
            return Customer.objects.filter(
                contact_points__kind="phone", contact_points__value__contains=digits, erased_at=None
            ).distinct()
    return customers.search(words)
