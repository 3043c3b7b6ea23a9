"""Handoffs, claims and take-overs over REST: input, verb, output."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs import (
    answers,
    approvals,
    candidates,
    chains,
    claims,
    offers,
    takeovers,
)
from handoffs.api import inputs, representations
from handoffs.api.representations import HandoffOut
from handoffs.models import PARTS, Handoff
from handoffs.protocol import State
from people.api.endpoints import Endpoint, Operation
from people.api.pagination import page
from people.models import Person
from tickets.api import inputs as ticket_inputs
from tickets.api.reads import see
from tickets.api.representations import TicketDetails
from tickets.api.views import NumberedVerb, TicketVerb
from tickets.models import Ticket


class Offers(TicketVerb):
    """Asking somebody to take a ticket."""

    verb = offers.offer
    operations = {
        "post": Operation("offer_handoff", takes=inputs.OfferIn, gives=HandoffOut, status=201, versioned=True)
    }


class Claims(TicketVerb):
    """Asking to take a ticket."""

    verb = claims.claim
    operations = {
        "post": Operation("claim_ticket", takes=inputs.ClaimIn, gives=HandoffOut, status=201, versioned=True)
    }


class TakeOver(TicketVerb):
    """A manager makes themselves the owner."""

    verb = takeovers.take_over
    operations = {"post": Operation("take_over", takes=ticket_inputs.ReasonIn, gives=TicketDetails, versioned=True)}


class TakeOvers(Endpoint):
    """A manager takes over several tickets with one reason: all of them or none."""

    scope = "tickets"
    operations = {"post": Operation("take_over_many", takes=inputs.TakeOversIn, gives=representations.TakenOver)}

    def post(self, request: Request) -> HttpResponse:
        """Take them over."""

        def work() -> HttpResponse:
            said = self.said()
            taken = takeovers.take_over_many(tickets=said["references"], by=request.user, reason=said["reason"])
            return Response({"references": [ticket.reference for ticket in taken]})

        return self.once(work)


class Candidates(Endpoint):
    """Who could take a ticket."""

    scope = "tickets"
    operations = {
        "get": Operation("list_candidates", takes=inputs.CandidatesQuery, gives=representations.CandidatesOut)
    }

    def get(self, request: Request, reference: int) -> Response:
        """Name people who are present, with the skill first, the least loaded first."""
        said = self.said()
        see(request, reference)
        ticket = Ticket.objects.select_related("customer").get(pk=reference)
        found = candidates.candidates(ticket, at=timezone.now(), **said)
        return Response(representations.CandidatesOut({"results": found}).data)


class Chain(Endpoint):
    """Who owned a ticket when, how it moved, and the proof."""

    scope = "tickets"
    operations = {"get": Operation("get_chain", takes=inputs.ChainQuery, gives=representations.ChainOut)}

    def get(self, request: Request, reference: int) -> HttpResponse:
        """Read the chain as it stands, or as it stood at `as_of`."""
        said = self.said()
        see(request, reference)
        body = chains.chain(reference, as_of=said.get("as_of"))
        return HttpResponse(body, content_type="application/json")


def visible_handoffs(person: Person) -> QuerySet[Handoff]:
    """Return the handoffs that `person` sees: their own, and those of the tickets that they see."""
    # As `moves.may_see` has it: an offer that waits for approval is not its receiver's to see yet, even
    # when they see the ticket; one that never got it was never offered.
    waits_unseen = Q(receiver=person, state=State.REQUESTED)
    asks = Q(giver=person) | Q(made_by=person) | Q(approver=person)
    offered = Q(receiver=person) & (Q(approver=None) | Q(approved_at__isnull=False))
    sees = offered | Q(ticket__in=Ticket.objects.visible_to(person))
    return Handoff.objects.filter(asks | (sees & ~waits_unseen))


class Handoffs(Endpoint):
    """The handoffs that the caller may see."""

    scope = "tickets"
    operations = {"get": Operation("list_handoffs", takes=inputs.HandoffsQuery, gives=HandoffOut, many=True)}

    def get(self, request: Request) -> Response:
        """List handoffs, the latest first: `?to=me&status=offered` are those that wait for my answer."""
        said = self.said()
        found = visible_handoffs(request.user).select_related(*PARTS, "correction", "answer", "ticket")
        for name, column in (("to", "receiver__username"), ("giver", "giver__username")):
            if name in said:
                found = found.filter(**{column: self.named(said[name])})
        for name, column in (("ticket", "ticket"), ("kind", "kind"), ("status", "state")):
            if name in said:
                found = found.filter(**{column: said[name]})
        return page(request, found, by="-made_at", shape=HandoffOut)


class Accept(NumberedVerb):
    """The receiver takes the ticket, and says back what they read."""

    verb, names = answers.accept, "handoff"
    operations = {"post": Operation("accept_handoff", takes=inputs.AcceptIn, gives=HandoffOut)}


class Decline(NumberedVerb):
    """No, and why: the receiver to an offer, the owner to a claim."""

    verb, names = answers.decline, "handoff"
    operations = {"post": Operation("decline_handoff", takes=ticket_inputs.ReasonIn, gives=HandoffOut)}


class Withdraw(NumberedVerb):
    """Whoever asked takes it back."""

    verb, names = answers.withdraw, "handoff"
    operations = {"post": Operation("withdraw_handoff", takes=ticket_inputs.NothingIn, gives=HandoffOut)}


class Release(NumberedVerb):
    """The owner lets go of a claimed ticket."""

    verb, names = claims.release, "handoff"
    operations = {"post": Operation("release_ticket", takes=ticket_inputs.NothingIn, gives=HandoffOut)}


class Approve(NumberedVerb):
    """A manager lets an offer go to its receiver."""

    verb, names = approvals.approve, "handoff"
    operations = {"post": Operation("approve_handoff", takes=ticket_inputs.NothingIn, gives=HandoffOut)}


class Refuse(NumberedVerb):
    """A manager stops an offer before its receiver sees it."""

    verb, names = approvals.refuse, "handoff"
    operations = {"post": Operation("refuse_handoff", takes=ticket_inputs.ReasonIn, gives=HandoffOut)}


class Complete(NumberedVerb):
    """The giver fills in what a live handoff still owed."""

    verb, names = answers.complete, "handoff"
    operations = {"post": Operation("complete_handoff", takes=inputs.CompleteIn, gives=HandoffOut)}


class Correct(NumberedVerb):
    """The giver says that this is not what they meant."""

    verb, names = answers.correct, "handoff"
    operations = {"post": Operation("correct_handoff", takes=inputs.CorrectIn, gives=HandoffOut)}
