"""What a flag's evidence says, in words: why a manager should look. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tickets.kinds import FlagKind
from web.templatetags.web import length

Evidence = Mapping[str, Any]
Names = Mapping[str, str]

# Usernames among the evidence.
PEOPLE = ("giver", "asked")
# Moments among it: the one that the words end with, the first that there is.
MOMENTS = (
    "return_by",
    "since",
    "due_at",
    "acknowledge_by",
    "transferred_at",
    "moved_at",
    "asked_at",
    "heard_at",
    "at",
)

# What telephone systems tell: tickets know nothing of calls, so these are codes.
CALLS: dict[str, Promise] = {
    "held_caller_hung_up": gettext_lazy("The customer waited on hold and hung up"),
    "dropped_on_hold": gettext_lazy("The customer waited on hold, and we ended the call"),
    "dropped_after_transfer": gettext_lazy("The customer was passed on, and the line was cut"),
    "ended_unresolved": gettext_lazy("We ended the call, and nobody has said what it was or called back"),
    "queue_abandoned": gettext_lazy("The customer has an open complaint and gave up in the queue"),
}


@dataclass(frozen=True)
class Said:
    """Words, and the moment that they end with."""

    words: str
    at: datetime | None


def said(kind: str, evidence: Evidence, names: Names) -> Said:
    """Return a flag's evidence in words; `names` maps usernames to names."""
    at = next((evidence[name] for name in MOMENTS if evidence.get(name)), None)
    return Said(_words(FlagKind(kind), evidence, names), datetime.fromisoformat(at) if at else None)


def people_in(every: Iterable[Evidence]) -> set[str]:
    """Return the usernames that evidence names."""
    return {evidence[name] for evidence in every for name in PEOPLE if evidence.get(name)}


def capacity(load: Mapping[str, int] | None) -> str:
    """Return in words that the team had more than it can carry when a flag was raised, or "" when it had not."""
    if not load:
        return ""
    return _("Too much for the team: %(live_tickets)d open tickets, %(reps)d reps, at most %(limit_each)d each") % load


def _words(kind: FlagKind, evidence: Evidence, names: Names) -> str:
    match kind:
        case FlagKind.BOUNCED:
            return _owners(evidence)
        case FlagKind.PING_PONG:
            returns = evidence.get("returns", 1)
            return _times(returns, _("It came back to somebody who had owned it before"))
        case FlagKind.HOT_POTATO:
            return _("%(n)d owners within 24 hours") % {"n": evidence.get("owners_in_24_hours", 0)}
        case FlagKind.REFUSED:
            return _("%(n)d offers of its owner were declined or not answered") % {"n": evidence.get("offers", 0)}
        case FlagKind.COLD_TRANSFER if "transferred_at" in evidence:
            return _("The caller was passed on and nobody handed the complaint over")
        case FlagKind.COLD_TRANSFER:
            return _("The customer has not heard from the new owner; it moved")
        case FlagKind.PACKET_OWED:
            return _("%(giver)s handed it over during a call and still owes the rest of what is known") % {
                "giver": _named(evidence, "giver", names)
            }
        case FlagKind.HOLD_OVERDUE if evidence.get("hold_kind") == "call":
            return _("The customer is on hold, on the line; it began")
        case FlagKind.HOLD_OVERDUE:
            return _("Nobody came back from the hold; the return was promised for")
        case FlagKind.ABANDONED_ON_HOLD | FlagKind.DROPPED_BY_US | FlagKind.QUEUE_ABANDONED:
            return _lost(kind, evidence)
        case FlagKind.REPEAT_CONTACT:
            return _times(evidence.get("chases_in_7_days", 0), _("Within 7 days the customer asked what became of it"))
        case FlagKind.UNACKNOWLEDGED:
            return _("Nobody has told the customer “I'll do it”; that was to be said by")
        case FlagKind.PROMISE_BROKEN if evidence.get("renegotiated"):
            return _("A promise was put off more than once; it is due")
        case FlagKind.PROMISE_BROKEN:
            return _("A promise was not kept; it was due")
        case FlagKind.MANAGER_ASKED:
            return _("No manager has spoken with the customer, who asked for one")
        case FlagKind.HELP_UNANSWERED:
            return _("%(asked)s has not answered the owner's question") % {"asked": _named(evidence, "asked", names)}
        case FlagKind.SILENT:
            return _("The customer has not heard from us; the last contact was")


def _named(evidence: Evidence, name: str, names: Names) -> str:
    username = evidence.get(name, "")
    return names.get(username, username) or _("Somebody")


def _times(times: int, words: str) -> str:
    """Return words, with how often when it was more than once."""
    return words if times < 2 else _("%(words)s: %(n)d times") % {"words": words, "n": times}


def _owners(evidence: Evidence) -> str:
    owners = evidence.get("owners", 0)
    words = ngettext("It has had %(n)d owner", "It has had %(n)d owners", owners) % {"n": owners}
    if not evidence.get("chased"):
        return words
    return _("%(words)s, and the customer asks what became of it") % {"words": words}


def _lost(kind: FlagKind, evidence: Evidence) -> str:
    """Return how a customer was lost on the line: told by a call, by whoever ended the hold, or by the clock."""
    if evidence.get("cause") in CALLS:
        return str(CALLS[evidence["cause"]])
    if "waited_seconds" in evidence:
        seconds = evidence["waited_seconds"]
        waited = length(timedelta(seconds=seconds)) if seconds >= 60 else _("%(n)d seconds") % {"n": seconds}
        if kind == FlagKind.DROPPED_BY_US:
            return _("The customer waited on hold for %(waited)s, and we ended the call") % {"waited": waited}
        return _("The customer waited on hold for %(waited)s and hung up") % {"waited": waited}
    if "since" in evidence:
        return _("The customer is on hold, and nobody comes back; it began")
    return _("The customer was lost on the line")
