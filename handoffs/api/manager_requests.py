"""Manager, please, over REST."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs import manager_requests
from handoffs.api import inputs
from handoffs.models import ManagerRequest
from handoffs.protocol import RequestState
from people.api.endpoints import Endpoint, Operation, if_match
from people.api.fields import Instant, PersonOut
from people.api.pagination import page
from tickets.api import inputs as ticket_inputs
from tickets.api.representations import choice
from tickets.api.views import NumberedVerb
from tickets.models import Ticket


class ManagerRequestOut(serializers.Serializer[Any]):
    """A customer who wants a manager: who is being rung, and by when the customer is called back at the latest."""

    id = serializers.IntegerField()
    ticket = serializers.CharField(source="ticket.reference")
    asked_by = PersonOut()
    asked = PersonOut()
    reason = serializers.SerializerMethodField()
    state = choice(RequestState)
    asked_at = Instant()
    call_back_by = Instant()
    call_back_promised = serializers.SerializerMethodField()
    answered_by = PersonOut(allow_null=True)
    ended_at = Instant(allow_null=True)

    def get_reason(self, request: Any) -> str | None:
        """Return what the customer wants of a manager."""
        return None if request.reason is None else str(request.reason)

    def get_call_back_promised(self, request: Any) -> bool:
        """Say whether the customer was promised a call-back."""
        return request.call_back_id is not None


class ManagerRequests(Endpoint):
    """The customers who want a manager."""

    scope = "tickets"
    operations = {
        "get": Operation(
            "list_manager_requests", takes=inputs.ManagerRequestsQuery, gives=ManagerRequestOut, many=True
        ),
        "post": Operation(
            "ask_for_manager", takes=inputs.ManagerRequestIn, gives=ManagerRequestOut, status=201, versioned=True
        ),
    }

    def get(self, request: Request) -> Response:
        """List them, the latest first: `?asked=me&status=open` are those that wait for me."""
        said = self.said()
        own = Q(asked=request.user) | Q(asked_by=request.user)
        found = ManagerRequest.objects.filter(own | Q(ticket__in=Ticket.objects.visible_to(request.user)))
        if "asked" in said:
            found = found.filter(asked__username=self.named(said["asked"]))
        if "ticket" in said:
            found = found.filter(ticket=said["ticket"])
        if "status" in said:
            found = found.filter(state=said["status"])
        related = found.select_related("ticket", "asked_by", "asked", "answered_by", "reason")
        return page(request, related, by="-asked_at", shape=ManagerRequestOut)

    def post(self, request: Request) -> HttpResponse:
        """Ring the manager, then the deputy; the rep stays the owner."""
        return self.once(
            lambda: self.answered(manager_requests.ask(by=request.user, version=if_match(request), **self.said()))
        )


class AnswerManagerRequest(NumberedVerb):
    """A manager has spoken with the customer."""

    verb, names = manager_requests.answer, "manager_request"
    operations = {"post": Operation("answer_manager_request", takes=inputs.AnswerIn, gives=ManagerRequestOut)}


class WithdrawManagerRequest(NumberedVerb):
    """The customer does not want a manager any more."""

    verb, names = manager_requests.withdraw, "manager_request"
    operations = {"post": Operation("withdraw_manager_request", takes=ticket_inputs.ReasonIn, gives=ManagerRequestOut)}
