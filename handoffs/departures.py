"""Leaving for good: whoever goes leaves no customer behind."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from handoffs import covers, errors, help_requests, moves
from handoffs.models import Handoff, HelpRequest
from handoffs.protocol import IN_PROGRESS, HelpState
from people import tokens
from people.errors import Busy, NotYours
from people.models import Person, Team
from people.roles import Role
from people.transactions import verb
from tickets import clocks, ownership
from tickets.models import Customer, Ticket


def _concerned(person: Person) -> list[int]:
    """Return the tickets that a departure touches, by number."""
    live = Ticket.objects.filter(owner=person, live=True).values_list("pk", flat=True)
    moving = Handoff.objects.filter(Q(giver=person) | Q(receiver=person), state__in=IN_PROGRESS)
    asked = HelpRequest.objects.filter(asked=person, state=HelpState.OPEN)
    return sorted({*live, *moving.values_list("ticket_id", flat=True), *asked.values_list("ticket_id", flat=True)})


@verb
def leave(*, person: int, by: Person, at: datetime | None = None) -> Person:
    """Let somebody leave for good: each live ticket goes to its team's manager, in one transaction.

    Offers to and by them, and questions to them, are withdrawn, their covers end; they cannot sign in any more. Raises
    NotYours unless `by` is an administrator or leads a team of theirs, HasLeft, NobodyInherits while they
    manage a team, Busy when they are given a ticket at that very moment.
    """
    # Customers, tickets by number, then the person: the order in which opening a ticket locks them, too.
    list(Customer.objects.filter(preferred_rep=person).order_by("pk").select_for_update(no_key=True))
    subject = Person.objects.get(pk=person)
    numbers = _concerned(subject)
    tickets = [Ticket.objects.lock(number) for number in numbers]
    subject = Person.objects.select_for_update().get(pk=person)
    leads = bool(by.led_team_ids & subject.team_ids) and by.role == Role.MANAGER
    if by.pk == subject.pk or not (by.role == Role.ADMIN or leads):
        raise NotYours
    if not subject.is_active:
        raise errors.HasLeft
    if Team.objects.filter(manager=subject).exists():
        raise errors.NobodyInherits
    # Between the list and the locks they may have got one more; it would be left behind.
    if _concerned(subject) != numbers:
        raise Busy
    now = at or timezone.now()
    for ticket in tickets:
        _leave_ticket(ticket, subject, by=by, at=max(now, ticket.owner_since))
    Team.objects.filter(deputy=subject).update(deputy=None)
    Customer.objects.filter(preferred_rep=subject).update(preferred_rep=None)
    covers.leave(subject, by=by, at=now)
    subject.is_active, subject.left_at, subject.extension = False, now, None
    subject.save(update_fields=["is_active", "left_at", "extension"])
    tokens.revoke_all(subject)
    ownership.settle()
    return subject


def _leave_ticket(ticket: Ticket, subject: Person, *, by: Person, at: datetime) -> None:
    owns = ticket.owner_id == subject.pk and bool(ticket.live)
    for handoff in Handoff.objects.in_progress().filter(ticket=ticket):
        if owns or subject.pk in (handoff.giver_id, handoff.receiver_id):
            cause = "owner_left" if owns else "receiver_left"
            moves.withdraw_for(Handoff.objects.under_lock(handoff.pk), by=by, cause=cause, at=at)
    for request in HelpRequest.objects.filter(ticket=ticket, asked=subject, state=HelpState.OPEN):
        request.ticket = ticket
        help_requests.withdraw_for(request, by=by, cause="asked_left", at=at)
    if owns:
        ownership.inherit(ticket, at=at, left=subject, by=by)
    else:
        clocks.save(ticket)
