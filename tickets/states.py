"""What can be done with a ticket in which state. Pure: a table; what is not in it is refused."""

from enum import StrEnum


class Status(StrEnum):
    NEW = "new"
    OPEN = "open"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a ticket was closed."""

    RESOLVED = "resolved"
    DUPLICATE_OF = "duplicate_of"
    WITHDRAWN = "withdrawn"
    UNREACHABLE = "unreachable"
    NOT_A_COMPLAINT = "not_a_complaint"
    WRONG_NUMBER = "wrong_number"
    SPAM = "spam"


class Severity(StrEnum):
    ROUTINE = "routine"
    SERIOUS = "serious"
    CRITICAL = "critical"


class Channel(StrEnum):
    """How a customer and we talk."""

    PHONE = "phone"
    EMAIL = "email"
    CHAT = "chat"
    WEB = "web"
    LETTER = "letter"
    IN_PERSON = "in_person"


LIVE = (Status.NEW, Status.OPEN, Status.ON_HOLD)

# These outcomes say that there was no complaint to answer for (or nobody to answer to): they ask for no
# root cause and stay out of the measures.
UNMEASURED = frozenset({Outcome.UNREACHABLE, Outcome.NOT_A_COMPLAINT, Outcome.WRONG_NUMBER, Outcome.SPAM})

TRANSITIONS: dict[tuple[Status, str], Status] = {
    (Status.NEW, "acknowledge"): Status.OPEN,
    (Status.OPEN, "hold"): Status.ON_HOLD,
    (Status.ON_HOLD, "resume"): Status.OPEN,
    # Resolving at once, in the first call, acknowledges as well: the customer has been answered.
    (Status.NEW, "resolve"): Status.RESOLVED,
    (Status.OPEN, "resolve"): Status.RESOLVED,
    (Status.ON_HOLD, "resolve"): Status.RESOLVED,
    (Status.RESOLVED, "close"): Status.CLOSED,
    (Status.NEW, "dismiss"): Status.CLOSED,
    (Status.OPEN, "dismiss"): Status.CLOSED,
    (Status.ON_HOLD, "dismiss"): Status.CLOSED,
    (Status.RESOLVED, "dismiss"): Status.CLOSED,
    (Status.RESOLVED, "reopen"): Status.OPEN,
    (Status.CLOSED, "reopen"): Status.OPEN,
    # A complaint dismissed before anybody had acknowledged it still waits for that.
    (Status.CLOSED, "reopen_unacknowledged"): Status.NEW,
}


def after(status: str, action: str) -> Status | None:
    """Return the status that `action` leads to from `status`, or None when it is not allowed there."""
    return TRANSITIONS.get((Status(status), action))
