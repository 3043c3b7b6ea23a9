"""A ticket as a page shows it: who owns it, what falls due, what happened, and what one may do with it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet
from django.utils import timezone

from handoffs.models import Draft, Handoff, HelpRequest, ManagerRequest
from handoffs.protocol import CORRECTION, HelpState, RequestState, State
from people.models import Person
from tickets import errors, looks, permissions
from tickets.models import Entry, Flag, Hold, Promise, Tenure, Text, Ticket
from tickets.permissions import MAY, Action, Standing
from web.tickets import sentences

# Enough for nearly every complaint; the chain's page has the rest.
LINES = 200
EARLIER = 5


def visible(number: int, person: Person) -> Ticket:
    """Return a ticket that `person` may see, without a look being logged. Raises UnknownTicket."""
    ticket = Ticket.objects.select_related("customer", "team", "owner", "duplicate_of").filter(pk=number).first()
    if ticket is None:
        raise errors.UnknownTicket
    permissions.require(person, Action.VIEW, ticket)
    return ticket


def look_at(number: int, person: Person) -> "Shown":
    """Return a ticket for its page, with the look logged. Raises UnknownTicket."""
    ticket = visible(number, person)
    looks.log(ticket=ticket.pk, person=person.pk, at=timezone.now())
    return Shown(ticket, person)


@dataclass
class Shown:
    """A ticket and the person who looks at it; each part is read when it is first asked for."""

    ticket: Ticket
    person: Person

    @cached_property
    def standings(self) -> frozenset[Standing]:
        """How the person stands to the ticket."""
        return frozenset(permissions.standings(self.person, self.ticket))

    def may(self, action: Action) -> bool:
        """Say whether the person may do that, as far as permissions go."""
        return bool(self.standings & MAY[action]) and not self.ticket.historical

    @cached_property
    def description(self) -> Text | None:
        """What the customer said, as it was last written down."""
        return Text.objects.filter(ticket=self.ticket, part="description").order_by("-pk").first()

    @cached_property
    def holds(self) -> list[Hold]:
        """The open holds."""
        return list(Hold.objects.filter(ticket=self.ticket, ended_at=None).select_related("by", "reason"))

    @cached_property
    def promises(self) -> list[Promise]:
        """The open promises, those due first first."""
        found = Promise.objects.filter(ticket=self.ticket, state="open").select_related("made_by", "what")
        return list(found.order_by("due_at"))

    @cached_property
    def flags(self) -> list[Flag]:
        """The open flags, red ones first."""
        found = Flag.objects.filter(ticket=self.ticket, status__in=Flag.OPEN).select_related("taken_on_by")
        return list(found.order_by("-level", "raised_at"))

    @cached_property
    def handoffs(self) -> list[Handoff]:
        """The handoffs that still matter, the latest first: in progress, or accepted a short while ago."""
        lately = Q(state=State.ACCEPTED, ended_at__gte=timezone.now() - CORRECTION)
        found = Handoff.objects.filter(Q(ticket=self.ticket) & (Q(ended_at=None) | lately))
        related = ("giver", "receiver", "made_by", "approver", "to_team", "packet", "completion", "read_back")
        return list(found.select_related(*related).order_by("-made_at"))

    @cached_property
    def handoff(self) -> Handoff | None:
        """The handoff in progress, unless it is not the person's to see yet."""
        for found in self.handoffs:
            hidden = found.state == State.REQUESTED and found.receiver_id == self.person.pk
            if found.ended_at is None and not hidden:
                return found
        return None

    @cached_property
    def owing(self) -> Handoff | None:
        """The live handoff whose packet the person still owes."""
        return next((one for one in self.handoffs if one.packet_owed_by and one.giver_id == self.person.pk), None)

    @cached_property
    def correctable(self) -> Handoff | None:
        """The handoff whose read-back the person may still correct."""
        mine = (one for one in self.handoffs if one.state == State.ACCEPTED and one.giver_id == self.person.pk)
        return next((one for one in mine if one.correction_id is None), None)

    @cached_property
    def draft(self) -> Draft | None:
        """The offer that a call has begun and nobody has made yet."""
        return Draft.objects.filter(ticket=self.ticket).select_related("receiver").first()

    @cached_property
    def questions(self) -> list[HelpRequest]:
        """The open questions."""
        found = HelpRequest.objects.filter(ticket=self.ticket, state=HelpState.OPEN)
        return list(found.select_related("asked", "asked_by", "question"))

    @cached_property
    def manager_request(self) -> ManagerRequest | None:
        """The customer's open wish for a manager."""
        found = ManagerRequest.objects.filter(ticket=self.ticket, state=RequestState.OPEN)
        return found.select_related("asked", "asked_by", "reason").first()

    @cached_property
    def tenures(self) -> list[Tenure]:
        """The chain, the first owner first."""
        return list(Tenure.objects.filter(ticket=self.ticket).select_related("owner").order_by("seq"))

    @cached_property
    def earlier(self) -> list[Ticket]:
        """The customer's other tickets that the person may see, the latest first."""
        if self.ticket.customer.anonymous:
            return []
        others = Ticket.objects.visible_to(self.person).filter(customer=self.ticket.customer)
        return list(others.exclude(pk=self.ticket.pk).select_related("owner").order_by("-opened_at")[:EARLIER])

    @cached_property
    def lines(self) -> list[sentences.Line]:
        """The timeline, the latest first."""
        return lines(Entry.objects.filter(ticket=self.ticket).order_by("-at", "-pk")[:LINES])


def lines(entries: QuerySet[Entry]) -> list[sentences.Line]:
    """Return entries as lines of a timeline, in their order."""
    found = list(entries.select_related("by", "text"))
    usernames = sentences.people_in(found)
    names = dict(Person.objects.filter(username__in=usernames).values_list("username", "name")) if usernames else {}
    return [sentences.line(entry, names) for entry in found]


def changes_since(number: int, since: datetime, *, but_by: Person) -> list[sentences.Line]:
    """Return what others wrote down on a ticket since a moment, the latest first."""
    news = Entry.objects.filter(ticket=number, recorded_at__gt=since).exclude(by=but_by)
    return lines(news.order_by("-at", "-pk"))


def first_words(shown: Shown) -> list[str]:
    """Return what the customer should hear first, as codes that the page words: the worst first."""
    ticket, now = shown.ticket, timezone.now()
    said = []
    if any(promise.due_at < now for promise in shown.promises):
        said.append("promise_broken")
    if any(hold.return_by < now for hold in shown.holds):
        said.append("kept_waiting")
    if ticket.tenure_seq > 1 and ticket.introduced_at is None and ticket.live:
        said.append("new_owner")
    if ticket.owner_count > 2 and ticket.live:
        said.append("passed_on")
    if ticket.last_chased_at and now - ticket.last_chased_at < CORRECTION:
        said.append("has_asked")
    return said
