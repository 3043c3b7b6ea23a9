"""The screen pop: whoever is called, or has answered, is told who it is before the second sentence."""

from datetime import datetime
from typing import Any

from notices import outbox
from people.models import Person
from phones import calls, spells
from phones.events import Direction
from phones.models import Call
from tickets.kinds import PromiseState
from tickets.models import Promise


def show(call: Call, told: calls.Call) -> None:
    """Tell whoever it rings at, or has answered, whom they have on the line: once each; the call is not saved.

    The facts are numbers, codes and times: the screen fetches what is to be seen, by whoever may see it.
    """
    if told.direction != Direction.INBOUND or told.ended_at is not None:
        return
    for extension in (told.called, told.agent):
        person = spells.agent(extension)
        if person is not None and person.pk not in call.popped:
            call.popped = [*call.popped, person.pk]
            _tell(call, person)


def _tell(call: Call, person: Person) -> None:
    about = call.ticket.reference if call.ticket else f"call {call.pk}"
    outbox.queue("screen_pop", to=[person], about=about, **facts(call))


def facts(call: Call) -> dict[str, Any]:
    """Return what there is to show: the customer, their ticket, its owner, and the last promise to them."""
    said: dict[str, Any] = {"call": call.pk, "customer": call.customer.pk if call.customer else None}
    if call.ticket is None:
        return said
    promise = Promise.objects.filter(ticket=call.ticket).order_by("-made_at", "-pk").first()
    due_at: datetime | None = promise.due_at if promise else None
    return {
        **said,
        "ticket": call.ticket.reference,
        "owner": call.ticket.owner.username,
        "promise": promise.pk if promise else None,
        "promise_due_at": due_at.isoformat() if due_at else None,
        "promise_open": bool(promise and promise.state == PromiseState.OPEN),
    }
