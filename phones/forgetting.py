"""Forgetting a customer, their voice on the line included: numbers go, times and holds stay."""

from datetime import datetime
from typing import Any

from people.models import Person
from people.transactions import verb
from phones.models import Call, PhoneEvent, RawBody
from tickets import customers
from tickets.models import ContactPoint, Customer

# What an event says of who was on the line, in whatever words.
_SAID = ("from", "to")


@verb
def forget(*, customer: int, by: Person, at: datetime | None = None) -> Customer:
    """Forget a customer as `tickets.customers.forget` does, and what telephone systems told of them.

    Their numbers go from calls and events, summaries go whole, and what was kept of messages that name them
    is deleted. Raises UnknownCustomer, CustomerForgotten.
    """
    points = ContactPoint.objects.filter(customer=customer, kind=ContactPoint.Kind.PHONE)
    numbers = set(points.values_list("value", flat=True))
    # Calls first, then the customer and their tickets: the order in which a call locks them.
    calls = list(Call.objects.filter(customer=customer).order_by("pk").select_for_update(no_key=True))
    found = customers.forget(customer=customer, by=by, at=at)
    numbers |= {call.number for call in calls if call.number}
    for call in calls:
        call.number = ""
        call.told = {**call.told, "caller": "", "called": ""}
    Call.objects.bulk_update(calls, ["number", "told"])
    events = list(PhoneEvent.objects.filter(call__in=calls))
    for event in events:
        event.data = _without_numbers(event)
        # A digest of what was said would let one try numbers until one fits.
        event.digest = b""
    PhoneEvent.objects.bulk_update(events, ["data", "digest"])
    for trace in {*numbers, *(call.call_id for call in calls)}:
        RawBody.objects.filter(content__contains=trace).delete()
    return found


def _without_numbers(event: PhoneEvent) -> dict[str, Any]:
    if event.type == "call.summary":
        return {}
    return {name: "" if name in _SAID else value for name, value in event.data.items()}
