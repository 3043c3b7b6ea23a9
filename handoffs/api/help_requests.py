"""Help requests over REST."""

from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs import help_requests
from handoffs.api import inputs
from handoffs.api.representations import HelpRequestOut
from handoffs.models import HelpRequest
from people.api.endpoints import Endpoint, Operation
from people.api.pagination import page
from tickets.api import inputs as ticket_inputs
from tickets.api.views import NumberedVerb, TicketVerb
from tickets.models import Ticket


class AskForHelp(TicketVerb):
    """A question to somebody; the owner still owns the ticket."""

    verb = help_requests.ask
    operations = {
        "post": Operation("ask_for_help", takes=inputs.HelpRequestIn, gives=HelpRequestOut, status=201, versioned=True)
    }


class HelpRequests(Endpoint):
    """The questions that the caller asked, is asked, or may see."""

    scope = "tickets"
    operations = {
        "get": Operation("list_help_requests", takes=inputs.HelpRequestsQuery, gives=HelpRequestOut, many=True)
    }

    def get(self, request: Request) -> Response:
        """List help requests, the latest first: `?asked=me&status=open` are those that wait for me."""
        said = self.said()
        own = Q(asked=request.user) | Q(asked_by=request.user)
        found = HelpRequest.objects.filter(own | Q(ticket__in=Ticket.objects.visible_to(request.user)))
        for name in ("asked", "asked_by"):
            if name in said:
                found = found.filter(**{f"{name}__username": self.named(said[name])})
        if "ticket" in said:
            found = found.filter(ticket=said["ticket"])
        if "status" in said:
            found = found.filter(state=said["status"])
        related = found.select_related("ticket", "asked", "asked_by", "question", "answer")
        return page(request, related, by="-asked_at", shape=HelpRequestOut)


class AnswerHelp(NumberedVerb):
    """The answer to a question."""

    verb, names = help_requests.answer, "help_request"
    operations = {"post": Operation("answer_help_request", takes=inputs.AnswerIn, gives=HelpRequestOut)}


class WithdrawHelp(NumberedVerb):
    """A question is taken back."""

    verb, names = help_requests.withdraw, "help_request"
    operations = {"post": Operation("withdraw_help_request", takes=ticket_inputs.NothingIn, gives=HelpRequestOut)}
