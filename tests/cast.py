"""The known cast: who plays in every test.

    Care            manager Petra
    ├── Billing     manager Maya, deputy Dora; reps Alice, Bob, Carol
    └── Logistics   manager Lars; reps Luis, Lena

Ada audits, Adam administrates, the web form is a program. Nobody is related to anybody.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from handoffs import answers, approvals, offers
from handoffs.models import Handoff
from handoffs.protocol import Reason
from notices.models import Notice
from people import tokens
from people.models import Person, Team
from people.roles import Role, Scope
from tickets import customers, opening
from tickets.models import Customer, Entry, Flag, Ticket

ALWAYS = {day: [["00:00", "00:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}

PACKET = {
    "need": "She wants the second charge of March taken back.",
    "next_action": "Call the bank's dispute desk before noon.",
    "expectation": "A call by this evening; she was told two days at most.",
    "history": "Refund tried twice, both times rejected for a closed card.",
}
READ_BACK = "I get her second March payment returned and ring the bank this morning."


@dataclass
class Cast:
    """Everybody, and one customer."""

    petra: Person
    maya: Person
    dora: Person
    alice: Person
    bob: Person
    carol: Person
    lars: Person
    luis: Person
    lena: Person
    ada: Person
    adam: Person
    form: Person
    care: Team
    billing: Team
    logistics: Team
    customer: Customer

    def open_ticket(self, by: Person | None = None, **details: Any) -> Ticket:
        """Return a new ticket in Billing, opened and owned by Alice unless somebody else opens it."""
        said: dict[str, Any] = {
            "customer": self.customer,
            "team": self.billing,
            "subject": "Charged twice in March",
            "description": "The March invoice was taken from my account two times.",
            "new": True,
            **details,
        }
        return opening.open_ticket(by=by or self.alice, **said)[0]

    def offer(self, ticket: Ticket, to: Person, *, by: Person | None = None, **details: Any) -> Handoff:
        """Return an offer of `ticket` to somebody, complete with its packet."""
        said: dict[str, Any] = {"reason": Reason.SKILL, "packet": PACKET, **details}
        return offers.offer(ticket=ticket.pk, by=by or ticket.owner, to=to, **said)

    def accept(self, handoff: Handoff, **details: Any) -> Handoff:
        """Return the handoff, accepted by its receiver with a read-back and a call in two hours."""
        said: dict[str, Any] = {"read_back": READ_BACK, "next_contact_at": in_hours(2), **details}
        return answers.accept(handoff=handoff.pk, by=handoff.receiver, **said)

    def hand(self, ticket: Ticket, *people: Person, **details: Any) -> Ticket:
        """Return the ticket after each of the people took it from the one before, approved where need be."""
        for to in people:
            ticket.refresh_from_db()
            handoff = self.offer(ticket, to, **details)
            if handoff.approver is not None:
                approvals.approve(handoff=handoff.pk, by=handoff.approver)
            self.accept(handoff)
        ticket.refresh_from_db()
        return ticket


def entries(ticket: Ticket) -> list[str]:
    """Return the kinds of a ticket's entries, in the order in which they were written."""
    return list(Entry.objects.filter(ticket=ticket).order_by("pk").values_list("kind", flat=True))


def told(person: Person) -> list[str]:
    """Return the kinds of the notices queued for somebody."""
    return list(Notice.objects.filter(person=person).order_by("queued_at").values_list("kind", flat=True))


def flags_of(ticket: Ticket) -> dict[str, str]:
    """Return the levels of a ticket's open flags, by kind."""
    return dict(Flag.objects.filter(ticket=ticket, status__in=Flag.OPEN).values_list("kind", "level"))


def person(username: str, role: Role, *teams: Team, **details: Any) -> Person:
    """Return a new person; who they are stands in their name."""
    created = Person.objects.create_user(username, name=username.title(), role=role, **details)
    created.teams.set(teams)
    return created


def make_cast() -> Cast:
    """Return the whole cast, new in the database: in few statements, since nearly every test begins with it."""
    roles = {
        Role.MANAGER: ("petra", "maya", "dora", "lars"),
        Role.REP: ("alice", "bob", "carol", "luis", "lena"),
        Role.AUDITOR: ("ada",),
        Role.ADMIN: ("adam",),
        Role.INTEGRATION: ("form",),
    }
    who = {
        name: Person(username=name, name=name.title(), role=role) for role, names in roles.items() for name in names
    }
    who["alice"].skills, who["luis"].skills = ["refunds"], ["parcels"]
    who["alice"].languages, who["bob"].languages = ["en"], ["en", "de"]
    for somebody in who.values():
        somebody.set_unusable_password()
    Person.objects.bulk_create(who.values())
    care = Team.objects.create(slug="care", name="Care", manager=who["petra"], hours=ALWAYS)
    billing, logistics = Team.objects.bulk_create(
        [
            Team(
                slug="billing",
                name="Billing",
                manager=who["maya"],
                deputy=who["dora"],
                parent=care,
                hours=ALWAYS,
            ),
            Team(slug="logistics", name="Logistics", manager=who["lars"], parent=care, hours=ALWAYS),
        ]
    )
    members = {care: "petra", billing: "maya dora alice bob carol", logistics: "lars luis lena"}
    belongs = Person.teams.through
    belongs.objects.bulk_create(
        belongs(person=who[name], team=team) for team, names in members.items() for name in names.split()
    )
    customer = customers.create(
        name="Customer One", contact_points=[("phone", "+1 212 555 0100", ""), ("email", "one@example.com", "")]
    )
    return Cast(**who, care=care, billing=billing, logistics=logistics, customer=customer)


def client_of(somebody: Person, *scopes: Scope) -> APIClient:
    """Return an API client that carries a real token of `somebody`."""
    if somebody.role == Role.INTEGRATION and not scopes:
        scopes = tuple(Scope)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.create(somebody, scopes=scopes)}")
    return client


def in_hours(hours: float) -> datetime:
    """Return the moment so many hours from now."""
    return timezone.now() + timedelta(hours=hours)


def utc(*parts: int) -> datetime:
    """Return a moment in UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


# A morning on which everybody works.
MONDAY = utc(2027, 3, 1, 9)
