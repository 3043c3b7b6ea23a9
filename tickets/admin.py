"""Tickets and what hangs on them in the administration: facts to look at.

What was typed, and who the customer is, is on the ticket's own page, where every look is logged.
"""

from django.contrib import admin

from people.administration import ReadOnly
from tickets.models import Entry, Flag, Hold, Look, Promise, Tenure, Ticket

BY_NUMBER = "The ticket's number, without T-."


@admin.register(Ticket)
class TicketAdmin(ReadOnly):
    """Tickets."""

    list_display = ("reference", "owner", "owner_since", "team", "status", "severity", "opened_at", "next_due_at")
    list_filter = ("status", "severity", "team", "historical")
    list_select_related = ("owner", "team")
    search_fields = ("=id",)
    search_help_text = BY_NUMBER
    ordering = ("-opened_at",)
    exclude = ("customer", "subject")


class _OfATicket(ReadOnly):
    """What hangs on a ticket."""

    search_fields = ("=ticket__id",)
    search_help_text = BY_NUMBER
    ordering = ("-pk",)


@admin.register(Tenure)
class TenureAdmin(_OfATicket):
    """Who owned which ticket when."""

    list_display = ("ticket", "seq", "owner", "started_at", "ended_at", "began_by")
    list_select_related = ("ticket", "owner")
    list_filter = ("began_by",)


@admin.register(Entry)
class EntryAdmin(_OfATicket):
    """The timelines."""

    list_display = ("ticket", "kind", "at", "by")
    list_select_related = ("ticket", "by")
    list_filter = ("kind",)
    exclude = ("text",)


@admin.register(Hold)
class HoldAdmin(_OfATicket):
    """Customers who wait, or waited."""

    list_display = ("ticket", "kind", "started_at", "return_by", "ended_at", "how")
    list_select_related = ("ticket",)
    list_filter = ("kind", "how")
    exclude = ("reason",)


@admin.register(Promise)
class PromiseAdmin(_OfATicket):
    """What was promised until when."""

    list_display = ("ticket", "made_by", "due_at", "state")
    list_select_related = ("ticket", "made_by")
    list_filter = ("state",)
    exclude = ("what",)


@admin.register(Flag)
class FlagAdmin(_OfATicket):
    """What managers must look at."""

    list_display = ("ticket", "kind", "level", "status", "raised_at")
    list_select_related = ("ticket",)
    list_filter = ("status", "level", "kind")
    exclude = ("note",)


@admin.register(Look)
class LookAdmin(_OfATicket):
    """Who looked at which ticket in which hour."""

    list_display = ("ticket", "person", "hour")
    list_select_related = ("ticket", "person")
