"""The verbs of tickets: opening, talking, holds, promises, flags, and the end of a complaint."""

from typing import Any

from django.db.models import F
from hypothesis.stateful import initialize, multiple, precondition, rule
from hypothesis.strategies import booleans, none, sampled_from

from people.models import Team
from tests.games.floor import Machine, actors, hours, newest, words
from tickets import contacts, duplicates, flags, holds, opening, ownership, promises, resolution
from tickets.kinds import HoldEnd, HoldKind
from tickets.models import Customer, Flag, Hold, Promise, Ticket
from tickets.states import Channel, Outcome

ago = sampled_from([None, None, -2, -23])


class OnTickets(Machine):
    """Everything that one does with a ticket but hand it over."""

    @initialize(target=Machine.tickets)
    def begin(self) -> Any:
        return self.open_as("alice", "billing", new=True)

    # A few tickets to which much happens, rather than many to which nothing does.
    @precondition(lambda self: Ticket.objects.count() < 4)
    @rule(target=Machine.tickets, who=actors, team=sampled_from(["billing", "logistics"]), new=booleans())
    def open_ticket(self, who: str | None, team: str, new: bool) -> Any:
        return self.open_as(who or "alice", team, new=new)

    def open_as(self, who: str, team: str, *, new: bool) -> Any:
        opened = self.attempt(
            opening.open_ticket,
            by=self.actor(who),
            customer=Customer.objects.get(),
            team=Team.objects.get(slug=team),
            subject="Charged twice",
            description="The March invoice was taken two times.",
            channel=Channel.WEB if who == "form" else Channel.PHONE,
            new=new,
        )
        return opened[0].pk if opened and opened[1] else multiple()

    @rule(ticket=Machine.tickets, who=actors, text=words, due=hours)
    def acknowledge(self, ticket: int, who: str | None, text: str, due: float) -> None:
        said = {"message": text, "next_contact_at": self.later(due)}
        self.attempt(contacts.acknowledge, ticket=ticket, by=self.owner(who, ticket), **said)

    @rule(
        ticket=Machine.tickets,
        who=actors,
        text=words,
        ago=ago,
        about=sampled_from(["it", "a note", "inbound", "outbound"]),
        chase=booleans(),
    )
    def write(self, ticket: int, who: str | None, text: str, ago: float | None, about: str, chase: bool) -> None:
        """Edit the ticket, write a note, or record a contact with the customer."""
        by, at = self.owner(who, ticket), self.moment(ago)
        if about == "it":
            self.attempt(ownership.edit, ticket=ticket, by=by, subject=text, description=text, category="cards")
        elif about == "a note":
            self.attempt(contacts.note, ticket=ticket, by=by, text=text, at=at)
        else:
            said = {"direction": about, "chase": chase, "summary": text}
            self.attempt(contacts.contact, ticket=ticket, by=by, at=at, **said)

    @rule(
        ticket=Machine.tickets, who=actors, kind=sampled_from(HoldKind), due=none() | hours, how=sampled_from(HoldEnd)
    )
    def hold_or_return(self, ticket: int, who: str | None, kind: HoldKind, due: float | None, how: HoldEnd) -> None:
        """Put the customer on hold; when they are, extend it (if there is a time) or end it."""
        by, found = self.owner(who, ticket), newest(Hold, ticket)
        if found is None or found.ended_at is not None or found.kind != kind:
            self.attempt(holds.start, ticket=ticket, by=by, kind=kind, return_by=self.moment(due))
        elif due is not None:
            self.attempt(holds.extend, hold=found.pk, by=by, return_by=self.later(due))
        else:
            self.attempt(holds.end, hold=found.pk, by=by, how=how)

    @rule(
        ticket=Machine.tickets,
        who=actors,
        how=sampled_from(["make", "keep", "renegotiate", "withdraw"]),
        text=words,
        due=hours,
    )
    def promise(self, ticket: int, who: str | None, how: str, text: str, due: float) -> None:
        """Make a promise, or deal with one: acknowledging and accepting make some, too."""
        by = self.owner(who, ticket)
        found = Promise.objects.filter(ticket=ticket).order_by(F("ended_at").desc(nulls_first=True), "pk").first()
        if found is None or how == "make":
            self.attempt(promises.make, ticket=ticket, by=by, what=text, due_at=self.later(due))
        elif how == "keep":
            self.attempt(promises.keep, promise=found.pk, by=by)
        elif how == "renegotiate":
            self.attempt(promises.renegotiate, promise=found.pk, by=by, due_at=self.later(due), told=text)
        else:
            self.attempt(promises.withdraw, promise=found.pk, by=by, reason=text)

    @rule(ticket=Machine.tickets, who=actors, how=sampled_from(["take_on", "close", "call_false_alarm"]))
    def deal_with_a_flag(self, ticket: int, who: str | None, how: str) -> None:
        found = Flag.objects.filter(ticket=ticket).order_by(F("closed_at").desc(nulls_first=True), "pk").first()
        if found is not None:
            said = {} if how == "take_on" else {"note": "I have spoken with them."}
            self.attempt(getattr(flags, how), flag=found.pk, by=self.manager(who, ticket), **said)

    @rule(
        ticket=Machine.tickets,
        who=actors,
        outcome=none() | sampled_from(Outcome),
        root_cause=sampled_from(["", "fees"]),
    )
    def end(self, ticket: int, who: str | None, outcome: Outcome | None, root_cause: str) -> None:
        """Resolve a ticket, or close it with an outcome."""
        by = self.owner(who, ticket)
        if outcome is None:
            said = {"resolution": "Paid back.", "root_cause": "fees", "customer_agreed": bool(root_cause)}
            self.attempt(resolution.resolve, ticket=ticket, by=by, **said)
        else:
            self.attempt(resolution.close, ticket=ticket, by=by, outcome=outcome, root_cause=root_cause)

    @precondition(lambda self: Ticket.objects.count() > 1)
    @rule(ticket=Machine.tickets, other=Machine.tickets, who=actors, yes=booleans())
    def duplicate(self, ticket: int, other: int, who: str | None, yes: bool) -> None:
        """Propose a ticket as a duplicate of another; when it is proposed, say whether it is one."""
        proposed = Ticket.objects.get(pk=ticket).duplicate_of_id
        if proposed is None:
            said = {"outcome": Outcome.DUPLICATE_OF, "root_cause": "fees", "duplicate_of": other}
            self.attempt(resolution.close, ticket=ticket, by=self.owner(who, ticket), **said)
        else:
            self.attempt(duplicates.confirm, ticket=ticket, by=self.owner(who, proposed), yes=yes)

    @rule(ticket=Machine.tickets, who=actors)
    def reopen(self, ticket: int, who: str | None) -> None:
        self.attempt(resolution.reopen, ticket=ticket, by=self.owner(who, ticket), reason="It happened again.")
