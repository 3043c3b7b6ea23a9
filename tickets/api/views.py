"""Tickets over REST: input, verb, output."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Model
from django.http import HttpResponse
from rest_framework.request import Request

from people.api.endpoints import Endpoint, Operation, if_match
from people.api.pagination import page_of_json
from tickets import contacts, duplicates, holds, opening, ownership, promises, resolution
from tickets.api import inputs, sql
from tickets.api.reads import desk, one, see, ticket_response
from tickets.api.representations import EntryOut, HoldOut, PromiseOut, TicketDetails, TicketOut
from tickets.models import Entry, Ticket


class Tickets(Endpoint):
    """The complaints that the caller may see."""

    scope = "tickets"
    operations = {
        "get": Operation("list_tickets", takes=inputs.TicketsQuery, gives=TicketOut, many=True),
        "post": Operation("open_ticket", takes=inputs.OpenIn, gives=TicketDetails, status=201, also=(200,)),
    }

    def get(self, request: Request) -> HttpResponse:
        """List tickets; with `ordering=next_due` those first that fall due first, otherwise the newest."""
        said = self.said()
        ordering = said.pop("ordering", "-opened_at")
        if "owner" in said:
            said["owner"] = self.named(said["owner"])
        if ordering == "next_due" and said == {"owner": request.user.username, "live": True}:
            return desk(request)
        tickets = Ticket.objects.visible_to(request.user).matching(**said)
        if ordering == "next_due":
            return page_of_json(request, tickets.by_next_due(), sql.TICKET, by="due_or_never")
        return page_of_json(request, tickets, sql.TICKET, by="-opened_at")

    def post(self, request: Request) -> HttpResponse:
        """Open a ticket (201), or record a further contact on the customer's open one (200)."""

        def work() -> HttpResponse:
            ticket, is_new = opening.open_ticket(by=request.user, **self.said())
            return ticket_response(ticket.pk, status=201 if is_new else 200)

        return self.once(work)


class TicketView(Endpoint):
    """One complaint."""

    scope = "tickets"
    operations = {
        "get": Operation("get_ticket", gives=TicketDetails),
        "patch": Operation("edit_ticket", takes=inputs.EditIn, gives=TicketDetails, versioned=True),
    }

    def get(self, request: Request, reference: int) -> HttpResponse:
        """Read a ticket; its version is the ETag."""
        self.said()
        return ticket_response(reference, to=request.user)

    def patch(self, request: Request, reference: int) -> HttpResponse:
        """Change subject, description, category or severity."""
        ownership.edit(ticket=reference, by=request.user, version=if_match(request), **self.said())
        return ticket_response(reference)


class Timeline(Endpoint):
    """What happened on a ticket."""

    scope = "tickets"
    operations = {"get": Operation("get_timeline", gives=EntryOut, many=True)}

    def get(self, request: Request, reference: int) -> HttpResponse:
        """List the entries in the order in which things happened."""
        self.said()
        see(request, reference)
        return page_of_json(request, Entry.objects.filter(ticket=reference), sql.ENTRY, by="at")


class TicketVerb(Endpoint):
    """Something that is done with a ticket: one verb, asked for by POST, done once under its key."""

    scope = "tickets"
    verb: ClassVar[Callable[..., Any]]

    def post(self, request: Request, reference: int) -> HttpResponse:
        """Do it, and answer with what came of it."""
        return self.once(lambda: self.answer(reference, if_match(request)))

    def answer(self, reference: int, version: int | None) -> HttpResponse:
        """Call the verb and return its result: the ticket, or what was written on it."""
        result = type(self).verb(ticket=reference, by=self.request.user, version=version, **self.said())
        if isinstance(result, Ticket):
            return ticket_response(reference)
        return self.answered(result)


class Acknowledge(TicketVerb):
    """The owner tells the customer "I'll do it"."""

    verb = contacts.acknowledge
    operations = {"post": Operation("acknowledge", takes=inputs.AcknowledgeIn, gives=TicketDetails, versioned=True)}


class Notes(TicketVerb):
    """Notes on a ticket."""

    verb = contacts.note
    operations = {"post": Operation("write_note", takes=inputs.NoteIn, gives=TicketDetails, versioned=True)}


class Contacts(TicketVerb):
    """Contacts with the customer."""

    verb = contacts.contact
    operations = {"post": Operation("record_contact", takes=inputs.ContactIn, gives=TicketDetails, versioned=True)}


class Holds(TicketVerb):
    """The customer waits because of us."""

    verb = holds.start
    operations = {"post": Operation("start_hold", takes=inputs.HoldIn, gives=HoldOut, status=201, versioned=True)}


class Promises(TicketVerb):
    """Promises to the customer."""

    verb = promises.make
    operations = {
        "post": Operation("make_promise", takes=inputs.PromiseIn, gives=PromiseOut, status=201, versioned=True)
    }


class Resolve(TicketVerb):
    """The complaint has been put right."""

    verb = resolution.resolve
    operations = {"post": Operation("resolve", takes=inputs.ResolveIn, gives=TicketDetails, versioned=True)}


class Close(TicketVerb):
    """The end of it. A duplicate stays open until the other ticket's owner has said yes."""

    verb = resolution.close
    operations = {"post": Operation("close", takes=inputs.CloseIn, gives=TicketDetails, versioned=True)}


class Reopen(TicketVerb):
    """It is not put right after all."""

    verb = resolution.reopen
    operations = {"post": Operation("reopen", takes=inputs.ReasonIn, gives=TicketDetails, versioned=True)}


class Duplicate(Endpoint):
    """The owner of the surviving ticket says whether this one is a duplicate of it."""

    scope = "tickets"
    operations = {"post": Operation("confirm_duplicate", takes=inputs.DuplicateIn, gives=TicketOut)}

    def post(self, request: Request, reference: int) -> HttpResponse:
        """Say yes, and it is closed as a duplicate; or no, and it stays open."""

        def work() -> HttpResponse:
            ticket = duplicates.confirm(ticket=reference, by=request.user, **self.said())
            # The answer is about the other's ticket, which is not the caller's to see any more.
            return one(Ticket.objects.filter(pk=ticket.pk), sql.TICKET)

        return self.once(work)


class NumberedVerb(Endpoint):
    """Something that is done with a hold, a promise, a flag …: named by its number."""

    scope = "tickets"
    verb: ClassVar[Callable[..., Model]]
    names: ClassVar[str]

    def post(self, request: Request, number: int) -> HttpResponse:
        """Do it, and answer with how it now stands."""

        def work() -> HttpResponse:
            result = type(self).verb(**{self.names: number}, by=request.user, **self.said())
            return self.answered(result)

        return self.once(work)


class EndHold(NumberedVerb):
    """The customer does not wait any more."""

    verb, names = holds.end, "hold"
    operations = {"post": Operation("end_hold", takes=inputs.HoldEndIn, gives=HoldOut)}


class ExtendHold(NumberedVerb):
    """We return later than promised."""

    verb, names = holds.extend, "hold"
    operations = {"post": Operation("extend_hold", takes=inputs.HoldExtendIn, gives=HoldOut)}


class KeepPromise(NumberedVerb):
    """The promise was kept."""

    verb, names = promises.keep, "promise"
    operations = {"post": Operation("keep_promise", takes=inputs.NothingIn, gives=PromiseOut)}


class RenegotiatePromise(NumberedVerb):
    """The customer agreed on another time."""

    verb, names = promises.renegotiate, "promise"
    operations = {"post": Operation("renegotiate_promise", takes=inputs.RenegotiateIn, gives=PromiseOut)}


class WithdrawPromise(NumberedVerb):
    """The promise is taken back."""

    verb, names = promises.withdraw, "promise"
    operations = {"post": Operation("withdraw_promise", takes=inputs.ReasonIn, gives=PromiseOut)}
