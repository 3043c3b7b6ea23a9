"""Customers: who they are, how to reach them, and how they are forgotten."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import phonenumbers
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from notices import outbox
from people.errors import Incomplete
from people.models import IdempotencyKey, Person
from people.transactions import verb
from tickets import errors, timeline
from tickets.kinds import EntryKind
from tickets.models import ContactPoint, Customer, Text, Ticket

# (kind, value, label), as a caller gives a contact point.
Point = tuple[str, str, str]


def e164(number: str, *, region: str = "") -> str:
    """Return a telephone number in E.164 (+15551230000).

    region: the country whose national numbers are understood ("" for none: then it must begin with +).
    Raises Incomplete when it is no number that could be dialled.
    """
    try:
        parsed = phonenumbers.parse(number, region or None)
    except phonenumbers.NumberParseException as error:
        raise Incomplete(phone="Give the number with its country: +1 555 0100.") from error
    if not phonenumbers.is_possible_number(parsed):
        raise Incomplete(phone="That number is too short or too long to be dialled.")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def by_phone(number: str, *, region: str = "") -> QuerySet[Customer]:
    """Return the customers who share a telephone number, those we know longest first."""
    value = e164(number, region=region)
    return Customer.objects.filter(
        contact_points__kind=ContactPoint.Kind.PHONE, contact_points__value=value, erased_at=None
    ).order_by("id")


def search(words: str) -> QuerySet[Customer]:
    """Return the customers whose name contains the words, or who have that e-mail address."""
    named = Q(name__search=words) | Q(name__icontains=words)
    addressed = Q(contact_points__kind=ContactPoint.Kind.EMAIL, contact_points__value=words.strip().lower())
    return Customer.objects.filter(named | addressed, erased_at=None).distinct().order_by("id")


def _write_points(customer: Customer, points: Iterable[Point]) -> None:
    rows: list[ContactPoint] = []
    for kind, value, label in points:
        clean = e164(value) if kind == ContactPoint.Kind.PHONE else value.strip().lower()
        if any(row.value == clean for row in rows):
            raise errors.ContactPointTwice(contact_points=f"{clean} stands here twice.")
        rows.append(ContactPoint(customer=customer, kind=kind, value=clean, label=label))
    ContactPoint.objects.bulk_create(rows)


@verb
def create(
    *,
    name: str,
    contact_points: Iterable[Point] = (),
    at: datetime | None = None,
    **details: Any,
) -> Customer:
    """Take down a customer. details: since, value, language, preferences, preferred_rep.

    Raises Incomplete for a number that cannot be dialled, ContactPointTwice.
    """
    customer = Customer.objects.create(name=name, created_at=at or timezone.now(), **details)
    _write_points(customer, contact_points)
    return customer


def anonymous() -> Customer:
    """Return a new customer who withheld their name and number."""
    return Customer.objects.create(anonymous=True)


def _lock(customer: int) -> Customer:
    found = Customer.objects.select_for_update().filter(pk=customer).first()
    if found is None:
        raise errors.UnknownCustomer
    if found.erased_at is not None:
        raise errors.CustomerForgotten
    return found


@verb
def update(*, customer: int, contact_points: Iterable[Point] | None = None, **details: Any) -> Customer:
    """Change what we know of a customer; `contact_points`, when given, replaces them all.

    Raises UnknownCustomer, CustomerForgotten, Incomplete, ContactPointTwice.
    """
    found = _lock(customer)
    for name, value in details.items():
        setattr(found, name, value)
    found.save(update_fields=list(details) or None)
    if contact_points is not None:
        found.contact_points.all().delete()
        _write_points(found, contact_points)
    return found


def _empty_kept_answers(customer: Customer, tickets: Iterable[Ticket]) -> None:
    """Empty the answers about a customer that are kept, for a day, for requests that are sent twice."""
    about = Q(body__regex=rf'^{{\s*"id"\s*:\s*{customer.pk}\s*,\s*"name"\s*:')
    for ticket in tickets:
        about |= Q(body__contains=f'"{ticket.reference}"')
    IdempotencyKey.objects.filter(about).update(body="{}")


@verb
def forget(*, customer: int, by: Person, at: datetime | None = None) -> Customer:
    """Erase everything that says who a customer is, or that anybody typed about them; the chain stays.

    Names, numbers and addresses go, the texts of their tickets become NULL, and messages to them lose
    their receiver. Owners, times, moves and figures are facts about us and remain. Raises
    UnknownCustomer, CustomerForgotten.
    """
    # The customer, then their tickets by number: the order in which a further contact locks them, too.
    found = _lock(customer)
    tickets = list(Ticket.objects.filter(customer=customer).order_by("pk").select_for_update())
    now = at or timezone.now()
    addresses = found.contact_points.filter(kind=ContactPoint.Kind.EMAIL).values_list("value", flat=True)
    outbox.forget(addresses)
    _empty_kept_answers(found, tickets)
    found.contact_points.all().delete()
    Text.objects.filter(ticket__customer=found, content__isnull=False).update(content=None, erased_at=now)
    Ticket.objects.filter(customer=found).update(subject="", version=F("version") + 1)
    for ticket in tickets:
        ticket.version += 1
        timeline.record(ticket, EntryKind.CUSTOMER_FORGOTTEN, at=now, by=by)
    found.name, found.preferences, found.language, found.erased_at = "", "", "", now
    found.since, found.preferred_rep = None, None
    found.save()
    return found
