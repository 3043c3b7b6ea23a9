"""Who may do what with a ticket: the one place that decides it.

A person stands to a ticket in one or more ways; `MAY` says which standings an action asks for. Who sees
a ticket at all is `Ticket.objects.visible_to`, and a standing is had exactly by those who see it.
"""

from collections.abc import Iterator
from enum import StrEnum

from people.errors import NotYours, Stale
from people.models import Person
from people.roles import OWNERS, READS_ALL, Role
from tickets import errors
from tickets.models import Tenure, Ticket, Viewer


class Standing(StrEnum):
    """How a person stands to a ticket."""

    OWNER = "owner"
    COVER = "cover"  # answers the owner's due items while the owner is away
    MANAGER = "manager"  # manages or deputises its team, or a team above
    COLLEAGUE = "colleague"  # a member of its team
    GUEST = "guest"  # owned it once, is asked something about it, or covers somebody who is
    OBSERVER = "observer"  # auditors and administrators: read only
    PROGRAM = "program"  # an integration, within the scopes of its token


class Action(StrEnum):
    """What can be done with a ticket."""

    VIEW = "view"
    NOTE = "note"
    CONTACT = "contact"
    ACKNOWLEDGE = "acknowledge"
    EDIT = "edit"
    HOLD = "hold"
    HOLD_CALL = "hold_call"
    PROMISE = "promise"
    SETTLE_PROMISE = "settle_promise"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"
    OFFER = "offer"
    CLAIM = "claim"
    TAKE_OVER = "take_over"
    ASK_FOR_HELP = "ask_for_help"
    ASK_FOR_MANAGER = "ask_for_manager"
    DEAL_WITH_FLAGS = "deal_with_flags"


_OWNER, _COVER, _MANAGER, _COLLEAGUE, _GUEST, _PROGRAM = (
    Standing.OWNER,
    Standing.COVER,
    Standing.MANAGER,
    Standing.COLLEAGUE,
    Standing.GUEST,
    Standing.PROGRAM,
)
MAY: dict[Action, frozenset[Standing]] = {
    Action.VIEW: frozenset(Standing),
    Action.NOTE: frozenset({_OWNER, _COVER, _MANAGER, _COLLEAGUE, _GUEST, _PROGRAM}),
    Action.CONTACT: frozenset({_OWNER, _COVER, _MANAGER, _COLLEAGUE, _GUEST, _PROGRAM}),
    # The owner's own yes: nobody gives it for them.
    Action.ACKNOWLEDGE: frozenset({_OWNER}),
    Action.EDIT: frozenset({_OWNER, _COVER, _MANAGER}),
    Action.HOLD: frozenset({_OWNER, _COVER, _MANAGER}),
    # Whoever has the customer on the line may have to put them on hold.
    Action.HOLD_CALL: frozenset({_OWNER, _COVER, _MANAGER, _COLLEAGUE, _GUEST}),
    # A colleague who answers for the owner promises what they do themselves, and sees to that; see `promises`.
    Action.PROMISE: frozenset({_OWNER, _COVER, _MANAGER, _COLLEAGUE}),
    Action.SETTLE_PROMISE: frozenset({_OWNER, _COVER, _MANAGER}),
    Action.RESOLVE: frozenset({_OWNER, _COVER, _MANAGER}),
    Action.CLOSE: frozenset({_OWNER, _COVER, _MANAGER}),
    # The customer is back with the same complaint: whoever hears of it must be able to say so.
    Action.REOPEN: frozenset({_OWNER, _COVER, _MANAGER, _COLLEAGUE, _GUEST, _PROGRAM}),
    Action.OFFER: frozenset({_OWNER, _COVER, _MANAGER}),
    Action.CLAIM: frozenset({_COVER, _MANAGER, _COLLEAGUE, _GUEST}),
    Action.TAKE_OVER: frozenset({_MANAGER}),
    Action.ASK_FOR_HELP: frozenset({_OWNER, _COVER, _MANAGER}),
    # One key, for whoever has the customer on the line.
    Action.ASK_FOR_MANAGER: frozenset({_OWNER, _COVER, _MANAGER, _COLLEAGUE, _GUEST, _PROGRAM}),
    Action.DEAL_WITH_FLAGS: frozenset({_MANAGER}),
}


def standings(person: Person, ticket: Ticket) -> Iterator[Standing]:
    """Yield how `person` stands to `ticket`, what is cheapest to know first; nothing when they see it not."""
    if person.role in READS_ALL:
        yield Standing.OBSERVER
    elif person.role == Role.INTEGRATION:
        yield Standing.PROGRAM
    elif person.role in OWNERS:
        if ticket.owner_id == person.pk:
            yield Standing.OWNER
        if ticket.team_id in person.team_ids:
            yield Standing.COLLEAGUE
        if ticket.team_id in person.led_team_ids:
            yield Standing.MANAGER
        if ticket.owner_id in person.covered_ids:
            yield Standing.COVER
        if (
            Viewer.objects.filter(ticket=ticket, person__in=[person.pk, *person.covered_ids]).exists()
            or Tenure.objects.filter(ticket=ticket, owner=person).exists()
        ):
            yield Standing.GUEST


def require(person: Person | None, action: Action, ticket: Ticket) -> None:
    """Raise NotYours when `person` may not do that, UnknownTicket when they may not even see the ticket.

    None is the system itself (a sweep, an import), which acts under nobody's name.
    """
    if person is None:
        return
    sees = False
    for standing in standings(person, ticket):
        if standing in MAY[action]:
            return
        sees = True
    if not sees:
        raise errors.UnknownTicket
    raise NotYours


def enter(ticket_id: int, by: Person | None, action: Action, *, version: int | None = None) -> Ticket:
    """Lock a ticket for a verb and return it: the first line of every verb.

    version: what the caller believes the ticket to be at (If-Match). Raises UnknownTicket, NotYours,
    Stale, and Historical for a frozen ticket.
    """
    ticket = Ticket.objects.lock(ticket_id)
    require(by, action, ticket)
    if version is not None and version != ticket.version:
        raise Stale(version=f"It is at version {ticket.version}; you had {version}.")
    if ticket.historical and action != Action.TAKE_OVER:
        raise errors.Historical
    return ticket
