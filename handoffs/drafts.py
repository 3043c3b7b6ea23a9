"""Drafts of offers: what a telephone system saw, said to the owner, who decides. A draft moves nothing."""

from datetime import datetime

from django.db.models import F, Q, QuerySet

from handoffs.models import Draft, Handoff
from notices import outbox
from people.models import Person
from people.roles import OWNERS
from tickets.models import Ticket


def draft(ticket: Ticket, *, to: Person, on_call: bool, call: int, at: datetime) -> None:
    """Draft an offer of a locked ticket to whoever has its caller now; the owner is told.

    on_call: they spoke with each other first, and the customer is on the line. Nothing is drafted while an
    offer is in progress, or to somebody who cannot own it; the same call drafts the same once.
    """
    if to.pk == ticket.owner_id or to.role not in OWNERS or not to.is_active or not ticket.live:
        return
    if Handoff.objects.in_progress().filter(ticket=ticket).exists():
        return
    known = Draft.objects.filter(ticket=ticket).first()
    if known is not None and (known.call, known.receiver_id, known.giver_id) == (call, to.pk, ticket.owner_id):
        return
    Draft.objects.update_or_create(
        ticket=ticket,
        defaults={"giver": ticket.owner, "receiver": to, "on_call": on_call, "call": call, "drafted_at": at},
    )
    outbox.queue(
        "handoff_drafted", to=[ticket.owner], about=ticket.reference, receiver=to.username, on_call=on_call, call=call
    )


def drop(ticket: Ticket) -> None:
    """Forget the draft of a ticket: the offer has been made."""
    Draft.objects.filter(ticket=ticket).delete()


def waiting_for(person: Person) -> QuerySet[Draft]:
    """Return the drafts that wait for somebody: as the owner, or as whoever covers or leads the owner's team."""
    theirs = Q(giver=person) | Q(giver__in=person.covered_ids) | Q(ticket__team__in=person.led_team_ids)
    # Whoever owned it when it was drafted: once it has moved, there is nothing left to offer.
    return Draft.objects.filter(theirs, ticket__live=True, giver=F("ticket__owner"))
