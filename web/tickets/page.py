"""A ticket's page, and finding tickets."""

from django.http import HttpResponse
from django.shortcuts import render

from tickets.models import Ticket
from tickets.permissions import Action
from web.access import PageRequest, page
from web.tickets import shown as reads
from web.tickets import verbs

FOUND = 50


@page
def ticket(request: PageRequest, number: int) -> HttpResponse:
    """Show a ticket; htmx asks for it as the desk's right pane, or for its fresh state."""
    shown = reads.look_at(number, request.user)
    context = {
        "shown": shown,
        "ticket": shown.ticket,
        "bar": verbs.bar(shown),
        "answers": verbs.answers_to_handoff(shown),
        "beside": verbs.BESIDE,
        "first_words": reads.first_words(shown),
        "deals_with_flags": shown.may(Action.DEAL_WITH_FLAGS),
        "settles": shown.may(Action.SETTLE_PROMISE),
        "holds_may_end": shown.may(Action.HOLD_CALL),
    }
    return render(request, "web/tickets/ticket.html", context)


@page
def search(request: PageRequest) -> HttpResponse:
    """Find tickets by words, a reference, or a customer's telephone number."""
    words = request.GET.get("q", "").strip()[:200]
    found: list[Ticket] = []
    if words:
        tickets = Ticket.objects.visible_to(request.user).matching(q=words)
        found = list(tickets.select_related("customer", "owner", "team").order_by("-opened_at")[: FOUND + 1])
    context = {"words": words, "found": found[:FOUND], "more": len(found) > FOUND}
    return render(request, "web/tickets/search.html", context)
