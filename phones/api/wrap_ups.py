"""What people do with calls, over REST; and where a caller belongs."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from people.api.endpoints import Endpoint, Operation
from people.api.fields import Input, Instant, PersonOut, Words
from phones import call_backs, routes, wrap_ups
from phones.api.authentication import IsSource, SourceAuthentication
from phones.api.shapes import CallOut
from phones.models import Call
from tickets.api import inputs as ticket_inputs
from tickets.api.fields import Reference
from tickets.api.views import NumberedVerb


class WrapUpIn(Input):
    """What a call was. For a complaint: on which ticket, what was said, and when the customer hears next."""

    outcome = serializers.ChoiceField(
        choices=[(value, label) for value, label in Call.WrapUp.choices if value not in ("none", "waiting")]
    )
    ticket = Reference(required=False)
    subject = Words(required=False, allow_blank=True, max_length=200)
    text = Words(required=False, allow_blank=True)
    chase = serializers.BooleanField(required=False)
    next_contact_at = Instant(required=False)


class ComplaintIn(Input):
    """What the complaint is about."""

    subject = Words(max_length=200)
    description = Words()


class LinkIn(Input):
    """The ticket that the call is about."""

    ticket = Reference()


class WrapUp(NumberedVerb):
    """What the call was, in one step."""

    verb, names = wrap_ups.wrap_up, "call"
    operations = {"post": Operation("wrap_up_call", takes=WrapUpIn, gives=CallOut)}


class Complaint(NumberedVerb):
    """It is a complaint: the call becomes a ticket, while it goes on."""

    verb, names = wrap_ups.complain, "call"
    operations = {"post": Operation("open_ticket_from_call", takes=ComplaintIn, gives=CallOut)}


class Link(NumberedVerb):
    """The call is about another ticket."""

    verb, names = wrap_ups.link, "call"
    operations = {"post": Operation("link_call", takes=LinkIn, gives=CallOut)}


class CallBack(NumberedVerb):
    """Whoever gave up in the queue has been called back."""

    verb, names = call_backs.call_back, "call"
    operations = {"post": Operation("call_back", takes=ticket_inputs.NothingIn, gives=CallOut)}


class RouteOut(serializers.Serializer[Any]):
    """Whom to ring; an empty extension means the queue."""

    extension = serializers.CharField(allow_blank=True)
    owner = PersonOut(source="person", allow_null=True)
    ticket = serializers.CharField(source="ticket.reference", default=None, allow_null=True)


class Route(Endpoint):
    """Where a calling customer belongs: asked by a telephone system before it rings anybody."""

    authentication_classes = [SourceAuthentication]
    permission_classes = [IsSource]
    throttle_classes = []
    operations = {"get": Operation("route_call", gives=RouteOut)}

    def get(self, request: Request) -> Response:
        """Say which extension to ring for `?from=<number>`."""
        number = request.query_params.get("from", "")[:50]
        found = routes.route(number, region=request.auth.region, at=timezone.now())
        return Response(RouteOut(found).data)
