"""The moves of ownership in the administration, to look at; and leaving for good, by its verb."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse

from handoffs import departures
from handoffs.models import Handoff, HelpRequest, ManagerRequest
from people.admin import PersonAdmin
from people.administration import ReadOnly, worded
from people.errors import Refusal
from people.models import Cover, Person


@admin.action(description="Leave for good: their tickets go to their teams' managers", permissions=["change"])
def leave_for_good(site_of: PersonAdmin, request: Any, people: QuerySet[Person]) -> HttpResponse | None:
    """Ask whether it is meant, then let each of them leave."""
    if "meant" not in request.POST:
        context = {
            **site_of.admin_site.each_context(request),
            "title": "Leave for good?",
            "people": people.annotate(live=Count("tickets", filter=Q(tickets__live=True))),
            "chosen": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "handoffs/leave_for_good.html", context)
    for person in people:
        try:
            departures.leave(person=person.pk, by=request.user)
        except Refusal as refusal:
            site_of.message_user(request, f"{person} stays: {worded(refusal)}", messages.ERROR)
        else:
            site_of.log_change(request, person, "Left for good.")
            site_of.message_user(request, f"{person} has left.", messages.SUCCESS)
    return None


PersonAdmin.actions.append(leave_for_good)  # people know nothing of tickets


@admin.register(Handoff)
class HandoffAdmin(ReadOnly):
    """Offers and claims, and what became of them."""

    list_display = ("ticket", "kind", "state", "giver", "receiver", "reason", "made_at", "due_at")
    list_filter = ("state", "kind", "reason")
    list_select_related = ("ticket", "giver", "receiver")
    search_fields = ("=ticket__id",)
    ordering = ("-pk",)
    exclude = ("packet", "completion", "read_back", "correction", "answer")


@admin.register(HelpRequest)
class HelpRequestAdmin(ReadOnly):
    """Questions to colleagues."""

    list_display = ("ticket", "asked_by", "asked", "state", "asked_at", "answer_by")
    list_filter = ("state",)
    list_select_related = ("ticket", "asked_by", "asked")
    search_fields = ("=ticket__id",)
    exclude = ("question", "answer")


@admin.register(ManagerRequest)
class ManagerRequestAdmin(ReadOnly):
    """Customers who asked for a manager."""

    list_display = ("ticket", "asked_by", "asked", "state", "asked_at", "call_back_by")
    list_filter = ("state",)
    list_select_related = ("ticket", "asked_by", "asked")
    search_fields = ("=ticket__id",)
    exclude = ("reason",)


@admin.register(Cover)
class CoverAdmin(ReadOnly):
    """Who answers whose due items until when."""

    list_display = ("absent", "covering", "asked_by", "starts_at", "until", "accepted_at", "ended_at")
    list_select_related = ("absent", "covering", "asked_by")
    ordering = ("-pk",)
