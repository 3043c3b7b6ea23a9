"""Who owns a ticket, from its first moment on. Only this module writes tenures.

A move ends one tenure and begins the next at the same instant, runs the bounce rules over the chain as it
then stands, and settles: the schema's keys are checked before the verb returns, not at COMMIT.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from notices import live, outbox
from people import copying, working_time
from people.models import Person, Team
from people.statements import insert
from people.transactions import verb
from tickets import bounces, clocks, duplicates, errors, flags, permissions, thresholds, timeline
from tickets.bounces import Link
from tickets.kinds import BeganBy, EntryKind
from tickets.models import Tenure, Ticket
from tickets.permissions import Action

MOVED = (
    "owner",
    "owner_since",
    "tenure_seq",
    "team",
    "acknowledge_by",
    "owner_count",
    "change_count",
    "introduced_at",
    "cold_since",
    "historical",
)
CHASED_WITHIN = timedelta(days=7)


def settle() -> None:
    """Check every deferred key now, then defer them again for whatever else the transaction does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tickets_settle()")


def begin(ticket: Ticket) -> None:
    """Write a new ticket together with its first tenure: there is no moment without an owner."""
    ticket.owner_since = ticket.opened_at
    insert(ticket)
    insert(Tenure(ticket=ticket, seq=1, owner=ticket.owner, started_at=ticket.opened_at, began_by=BeganBy.OPENED))


def chain_of(ticket: Ticket) -> list[Link]:
    """Return a ticket's chain as the bounce rules see it."""
    if ticket.tenure_seq == 1 and not ticket.source:
        # Most tickets have one owner for good: theirs is the chain, and the database need not be asked.
        return [Link(ticket.owner_id, ticket.owner_since, BeganBy.OPENED)]
    rows = Tenure.objects.filter(ticket=ticket).order_by("seq")
    return [
        Link(row.owner_id, row.started_at, row.began_by, row.reason, row.counted)
        for row in rows.only("owner_id", "started_at", "began_by", "reason", "counted")
    ]


def would_count(ticket: Ticket, *, began_by: BeganBy, reason: str, at: datetime, chain: list[Link]) -> bool:
    """Say whether a move of `ticket` at `at` would count as a change for the bounce rules."""
    previous = chain[-1]
    within = previous.began_by == BeganBy.TAKEN_OVER and at <= working_time.add_days(
        ticket.team.calendar, previous.started_at, 1
    )
    return bounces.counts(
        began_by=began_by,
        reason=reason,
        acknowledged=ticket.acknowledged_at is not None,
        previous=previous,
        within_working_day=within,
    )


def move(
    ticket: Ticket,
    *,
    to: Person,
    at: datetime,
    began_by: BeganBy,
    reason: str = "",
    handoff: int | None = None,
    team: Team | None = None,
    introduced: bool = False,
) -> None:
    """Move a locked ticket to its next owner at `at`, and raise what the bounce rules find.

    team: into which the ticket moves with its owner. introduced: whether the customer has met the new
    owner already. The caller has seen to it that the new owner said yes, and writes the entry and the
    notices. The ticket is saved, as a new version; call `settle` when the verb has written the rest.
    """
    live.changed([ticket])  # here it still is whose it was: those who see it go are told as well
    chain = chain_of(ticket)
    counted = would_count(ticket, began_by=began_by, reason=reason, at=at, chain=chain)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_tenure SET ended_at = %s WHERE ticket_id = %s AND seq = %s",
            [at, ticket.pk, ticket.tenure_seq],
        )
    ticket.tenure_seq += 1
    ticket.owner, ticket.owner_since = to, at
    ticket.introduced_at = at if introduced else None
    ticket.cold_since = None
    insert(
        Tenure(
            ticket=ticket,
            seq=ticket.tenure_seq,
            owner=to,
            started_at=at,
            began_by=began_by,
            reason=reason,
            counted=counted,
            handoff_id=handoff,
        )
    )
    if team is not None and team != ticket.team:
        clocks.move_to(ticket, team, at=at)
    chain.append(Link(to.pk, at, began_by, reason, counted))
    ticket.owner_count = len({link.owner for link in chain})
    ticket.change_count += counted
    clocks.save(ticket, *MOVED)
    duplicates.follow(ticket)
    chased = ticket.last_chased_at is not None and ticket.last_chased_at > at - CHASED_WITHIN
    ours = thresholds.of(ticket.team.thresholds)
    flags.raise_for(ticket, bounces.after_move(chain, at=at, chased=chased, thresholds=ours), at=at)


@verb
def inherit(ticket: Ticket, *, at: datetime, left: Person, by: Person) -> None:
    """Give a locked ticket whose owner has left, or is leaving, to the manager of its team."""
    manager = ticket.team.manager
    move(ticket, to=manager, at=at, began_by=BeganBy.INHERITED)
    timeline.record(ticket, EntryKind.INHERITED, at=at, by=by, owner=manager.username, left=left.username)
    outbox.queue("inherited", to=[manager], about=ticket.reference, left=left.username)


@verb
def edit(*, ticket: int, by: Person, version: int | None = None, at: datetime | None = None, **changes: str) -> Ticket:
    """Change what a ticket says it is: subject, description, category, severity. Raises as `enter` does."""
    found = permissions.enter(ticket, by, Action.EDIT, version=version)
    if found.customer.erased_at is not None:
        raise errors.CustomerForgotten
    now = timeline.moment(found, at)
    description = changes.pop("description", None)
    text = None
    if description is not None:
        text = timeline.write(found, "description", {"description": description}, at=now)
    # The subject is a person's own words about a customer: the entry says that it changed, not to what.
    codes = {name: value for name, value in changes.items() if name != "subject"}
    for name, value in changes.items():
        setattr(found, name, value)
    timeline.record(found, EntryKind.DETAILS_CHANGED, at=now, by=by, text=text, changed=sorted(changes), **codes)
    clocks.save(found, *changes)
    return found


class ImportedTicket(NamedTuple):
    """A ticket of an import, under an id of `copying.next_ids`; what is not here has its default."""

    id: int
    customer_id: int
    team_id: int
    subject: str
    status: str
    owner_id: int
    owner_since: datetime
    tenure_seq: int
    owner_count: int
    change_count: int
    opened_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    source: str
    source_key: str


class ImportedTenure(NamedTuple):
    """A tenure of an imported ticket."""

    ticket_id: int
    seq: int
    owner_id: int
    started_at: datetime
    ended_at: datetime | None
    counted: bool


def load_chains(tickets: Iterable[ImportedTicket], tenures: Iterable[ImportedTenure]) -> None:
    """Write historical tickets and their chains, set-based; the same keys hold as for live ones.

    Call `settle` when the last are written.
    """
    copying.copy(Ticket, ImportedTicket._fields, tickets, historical=True)
    copying.copy(Tenure, ImportedTenure._fields, tenures, began_by=BeganBy.IMPORTED.value)
