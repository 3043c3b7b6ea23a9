"""The names of things: every kind that a row of this app can be of. Pure."""

from enum import StrEnum


class BeganBy(StrEnum):
    """How a tenure began."""

    OPENED = "opened"
    ACCEPTED = "accepted"
    TAKEN_OVER = "taken_over"
    INHERITED = "inherited"
    IMPORTED = "imported"


class HoldKind(StrEnum):
    """On the line, or for days."""

    CALL = "call"
    TICKET = "ticket"


class HoldEnd(StrEnum):
    """How a hold ended."""

    RETURNED = "returned"
    TRANSFERRED = "transferred"
    CALLER_HUNG_UP = "caller_hung_up"
    DROPPED_BY_US = "dropped_by_us"
    CLOSED = "closed"


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


class Level(StrEnum):
    AMBER = "amber"
    RED = "red"


class FlagState(StrEnum):
    """Raised, somebody is on it, or dealt with (closed with a note, called a false alarm, cause gone)."""

    RAISED = "raised"
    TAKEN_ON = "taken_on"
    CLOSED = "closed"
    FALSE_ALARM = "false_alarm"
    CLEARED = "cleared"


class FlagKind(StrEnum):
    BOUNCED = "bounced"
    PING_PONG = "ping_pong"
    HOT_POTATO = "hot_potato"
    REFUSED = "refused"
    COLD_TRANSFER = "cold_transfer"
    PACKET_OWED = "packet_owed"
    HOLD_OVERDUE = "hold_overdue"
    ABANDONED_ON_HOLD = "abandoned_on_hold"
    DROPPED_BY_US = "dropped_by_us"
    QUEUE_ABANDONED = "queue_abandoned"
    REPEAT_CONTACT = "repeat_contact"
    UNACKNOWLEDGED = "unacknowledged"
    PROMISE_BROKEN = "promise_broken"
    MANAGER_ASKED = "manager_asked"
    HELP_UNANSWERED = "help_unanswered"
    SILENT = "silent"


class Because(StrEnum):
    """Why somebody outside the team may see a ticket."""

    OFFERED = "offered"
    ASKED = "asked"
    DUPLICATE = "duplicate"


class EntryKind(StrEnum):
    """What a line of the timeline says happened."""

    OPENED = "opened"
    DETAILS_CHANGED = "details_changed"
    ACKNOWLEDGED = "acknowledged"
    NOTE = "note"
    CONTACT = "contact"
    HOLD_STARTED = "hold_started"
    HOLD_EXTENDED = "hold_extended"
    HOLD_ENDED = "hold_ended"
    PROMISED = "promised"
    PROMISE_KEPT = "promise_kept"
    PROMISE_RENEGOTIATED = "promise_renegotiated"
    PROMISE_WITHDRAWN = "promise_withdrawn"
    FLAG_RAISED = "flag_raised"
    FLAG_ROSE = "flag_rose"
    FLAG_CLIMBED = "flag_climbed"
    FLAG_TAKEN_ON = "flag_taken_on"
    FLAG_CLOSED = "flag_closed"
    FLAG_CLEARED = "flag_cleared"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    DUPLICATE_PROPOSED = "duplicate_proposed"
    DUPLICATE_DECLINED = "duplicate_declined"
    DUPLICATE_LINKED = "duplicate_linked"
    HANDOFF_REQUESTED = "handoff_requested"
    HANDOFF_APPROVED = "handoff_approved"
    HANDOFF_REFUSED = "handoff_refused"
    HANDOFF_OFFERED = "handoff_offered"
    HANDOFF_CLAIMED = "handoff_claimed"
    HANDOFF_ACCEPTED = "handoff_accepted"
    HANDOFF_DECLINED = "handoff_declined"
    HANDOFF_WITHDRAWN = "handoff_withdrawn"
    HANDOFF_EXPIRED = "handoff_expired"
    HANDOFF_COMPLETED = "handoff_completed"
    HANDOFF_CORRECTED = "handoff_corrected"
    APPROVAL_CLIMBED = "approval_climbed"
    TAKEN_OVER = "taken_over"
    INHERITED = "inherited"
    HELP_ASKED = "help_asked"
    HELP_ANSWERED = "help_answered"
    HELP_WITHDRAWN = "help_withdrawn"
    MANAGER_ASKED = "manager_asked"
    MANAGER_RUNG = "manager_rung"
    MANAGER_ANSWERED = "manager_answered"
    MANAGER_UNASKED = "manager_unasked"
    CALL_LINKED = "call_linked"
    CALL_UNLINKED = "call_unlinked"
    CALL_ENDED = "call_ended"
    CALL_CORRECTED = "call_corrected"
    CUSTOMER_FORGOTTEN = "customer_forgotten"
    IMPORTED = "imported"
