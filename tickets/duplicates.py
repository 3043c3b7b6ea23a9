"""Duplicates are linked, not merged: two yeses, that of the one owner and that of the surviving ticket's."""

from datetime import datetime

from django.db import connection

from notices import outbox
from people.errors import Incomplete, NotYours
from people.models import Person
from people.transactions import verb
from tickets import clocks, endings, errors, permissions, timeline
from tickets.kinds import Because, EntryKind
from tickets.models import Ticket, Viewer
from tickets.permissions import Action
from tickets.states import Outcome


def propose(
    *,
    ticket: int,
    by: Person,
    root_cause: str,
    of: int | None,
    note: str,
    version: int | None,
    at: datetime | None,
) -> Ticket:
    """Propose a ticket as a duplicate of another; it closes at once when both have one owner.

    Until the other's owner has said yes (see `confirm`) it stays open. Raises as `resolution.close` does.
    """
    if of is None:
        raise Incomplete(duplicate_of="Which ticket is this a duplicate of?")
    if of == ticket:
        raise errors.DuplicateOfItself(duplicate_of="A ticket cannot be a duplicate of itself.")
    # One that does not exist is refused in the words of one that may not be seen.
    unseen = Incomplete(duplicate_of="There is no ticket of that reference that you can see.")
    if not Ticket.objects.filter(pk=of).exists():
        raise unseen
    # Two tickets are locked: always the lower number first, so that two such verbs never wait in a circle.
    locked = {number: Ticket.objects.lock(number) for number in sorted((ticket, of))}
    found, survivor = permissions.enter(ticket, by, Action.CLOSE, version=version), locked[of]
    try:
        permissions.require(by, Action.VIEW, survivor)
    except errors.UnknownTicket:
        raise unseen from None
    endings.transition(found, "dismiss")
    if not survivor.live:
        raise errors.StateDoesNotAllow(f"{survivor} is not open: link to the complaint that is still live.")
    endings.need_root_cause(Outcome.DUPLICATE_OF, root_cause)
    now = timeline.moment(found, at)
    found.duplicate_of, found.root_cause = survivor, root_cause
    if survivor.owner_id == by.pk:
        _link(found, survivor, by=by, note=note, at=now)
        return found
    # Resolved, it waits for nobody's answer: whoever confirmed the proposal would be told that there is none.
    if not found.live:
        raise errors.StateDoesNotAllow("This ticket is resolved: close it as resolved, or reopen it first.")
    text = timeline.write(found, "closing", {"note": note}, at=now) if note else None
    timeline.record(found, EntryKind.DUPLICATE_PROPOSED, at=now, by=by, text=text, of=survivor.reference)
    # Proposed before as a duplicate of another ticket: its owner is not asked any more.
    Viewer.objects.filter(because=Because.DUPLICATE, source=found.pk).exclude(person=survivor.owner).delete()
    Viewer.objects.get_or_create(
        because=Because.DUPLICATE, source=found.pk, person=survivor.owner, defaults={"ticket": found}
    )
    outbox.queue("duplicate_proposed", to=[survivor.owner], about=found.reference, of=survivor.reference)
    clocks.save(found, "duplicate_of", "root_cause")
    return found


def _link(ticket: Ticket, survivor: Ticket, *, by: Person, note: str, at: datetime) -> None:
    endings.close_as(
        ticket,
        outcome=Outcome.DUPLICATE_OF,
        root_cause=ticket.root_cause,
        note=note,
        by=by,
        at=at,
        of=survivor.reference,
    )
    timeline.record(survivor, EntryKind.DUPLICATE_LINKED, at=at, by=by, duplicate=ticket.reference)
    clocks.save(survivor)
    Viewer.objects.filter(because=Because.DUPLICATE, source=ticket.pk).delete()


FOLLOW = """
UPDATE tickets_viewer viewer SET person_id = %s FROM tickets_ticket ticket
WHERE ticket.duplicate_of_id = %s AND viewer.because = 'duplicate' AND viewer.source = ticket.id
RETURNING ticket.id"""


@verb
def confirm(*, ticket: int, by: Person, yes: bool, at: datetime | None = None) -> Ticket:
    """The owner of the surviving ticket says whether the other really is a duplicate of theirs.

    Yes closes `ticket` as a duplicate; no leaves it open with its owner. Raises UnknownTicket,
    NotYours for anybody else, StateDoesNotAllow when nothing was proposed, PromiseIsOpen.
    """
    of = Ticket.objects.filter(pk=ticket).values_list("duplicate_of_id", flat=True).first()
    locked = {number: Ticket.objects.lock(number) for number in sorted({ticket, of or ticket})}
    found = locked[ticket]
    # The surviving ticket may have moved on since: its owner answers, whoever was asked first.
    if of is None or locked[of].owner_id != by.pk:
        permissions.require(by, Action.VIEW, found)
    if found.duplicate_of_id is None or found.duplicate_of_id != of or not found.live:
        raise errors.StateDoesNotAllow("Nobody has proposed this ticket as a duplicate.")
    survivor = locked[found.duplicate_of_id]
    if survivor.owner_id != by.pk:
        raise NotYours(f"The owner of {survivor} says whether this is a duplicate of it.")
    if yes and not survivor.live:
        raise errors.StateDoesNotAllow(f"{survivor} is over by now: this complaint would be lost with it.")
    now = timeline.moment(found, at)
    found.duplicate_of = survivor
    if yes:
        _link(found, survivor, by=by, note="", at=now)
        outbox.queue("duplicate_linked", to=[found.owner], about=found.reference, of=survivor.reference)
        return found
    found.duplicate_of, found.root_cause = None, ""
    Viewer.objects.filter(because=Because.DUPLICATE, source=found.pk).delete()
    timeline.record(found, EntryKind.DUPLICATE_DECLINED, at=now, by=by, of=survivor.reference)
    outbox.queue("duplicate_declined", to=[found.owner], about=found.reference, of=survivor.reference)
    clocks.save(found, "duplicate_of", "root_cause")
    return found


def follow(survivor: Ticket) -> None:
    """Ask the new owner of a ticket about the duplicates of it that were proposed to the one before.

    The ticket has just moved, and is locked.
    """
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, [survivor.owner_id, survivor.pk])
        proposed = cursor.fetchall()
    for (number,) in proposed:
        outbox.queue("duplicate_proposed", to=[survivor.owner], about=f"T-{number}", of=survivor.reference)
