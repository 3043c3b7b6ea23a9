"""Cover over REST: asking for it, saying yes, and what falls due meanwhile."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs import covers, duties, errors
from handoffs.api import inputs
from people.api.endpoints import Endpoint, Operation
from people.api.fields import Instant, PersonOut
from people.api.pagination import page
from people.models import Cover
from tickets.api import inputs as ticket_inputs
from tickets.api.views import NumberedVerb


class CoverOut(serializers.Serializer[Any]):
    """A cover: who answers what falls due for whom, asked by whom, accepted and ended when; how it ended."""

    id = serializers.IntegerField()
    absent = PersonOut()
    covering = PersonOut()
    asked_by = PersonOut()
    asked_at = Instant()
    starts_at = Instant()
    until = Instant()
    accepted_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True)
    how = serializers.ChoiceField(choices=Cover.End.choices, allow_blank=True)


class DutyOut(serializers.Serializer[Any]):
    """One thing that falls due; `number` is that of the promise, hold, handoff … or, to acknowledge, the ticket."""

    kind = serializers.ChoiceField(choices=duties.KINDS)
    number = serializers.IntegerField()
    at = Instant()
    ticket = serializers.CharField(source="reference")
    subject = serializers.CharField(allow_blank=True)


class DutiesOut(serializers.Serializer[Any]):
    """What falls due for somebody before a time, and what is overdue, the earliest first."""

    person = PersonOut()
    before = Instant()
    results = DutyOut(many=True)


class Covers(Endpoint):
    """Who answers whose due items."""

    scope = "tickets"
    operations = {
        "get": Operation("list_covers", takes=inputs.CoversQuery, gives=CoverOut, many=True),
        "post": Operation("ask_for_cover", takes=inputs.CoverIn, gives=CoverOut, status=201),
    }

    def get(self, request: Request) -> Response:
        """List covers, the latest first; without `status` those that have not ended."""
        said = self.said()
        found = Cover.objects.visible_to(request.user)
        status = said.get("status", "open")
        if status == "running":
            found = found.running(timezone.now())
        elif status == "open":
            found = found.open()
        for name in ("absent", "covering"):
            if name in said:
                found = found.filter(**{f"{name}__username": self.named(said[name])})
        related = found.select_related("absent", "covering", "asked_by")
        return page(request, related, by="-asked_at", shape=CoverOut)

    def post(self, request: Request) -> HttpResponse:
        """Ask somebody to cover you, or, for somebody of your team who is not there, them."""
        return self.once(lambda: self.answered(covers.ask(by=request.user, **self.said())))


class AcceptCover(NumberedVerb):
    """Yes: what falls due comes to me."""

    verb, names = covers.accept, "cover"
    operations = {"post": Operation("accept_cover", takes=ticket_inputs.NothingIn, gives=CoverOut)}


class EndCover(NumberedVerb):
    """It ends before its time, or is declined."""

    verb, names = covers.end, "cover"
    operations = {"post": Operation("end_cover", takes=ticket_inputs.NothingIn, gives=CoverOut)}


class DueInCover(Endpoint):
    """What falls due for whoever is absent until the cover ends."""

    scope = "tickets"
    operations = {"get": Operation("list_due_in_cover", gives=DutiesOut)}

    def get(self, request: Request, number: int) -> Response:
        """List it, the earliest first."""
        self.said()
        cover = Cover.objects.visible_to(request.user).select_related("absent").filter(pk=number).first()
        if cover is None:
            raise errors.UnknownCover
        found = duties.due(cover.absent, before=cover.until)
        return Response(DutiesOut({"person": cover.absent, "before": cover.until, "results": found}).data)


class MyDue(Endpoint):
    """What falls due for me before I am back."""

    scope = "tickets"
    operations = {"get": Operation("list_my_due", takes=inputs.DueQuery, gives=DutiesOut)}

    def get(self, request: Request) -> Response:
        """List it, the earliest first; without `before` until my next day's first shift."""
        said = self.said()
        before = said.get("before") or duties.back_at(request.user, at=timezone.now())
        found = duties.due(request.user, before=before)
        return Response(DutiesOut({"person": request.user, "before": before, "results": found}).data)
