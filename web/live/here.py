"""Who else has a ticket on their screen."""

import re

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_POST

from notices import live
from people.models import Person
from tickets.errors import UnknownTicket
from tickets.models import Ticket
from web.access import PageRequest, page
from web.live import watchers


@require_POST
@page
def here(request: PageRequest, number: int) -> HttpResponse:
    """Note that somebody reads a ticket, writes on it or has left it, and name the others who are there."""
    if not Ticket.objects.visible_to(request.user).filter(pk=number).exists():
        raise UnknownTicket
    state, tab = request.POST.get("state"), request.POST.get("tab", "")
    if state not in watchers.STATES or not re.fullmatch(r"\w{1,32}", tab):
        return HttpResponseBadRequest()
    there, is_news = watchers.note(number, request.user.pk, tab, state=state)
    if is_news:
        live.publish(here=[{"ticket": number, "by": request.user.pk}])
    there.pop(request.user.pk, None)
    people = Person.objects.filter(pk__in=there).order_by("name") if there else []
    others = [{"name": person.name, "writes": there[person.pk] == "writing"} for person in people]
    return render(request, "web/tickets/here.html", {"others": others})
