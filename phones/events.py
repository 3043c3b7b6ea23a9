"""What a telephone system reports, in words that no vendor owns. Pure.

Every adapter turns its vendor's payload into these events; the shape is that of a CloudEvent: an id that is
unique for its source, a type, the call it is about, when it happened, and what that type says beside.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class Type(StrEnum):
    """What happened to a call, in the order in which things happen that are reported for the same instant."""

    RINGING = "call.ringing"
    QUEUED = "call.queued"
    ANSWERED = "call.answered"
    HELD = "call.held"
    UNHELD = "call.unheld"
    TRANSFERRED = "call.transferred"
    TRANSFER_FAILED = "call.transfer_failed"
    ENDED = "call.ended"
    SUMMARY = "call.summary"


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class HeldKind(StrEnum):
    HOLD = "hold"
    PARKED = "parked"


class UnheldReason(StrEnum):
    RESUMED = "resumed"
    TRANSFER = "transfer"


class TransferKind(StrEnum):
    """BLIND: nobody spoke with the target first. ATTENDED: somebody did."""

    BLIND = "blind"
    ATTENDED = "attended"


class EndedBy(StrEnum):
    CALLER = "caller"
    AGENT = "agent"
    SYSTEM = "system"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Field:
    """One thing that an event says: one of `values`, or any short text; it may be left out unless required."""

    required: bool = False
    values: tuple[str, ...] = ()


def _one_of(values: type[StrEnum], *, required: bool = True) -> Field:
    return Field(required=required, values=tuple(value.value for value in values))


# An agent is named by extension: who has signed in to it is known to the tracker, not to the telephone system.
FIELDS: dict[Type, dict[str, Field]] = {
    Type.RINGING: {"from": Field(), "to": Field(), "direction": _one_of(Direction, required=False)},
    Type.QUEUED: {"queue": Field()},
    Type.ANSWERED: {"agent": Field(required=True)},
    Type.HELD: {"by": Field(), "kind": _one_of(HeldKind, required=False)},
    Type.UNHELD: {"reason": _one_of(UnheldReason, required=False)},
    Type.TRANSFERRED: {"kind": _one_of(TransferKind), "by": Field(), "target": Field()},
    Type.TRANSFER_FAILED: {"reason": Field()},
    # agent: which of several hung up, where the telephone system knows.
    Type.ENDED: {"ended_by": _one_of(EndedBy, required=False), "cause": Field(), "agent": Field()},
}
LONGEST = 200


@dataclass(frozen=True)
class Event:
    """One event. sequence: its place among events of the same instant, where the source numbers them."""

    id: str
    type: Type
    call_id: str
    occurred_at: datetime
    sequence: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def says(self, name: str, default: str = "") -> str:
        """Return what the event says under that name."""
        return str(self.data.get(name) or default)


def wrong_with(kind: Type, data: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with what an event of that type says, by field; empty when nothing is."""
    if kind == Type.SUMMARY:
        return {}
    known = FIELDS[kind]
    wrong = {
        f"data.{shown(name)}": f"{kind} says nothing of that. Known: {', '.join(known)}."
        for name in data.keys() - known
    }
    for name, rule in known.items():
        value = data.get(name)
        if value in (None, ""):
            if rule.required:
                wrong[f"data.{name}"] = f"{kind} must say this."
        elif rule.values and value not in rule.values:
            wrong[f"data.{name}"] = f"One of: {', '.join(rule.values)}."
        elif not isinstance(value, str | int) or isinstance(value, bool) or len(str(value)) > LONGEST:
            wrong[f"data.{name}"] = f"Give a text of at most {LONGEST} characters."
    return wrong


def read(raw: Any) -> tuple[Event | None, dict[str, str]]:
    """Return the event that a neutral payload says, or None with what is wrong with it, by field."""
    if not isinstance(raw, dict):
        return None, {"event": "Give an object."}
    wrong = {shown(name): "There is no such field here." for name in raw if name not in _NEUTRAL}
    for name in ("id", "call_id"):
        value = raw.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST or not value.isprintable():
            wrong[name] = f"Give a text of at most {LONGEST} characters."
    occurred_at = _moment(raw.get("occurred_at"))
    if occurred_at is None:
        wrong["occurred_at"] = "Give the time with its zone: 2026-05-01T15:30:00Z."
    sequence = raw.get("sequence")
    if sequence is not None and (
        isinstance(sequence, bool) or not isinstance(sequence, int) or abs(sequence) >= 2**62
    ):
        wrong["sequence"] = "Give a whole number."
    data = raw.get("data", {})
    if not isinstance(data, dict):
        wrong["data"] = "Give an object."
    elif not _is_text(data):
        wrong["data"] = "There is something in it that is no text: U+0000, or half a character."
    if raw.get("type") not in tuple(Type):
        wrong["type"] = f"One of: {', '.join(Type)}."
    elif isinstance(data, dict):
        wrong |= wrong_with(Type(raw["type"]), data)
    if wrong or occurred_at is None:
        return None, wrong
    return Event(raw["id"], Type(raw["type"]), raw["call_id"], occurred_at, sequence, data), {}


_NEUTRAL = ("id", "source", "specversion", "type", "call_id", "occurred_at", "sequence", "data")


def shown(name: str) -> str:
    """Return a name as it can be shown and kept, whatever was sent."""
    return name if name.isprintable() else ascii(name)[1:-1]


def _is_text(data: Any) -> bool:
    """Say whether PostgreSQL can keep all of it."""
    said = json.dumps(data, ensure_ascii=False)
    return "\\u0000" not in said and said.encode("utf-8", "ignore").decode() == said


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return found.astimezone(UTC) if found is not None and found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


_PLACES = {kind: place for place, kind in enumerate(Type)}


def in_order(events: Mapping[str, Event]) -> list[Event]:
    """Return events (by id) as they happened, however they came: the same for every order of arrival."""
    return sorted(
        events.values(), key=lambda each: (each.occurred_at, each.sequence or 0, _PLACES[each.type], each.id)
    )
