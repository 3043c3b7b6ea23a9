"""Where a calling customer should be put through to: the person who owns their complaint."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from people.errors import Incomplete
from people.models import Cover, Person
from tickets import customers
from tickets.models import Ticket


@dataclass(frozen=True)
class Route:
    """Whom to ring: an extension, of the owner or of whoever covers them; "" when the queue is as good."""

    extension: str = ""
    person: Person | None = None
    ticket: Ticket | None = None


def route(number: str, *, region: str, at: datetime) -> Route:
    """Return where a caller with that number belongs.

    To the owner of their only open ticket, or whoever covers the owner, when one of them is there and has
    signed in to an extension. A number that cannot be, or that nobody has, belongs nowhere.
    """
    try:
        known = list(customers.by_phone(number, region=region).values_list("pk", flat=True)[:2])
    except Incomplete:
        return Route()
    if len(known) != 1:
        return Route()
    tickets = list(Ticket.objects.filter(customer=known[0], live=True).select_related("owner")[:2])
    if len(tickets) != 1:
        return Route()
    ticket = tickets[0]
    covering = Cover.objects.running(at).filter(absent=ticket.owner).values("covering")
    people = Person.objects.present(at).filter(Q(pk=ticket.owner_id) | Q(pk__in=covering), extension__isnull=False)
    there = {person.pk: person for person in people}
    person = there.get(ticket.owner_id) or next(iter(there.values()), None)
    return Route(person.extension or "" if person else "", person, ticket)
