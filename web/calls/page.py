"""Calls: who is on the line, and saying what a call was."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from people.errors import Refusal
from people.models import Person
from phones import call_backs, errors, wrap_ups
from phones.models import Call
from tickets.models import Promise, Ticket
from web import refusals
from web.access import PageRequest, page
from web.calls.form import WrapUp

# For so long after a call has begun to ring somebody is shown who is calling.
RINGS = timedelta(minutes=3)


def _on_the_line(person: Person) -> Call | None:
    """Return the call that somebody is on, or that rings at them."""
    now = timezone.now()
    rings = Q(answered_by=None, popped__contains=[person.pk], began_at__gte=now - RINGS)
    found = Call.objects.filter(Q(answered_by=person) | rings, ended_at=None)
    return found.select_related("customer", "ticket__owner", "ticket__customer").order_by("-began_at").first()


@page
def line(request: PageRequest) -> HttpResponse:
    """Show who is on the line, before the second sentence; nothing when nobody is."""
    call = _on_the_line(request.user)
    promise: Promise | None = None
    open_tickets: list[Ticket] = []
    if call is not None and call.ticket is not None:
        promise = Promise.objects.filter(ticket=call.ticket).select_related("what").order_by("-made_at").first()
    elif call is not None and call.customer is not None:
        open_tickets = list(Ticket.objects.filter(customer=call.customer, live=True).select_related("owner"))
    to_wrap_up = Call.objects.to_wrap_up().filter(answered_by=request.user).order_by("-began_at").first()
    context = {"call": call, "promise": promise, "open_tickets": open_tickets, "to_wrap_up": to_wrap_up}
    return render(request, "web/calls/line.html", context)


@page
def wrap_up(request: PageRequest, number: int) -> HttpResponse:
    """Say what a call was; then comes the next one."""
    related = Call.objects.visible_to(request.user).select_related("customer", "ticket__owner", "answered_by")
    call = related.filter(pk=number).first()
    if call is None:
        raise errors.UnknownCall
    initial = {"ticket": call.ticket.reference if call.ticket else ""}
    form = WrapUp(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
        try:
            wrap_ups.wrap_up(call=call.pk, by=request.user, **said)
        except Refusal as refusal:
            refusals.write_into(form, refusal)
        else:
            messages.success(request, _("Wrapped up."))
            following = Call.objects.to_wrap_up().filter(answered_by=request.user).order_by("-began_at").first()
            return redirect("wrap_up", following.pk) if following else redirect("desk")
    waiting = Call.objects.to_wrap_up().filter(answered_by=request.user).count()
    context = {"call": call, "form": form, "waiting": waiting}
    return render(request, "web/calls/wrap_up.html", context, status=422 if form.errors else 200)


@page
def call_back(request: PageRequest, number: int) -> HttpResponse:
    """Show whoever gave up waiting, and say that they have been called back."""
    related = Call.objects.visible_to(request.user).select_related("customer", "ticket__owner", "team")
    call = related.filter(pk=number).first()
    if call is None:
        raise errors.UnknownCall
    refused = ""
    if request.method == "POST":
        try:
            call_backs.call_back(call=call.pk, by=request.user)
        except Refusal as refusal:
            refused = refusal.detail
        else:
            messages.success(request, _("Called back."))
            return redirect("desk_list", "call-back")
    open_tickets = Ticket.objects.none()
    if call.customer is not None and call.ticket is None:
        open_tickets = Ticket.objects.filter(customer=call.customer, live=True).select_related("owner")
    context = {"call": call, "refused": refused, "open_tickets": open_tickets}
    return render(request, "web/calls/call_back.html", context, status=422 if refused else 200)
