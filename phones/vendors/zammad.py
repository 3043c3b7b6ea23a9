"""Zammad's generic CTI: what whoever talks to Zammad sends, as neutral events. Pure.

A call has three posts (newCall, answer, hangup), which say neither when they happened nor anything of holds.
They happened when they were received, unless one has come before that can only have happened after it. So an
event's id is the call's with what it is: whatever is posted again is known by it, at whatever time it comes.
Source: docs.zammad.org, Generic CTI.
"""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import phonenumbers

from phones.events import LONGEST, Direction, EndedBy, Event, Type

EVENTS = ("newCall", "answer", "hangup")
DIRECTIONS = {"in": Direction.INBOUND, "out": Direction.OUTBOUND}
WITHHELD = frozenset({"anonymous", "unknown", "private", "restricted", "unavailable"})
LONGEST_ID = 120
# Who ended it, where the cause tells; after `normalClearing` it may have been either.
ENDED = {
    "busy": EndedBy.SYSTEM,
    "noAnswer": EndedBy.SYSTEM,
    "congestion": EndedBy.SYSTEM,
    "notFound": EndedBy.SYSTEM,
}


def read(said: Mapping[str, Any], *, at: datetime, region: str) -> tuple[list[Event], dict[str, str]]:
    """Return what a post that was received at `at` tells, and what is wrong with it, by field.

    region: the country whose national numbers are sent.
    """
    said = {name: value for name, value in said.items() if value is not None}
    wrong = {name: "Give a text." for name in ("from", "to", "cause", "queue") if not _is_text(said.get(name, ""))}
    for name, values in (("event", EVENTS), ("direction", tuple(DIRECTIONS))):
        if said.get(name) not in values:
            wrong[name] = f"One of: {', '.join(values)}."
    call = call_of(said)
    if not 0 < len(call) <= LONGEST_ID or not call.isprintable():
        wrong["callId"] = f"Give a text of at most {LONGEST_ID} characters."
    if wrong:
        return [], wrong
    return list(_told(said, call, at=at, region=region)), {}


def call_of(said: Mapping[str, Any]) -> str:
    """Return which call a post is about; "" when it does not say."""
    named = said.get("callId")
    return str(named) if _is_text(named) else ""


def placed(told: Iterable[Event], known: Iterable[Event]) -> list[Event]:
    """Return those events that are not known of the call yet, none after what can only have come after it."""
    known = list(known)
    ids = {each.id for each in known}
    return [
        replace(
            event, occurred_at=min([event.occurred_at, *(each.occurred_at for each in known if _after(each, event))])
        )
        for event in told
        if event.id not in ids
    ]


def _after(other: Event, event: Event) -> bool:
    return _ORDER.index(other.type) > _ORDER.index(event.type)


_ORDER = list(Type)


def _told(said: Mapping[str, Any], call: str, *, at: datetime, region: str) -> Iterable[Event]:
    direction, event = DIRECTIONS[said["direction"]], said["event"]
    caller, called = (_number(str(said.get(name) or ""), region) for name in ("from", "to"))
    # Every post says who calls whom: the first to come tells that it rang, whichever it is.
    if event == "newCall" or caller or called:
        rings = {"from": caller, "to": called, "direction": direction.value}
        yield Event(f"{call}/newCall", Type.RINGING, call, at, data=rings)
    if event == "newCall" and said.get("queue"):
        yield Event(f"{call}/queue", Type.QUEUED, call, at, data={"queue": said["queue"]})
    if event == "answer":
        agent = _agent(said, direction)
        # Another who answers has taken the call over: an event of its own.
        yield Event(f"{call}/answer/{agent}"[:LONGEST], Type.ANSWERED, call, at, data={"agent": agent})
    if event == "hangup":
        cause = str(said.get("cause") or "")
        data = {"ended_by": _ended_by(cause, direction).value, "cause": cause}
        yield Event(f"{call}/hangup", Type.ENDED, call, at, data=data)


def _agent(said: Mapping[str, Any], direction: Direction) -> str:
    """Return which of us answered, or had called: the extension, as far as the post names it."""
    user = said.get("user[]", said.get("user"))
    user = user[0] if isinstance(user, list) and user else user
    named = [said.get("answeringNumber"), user, said.get("to")]
    if direction == Direction.OUTBOUND:  # the one who answers is the customer
        named = [user, said.get("from")]
    return next((str(name) for name in named if name and _is_text(name)), "")


def _ended_by(cause: str, direction: Direction) -> EndedBy:
    if cause == "cancel":  # whoever called hung up before anybody answered
        return EndedBy.CALLER if direction == Direction.INBOUND else EndedBy.AGENT
    return ENDED.get(cause, EndedBy.UNKNOWN)


def _number(text: str, region: str) -> str:
    """Return a number as E.164, whose + Zammad leaves out; an extension, or what is none, as it is."""
    if text.lower() in WITHHELD:
        return ""
    for number in (text, f"+{text}") if text.isdigit() else ():
        with contextlib.suppress(phonenumbers.NumberParseException):
            parsed = phonenumbers.parse(number, region or None)
            if phonenumbers.is_valid_number(parsed):
                return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return text


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)
