"""The protocol of a handoff: its states, who answers, how long, what must be said. Pure."""

import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    OFFER = "offer"
    CLAIM = "claim"


class State(StrEnum):
    REQUESTED = "requested"
    OFFERED = "offered"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REFUSED = "refused"


IN_PROGRESS = (State.REQUESTED, State.OFFERED, State.CLAIMED)


class Reason(StrEnum):
    """Why ownership should move."""

    AUTHORITY = "authority"
    SKILL = "skill"
    LANGUAGE = "language"
    CUSTOMER_ASKED = "customer_asked"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    ABSENCE = "absence"
    WRONG_OWNER = "wrong_owner"


class Urgency(StrEnum):
    NOW = "now"
    HOUR = "hour"
    TODAY = "today"


class HelpState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class RequestState(StrEnum):
    """Where a customer's wish for a manager stands; LAPSED: the ticket ended first."""

    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Ring(StrEnum):
    """What happens, one after the other, while nobody answers a customer who wants a manager."""

    DEPUTY = "deputy"
    CALL_BACK = "call_back"
    AMBER = "amber"
    RED = "red"


class Party(StrEnum):
    """Who gives an answer: the owner, the one who would own it, the manager whose approval is asked."""

    GIVER = "giver"
    RECEIVER = "receiver"
    APPROVER = "approver"


# (kind, state, answer) → who gives it and where it leads. What is not here is refused.
ANSWERS: dict[tuple[Kind, State, str], tuple[Party, State]] = {
    (Kind.OFFER, State.REQUESTED, "approve"): (Party.APPROVER, State.OFFERED),
    (Kind.OFFER, State.REQUESTED, "refuse"): (Party.APPROVER, State.REFUSED),
    (Kind.OFFER, State.REQUESTED, "withdraw"): (Party.GIVER, State.WITHDRAWN),
    (Kind.OFFER, State.OFFERED, "accept"): (Party.RECEIVER, State.ACCEPTED),
    (Kind.OFFER, State.OFFERED, "decline"): (Party.RECEIVER, State.DECLINED),
    (Kind.OFFER, State.OFFERED, "withdraw"): (Party.GIVER, State.WITHDRAWN),
    (Kind.CLAIM, State.CLAIMED, "release"): (Party.GIVER, State.ACCEPTED),
    (Kind.CLAIM, State.CLAIMED, "decline"): (Party.GIVER, State.DECLINED),
    (Kind.CLAIM, State.CLAIMED, "withdraw"): (Party.RECEIVER, State.WITHDRAWN),
}

# The counted change from which on an offer waits for a manager's approval.
APPROVAL_FROM = 3

LIVE_OFFER = timedelta(minutes=2)
CORRECTION = timedelta(days=1)
# (time to answer, whether it runs in the receiver's working hours)
CLOCKS = {
    Urgency.NOW: (timedelta(minutes=15), False),
    Urgency.HOUR: (timedelta(hours=1), True),
    Urgency.TODAY: (timedelta(hours=4), True),
}

REQUIRED = ("need", "next_action", "expectation", "history")
REQUIRED_LIVE = ("need", "next_action")
OPTIONAL = ("contingency", "customer_told")
PACKET = REQUIRED + OPTIONAL

# What people type to get past a required field. Compared after `normalise`.
STOCK_PHRASES = frozenset(
    phrase.strip()
    for phrase in """
    as above; as discussed; as per notes; asap; call customer; check notes; customer called; done; dunno;
    idk; misc; n a; na; nil; no; none; not applicable; not sure; nothing; ok; okay; other; please;
    please advise; please handle; please help; pls; same; same as above; see above; see below;
    see history; see notes; see ticket; tba; tbc; tbd; test; todo; unknown; urgent; various; yes
    """.replace("\n", " ").split(";")
)


def normalise(text: str) -> str:
    """Return the words of `text`: case folded, without punctuation and symbols, single spaces between."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = (char if unicodedata.category(char)[0] in "LMN" else " " for char in folded)
    return " ".join("".join(kept).split())


def says_nothing(text: str) -> bool:
    """Say whether a text carries no content: empty, only punctuation, or a stock phrase."""
    words = normalise(text)
    return not words or words in STOCK_PHRASES or len(set(words.replace(" ", ""))) == 1


def missing(packet: Mapping[str, str], required: tuple[str, ...]) -> dict[str, str]:
    """Return what is wrong with a packet, by field; empty when every required field says something."""
    wrong: dict[str, str] = {}
    said: dict[str, str] = {}
    for name in required:
        text = packet.get(name, "")
        if says_nothing(text):
            wrong[name] = QUESTIONS[name]
        elif (words := normalise(text)) in said:
            wrong[name] = f"This says the same as “{said[words].replace('_', ' ')}”. {QUESTIONS[name]}"
        else:
            said[words] = name
    return wrong


QUESTIONS = {
    "need": "What does the customer need, in the customer's words?",
    "next_action": "Who does what next, and by when?",
    "expectation": "What does the customer expect, and what were they told to expect?",
    "history": "What was tried, and what is known?",
    "read_back": "What does the customer need and what will you do next, in your own words?",
}


def wrong_with_read_back(read_back: str, *, others: Mapping[str, str]) -> str:
    """Return what is wrong with a read-back ("" when nothing is); a copy of any of `others` is a copy."""
    if says_nothing(read_back):
        return QUESTIONS["read_back"]
    words = normalise(read_back)
    texts = sorted((normalise(text) for text in others.values() if text), key=len, reverse=True)
    rest = f" {words} "
    for text in texts:
        rest = rest.replace(f" {text} ", " ")
    # Nothing is left: fields of the packet, in whatever order. More than three words in one of them: a passage.
    copied = says_nothing(rest) or (len(words.split()) > 3 and any(words in text for text in texts))
    return "Say it back in your own words: this is a copy." if copied else ""
