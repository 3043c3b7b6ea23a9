"""Manager, please, over REST."""

from django.db.models import Q
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs import manager_requests
from handoffs.api import inputs
from handoffs.api.representations import ManagerRequestOut
from handoffs.models import ManagerRequest
from people.api.endpoints import Endpoint, Operation, if_match
from people.api.pagination import page
from tickets.api import inputs as ticket_inputs
from tickets.api.views import NumberedVerb
from tickets.models import Ticket


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
