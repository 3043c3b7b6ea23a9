"""The inbox: events are stored first and applied after; a call is worked out from all of its events again."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone

from people.transactions import verb
from phones import consequences, sources
from phones.events import Event, read, shown
from phones.models import Call, PhoneEvent, Source

# Further from now than that, an event is kept and believed, and nobody is bothered with it.
AHEAD, BACK = timedelta(minutes=5), timedelta(hours=24)


class Status(StrEnum):
    """What became of an event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True)
class Result:
    """What became of one event: of which call it is, or what is wrong with it, by field.

    concluded: what its call concludes now that it has come.
    """

    id: str
    status: Status
    call: int | None = None
    suspect: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    concluded: tuple[str, ...] = ()


def take_in(source: Source, payloads: Sequence[Any]) -> list[Result]:
    """Take in neutral events, each for itself: one that is wrong keeps no other back.

    The events of one call are one transaction. Returns a result for each payload, in their order.
    """
    results: list[Result | None] = [None] * len(payloads)
    by_call: dict[str, list[tuple[int, Event]]] = defaultdict(list)
    for place, raw in enumerate(payloads):
        event, wrong = read(raw)
        if event is None:
            name = raw.get("id") if isinstance(raw, dict) else None
            results[place] = Result(shown(name) if isinstance(name, str) else "", Status.REFUSED, errors=wrong)
        else:
            by_call[event.call_id].append((place, event))
    for call_id, placed in by_call.items():
        for (place, _), result in zip(
            placed, _of_one_call(source, call_id, [event for _, event in placed]), strict=True
        ):
            results[place] = result
    done = [result for result in results if result is not None]
    _note(source, done, [event for placed in by_call.values() for _, event in placed])
    return done


def _note(source: Source, results: Sequence[Result], events: Sequence[Event]) -> None:
    refused = [result for result in results if result.status == Status.REFUSED]
    why = "; ".join(f"{name}: {problem}" for name, problem in refused[-1].errors.items()) if refused else ""
    last = max((event.occurred_at for event in events), default=None)
    sources.heard(source, last=last, refused=len(refused), why=why)


@verb
def _of_one_call(source: Source, call_id: str, events: Sequence[Event]) -> list[Result]:
    call = _lock(source, call_id, events[0])
    now = timezone.now()
    known = {
        bytes_of.event_id: bytes(bytes_of.digest)
        for bytes_of in PhoneEvent.objects.filter(source=source, event_id__in=[event.id for event in events])
    }
    results, new = [], []
    for event in events:
        digest = digest_of(event)
        suspect = not now - BACK <= event.occurred_at <= now + AHEAD
        if event.id not in known:
            known[event.id] = digest
            new.append(_row(source, call, event, digest=digest, suspect=suspect))
            results.append(Result(event.id, Status.ACCEPTED, call.pk, suspect))
        elif known[event.id] == digest:
            results.append(Result(event.id, Status.DUPLICATE, call.pk, suspect))
        else:
            wrong = {"id": "An event of that id was sent before, and said something else."}
            results.append(Result(event.id, Status.REFUSED, errors=wrong))
    if not new:
        if call.told == {}:
            call.delete()
        return results
    PhoneEvent.objects.bulk_create(new)
    call.suspect = call.suspect or any(row.suspect for row in new)
    told = consequences.tell(call, at=now)
    consequences.apply(call, told, at=now)
    concluded = tuple(str(conclusion.cause) for conclusion in told.conclusions)
    return [replace(result, concluded=concluded) if result.status == Status.ACCEPTED else result for result in results]


def _lock(source: Source, call_id: str, first: Event) -> Call:
    """Return the row of a call, new or not, locked until the transaction ends."""
    Call.objects.bulk_create(
        [
            Call(
                source=source,
                call_id=call_id,
                team_id=source.team_id,
                began_at=first.occurred_at,
                heard_at=first.occurred_at,
            )
        ],
        ignore_conflicts=True,
    )
    return (
        Call.objects.select_for_update(of=("self",), no_key=True)
        .select_related("source__team")
        .get(source=source, call_id=call_id)
    )


def _row(source: Source, call: Call, event: Event, *, digest: bytes, suspect: bool) -> PhoneEvent:
    return PhoneEvent(
        source=source,
        event_id=event.id,
        call=call,
        type=event.type,
        occurred_at=event.occurred_at,
        sequence=event.sequence,
        data=dict(event.data),
        digest=digest,
        suspect=suspect,
    )


def digest_of(event: Event) -> bytes:
    """Return a digest of what an event says."""
    said = [event.type, event.call_id, event.occurred_at.isoformat(), event.sequence, dict(event.data)]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).digest()
