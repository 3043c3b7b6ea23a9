"""Talking with the customer, and writing down what was said."""

from datetime import datetime

from people.errors import Incomplete
from people.models import Person
from people.transactions import verb
from tickets import bounces, clocks, errors, flags, ownership, permissions, promises, states, thresholds, timeline
from tickets.kinds import EntryKind
from tickets.models import Entry, Ticket
from tickets.permissions import Action
from tickets.states import Channel


def meet(ticket: Ticket, *, by: Person | None, at: datetime) -> bool:
    """Note that the customer was in contact with us at `at`, and say whether that introduced the owner.

    The owner's first contact does; nothing is saved.
    """
    ticket.last_contact_at = max(at, ticket.last_contact_at or at)
    by_owner = by is not None and by.pk == ticket.owner_id
    if by_owner and ticket.cold_since is not None and at > ticket.cold_since:
        ticket.cold_since = None
    if not by_owner or ticket.introduced_at is not None or at < ticket.owner_since:
        return False
    ticket.introduced_at = at
    return True


@verb
def acknowledge(
    *,
    ticket: int,
    by: Person,
    message: str,
    next_contact_at: datetime,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """The owner tells the customer "I'll do it": who, what happens next, when they hear again.

    message: what the customer was told. next_contact_at: becomes the first promise. Raises
    StateDoesNotAllow when the ticket has been acknowledged, Incomplete for a time that has passed, and
    what `permissions.enter` raises.
    """
    found = permissions.enter(ticket, by, Action.ACKNOWLEDGE, version=version)
    status = states.after(found.status, "acknowledge")
    if status is None:
        raise errors.StateDoesNotAllow("This ticket has been acknowledged already.")
    now = timeline.moment(found, at)
    text = timeline.write(found, "acknowledgement", {"message": message}, at=now)
    found.status, found.acknowledged_at = status, now
    promise = promises.make_for(found, what=text, due_at=next_contact_at, by=by, at=now, field="next_contact_at")
    timeline.record(
        found,
        EntryKind.ACKNOWLEDGED,
        at=now,
        by=by,
        text=text,
        promise=promise.pk,
        next_contact_at=next_contact_at.isoformat(),
    )
    meet(found, by=by, at=now)
    clocks.save(found, "status", "acknowledged_at", "last_contact_at", "introduced_at", "cold_since")
    return found


@verb
def note(*, ticket: int, by: Person, text: str, version: int | None = None, at: datetime | None = None) -> Ticket:
    """Write a note on a ticket; `at` may lie in the past. Raises as `permissions.enter` does."""
    found = permissions.enter(ticket, by, Action.NOTE, version=version)
    now = timeline.moment(found, at)
    written = timeline.write(found, "note", {"text": text}, at=now)
    timeline.record(found, EntryKind.NOTE, at=now, by=by, text=written)
    clocks.save(found)
    return found


@verb
def contact(
    *,
    ticket: int,
    by: Person | None,
    direction: str,
    channel: str = Channel.PHONE,
    summary: str = "",
    chase: bool = False,
    version: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Record that the customer and we were in contact.

    direction: "inbound" when the customer came to us, "outbound" otherwise. chase: the customer asks
    what has become of their complaint; only an inbound contact can. summary: what was said. Raises
    Incomplete, and what `permissions.enter` raises.
    """
    found = permissions.enter(ticket, by, Action.CONTACT, version=version)
    if chase and direction != "inbound":
        raise Incomplete(chase="Only a customer who comes to us chases.")
    now = timeline.moment(found, at)
    record_contact(found, by=by, direction=direction, channel=channel, summary=summary, chase=chase, at=now)
    return found


def record_contact(
    ticket: Ticket,
    *,
    by: Person | None,
    direction: str,
    channel: str,
    summary: str,
    chase: bool,
    at: datetime,
) -> None:
    """Record a contact on a locked ticket; see `contact`. A chase makes three owners too many."""
    written = timeline.write(ticket, "contact", {"summary": summary}, at=at) if summary else None
    timeline.record(
        ticket,
        EntryKind.CONTACT,
        at=at,
        by=by,
        text=written,
        direction=direction,
        channel=channel,
        chase=chase,
        introduced=meet(ticket, by=by, at=at),
    )
    if chase:
        ticket.last_chased_at = max(at, ticket.last_chased_at or at)
    clocks.save(ticket, "last_contact_at", "last_chased_at", "introduced_at", "cold_since")
    if chase:
        week = at - ownership.CHASED_WITHIN
        chases = Entry.objects.filter(
            ticket=ticket, kind=EntryKind.CONTACT, at__gt=week, at__lte=at, data__chase=True
        ).count()
        ours = thresholds.of(ticket.team.thresholds)
        found = (
            bounces.bounced(ownership.chain_of(ticket), chased=True, thresholds=ours),
            bounces.repeat_contact(chases, thresholds=ours),
        )
        flags.raise_for(ticket, [finding for finding in found if finding], at=at)
