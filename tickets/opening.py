"""Opening a ticket: it has an owner before it exists, and the customer knows the name."""

from datetime import datetime

from django.db.models import Count, FilteredRelation, Q
from django.utils import timezone

from notices import outbox
from people.models import Person, Team
from people.roles import OWNERS, Role
from people.statements import GIVEN, Kept
from people.transactions import verb
from tickets import clocks, contacts, errors, ownership, permissions, routing, timeline
from tickets.kinds import EntryKind
from tickets.models import ContactPoint, Customer, Tenure, Ticket
from tickets.permissions import Action
from tickets.routing import Candidate, Reason, Snapshot
from tickets.states import Channel, Severity


def snapshot(*, by: Person | None, customer: Customer, team: Team, skill: str, at: datetime) -> Snapshot:
    """Return what routing needs to know to choose an owner for a new ticket of `customer`."""
    if by is not None and by.role in OWNERS:
        return Snapshot(manager=team.manager_id, opener=by.pk)
    last = (
        Tenure.objects.filter(ticket__customer=customer, ticket__historical=False, is_current=True)
        .order_by("-started_at")
        .values_list("owner_id", flat=True)
        .first()
    )
    preferred = customer.preferred_rep_id
    reps = (
        Person.objects.filter(Q(teams=team) | Q(pk__in=[preferred, last]), is_active=True, role__in=OWNERS)
        # Joined with what is live, not counted among all that they ever owned.
        .annotate(
            carried=FilteredRelation("tickets", condition=Q(tickets__live=True)),
            load=Count("carried", distinct=True),
        )
        .order_by("pk")
        .distinct()
    )
    return Snapshot(
        manager=team.manager_id,
        preferred=preferred,
        last=last,
        skill=skill,
        reps=[Candidate(rep.pk, rep.is_present(at), rep.load, frozenset(rep.skills)) for rep in reps],
        # A manager or deputy belongs to the team without being one of its reps.
        team=frozenset(Person.objects.filter(teams=team, role=Role.REP).values_list("pk", flat=True)),
    )


def _open_ticket_of(customer: Customer, further_contact_on: int | None) -> int | None:
    """Return the open ticket that this contact is about, or None when it opens a new one."""
    live = list(Ticket.objects.filter(customer=customer, live=True).order_by("pk").values_list("pk", flat=True))
    if further_contact_on is None:
        if len(live) > 1:
            named = ", ".join(f"T-{number}" for number in live)
            raise errors.SeveralOpenTickets(further_contact_on=f"Open tickets of this customer: {named}.")
        return live[0] if live else None
    if further_contact_on not in live:
        raise errors.OtherCustomer(further_contact_on="That is not an open ticket of this customer.")
    return further_contact_on


@verb
def open_ticket(
    *,
    by: Person | None,
    customer: Customer,
    team: Team,
    subject: str,
    description: str,
    category: str = "",
    skill: str = "",
    severity: str = Severity.ROUTINE,
    channel: str = Channel.PHONE,
    new: bool = False,
    further_contact_on: int | None = None,
    at: datetime | None = None,
) -> tuple[Ticket, bool]:
    """Open a ticket, or record a further contact on the one that this customer has open.

    by: a rep or manager owns what they open; a program's ticket is routed (None routes as well).
    description: what the customer said. skill: what the ticket needs. new: open one even though the
    customer has an open ticket. further_contact_on: the open ticket that it is about, when there are
    several. Returns the ticket and whether it is new. Raises SeveralOpenTickets, OtherCustomer,
    CustomerForgotten.
    """
    # Locked, so that two messages of one customer at once do not open two tickets.
    customer = _LOCKED.first(customer.pk) or customer
    if customer.erased_at is not None:
        raise errors.CustomerForgotten
    opens_own = by is not None and by.role in OWNERS
    if further_contact_on is not None or not (opens_own or new or customer.anonymous):
        about = _open_ticket_of(customer, further_contact_on)
        if about is not None:
            ticket = permissions.enter(about, by, Action.CONTACT)
            contacts.record_contact(
                ticket,
                by=by,
                direction="inbound",
                channel=channel,
                summary=description,
                chase=False,
                at=timeline.moment(ticket, at),
            )
            outbox.queue("further_contact", to=[ticket.owner], about=ticket.reference)
            return ticket, False
    now = at or timezone.now()
    owner_id, reason = routing.choose(snapshot(by=by, customer=customer, team=team, skill=skill, at=now))
    ticket = Ticket(
        customer=customer,
        team=team,
        subject=subject,
        category=category,
        skill=skill,
        severity=severity,
        channel=channel,
        owner=by if by is not None and owner_id == by.pk else Person.objects.get(pk=owner_id),
        opened_at=now,
        judged_at=now,
    )
    clocks.start_acknowledging(ticket, at=now)
    clocks.look_ahead(ticket, [])
    ownership.begin(ticket)
    text = timeline.write(ticket, "description", {"description": description}, at=now)
    timeline.record(
        ticket,
        EntryKind.OPENED,
        at=now,
        by=by,
        text=text,
        owner=ticket.owner.username,
        because=reason,
        team=team.slug,
        channel=channel,
    )
    if reason != Reason.OPENED_IT:
        outbox.queue("ticket_assigned", to=[ticket.owner], about=ticket.reference, because=reason, team=team.slug)
    _send_receipt(ticket)
    ownership.settle()
    return ticket, True


def _send_receipt(ticket: Ticket) -> None:
    address = _ADDRESS.first(ticket.customer_id)
    if address is not None and ticket.acknowledge_by is not None:
        outbox.queue_mail(
            "receipt",
            address=address.value,
            about=ticket.reference,
            owner=ticket.owner.name,
            first_contact_by=ticket.acknowledge_by.isoformat(),
        )


_LOCKED = Kept(lambda: Customer.objects.select_for_update(no_key=True).filter(pk=GIVEN))
_ADDRESS = Kept(lambda: ContactPoint.objects.filter(customer=GIVEN, kind=ContactPoint.Kind.EMAIL))
