"""Queueing notices: rows in the caller's transaction, so that a notice exists exactly when its cause does."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

import structlog
from django.db import connection, transaction
from django.utils import timezone

from notices import live
from notices.models import Notice
from people.models import Person

# One statement: the hottest verbs queue notices, and most installations have no webhook at all. Whoever
# covers somebody who is told is told as well, and for whom. A webhook gets what happened once, however
# many people are told of it, with the list of them.
_QUEUE = """
    INSERT INTO notices_notice (id, kind, person_id, webhook_id, address, about, payload, queued_at,
                                next_attempt_at, request_id)
    SELECT gen_random_uuid(), message.kind, receiver.person_id, receiver.webhook_id, '', message.about,
           receiver.payload, %(now)s::timestamptz, %(now)s::timestamptz, %(request_id)s::text
    FROM jsonb_to_recordset(%(messages)s::jsonb)
        AS message (place int, kind text, about text, people bigint[], payload jsonb, event jsonb),
    LATERAL (
        SELECT person_id, NULL::bigint AS webhook_id, message.payload FROM unnest(message.people) AS person_id
        UNION ALL
        (SELECT DISTINCT ON (covering_id) covering_id, NULL::bigint,
                message.payload || jsonb_build_object('covering_for', absent.username)
         FROM people_cover cover JOIN people_person absent ON absent.id = cover.absent_id
         WHERE cover.absent_id = ANY (message.people) AND covering_id <> ALL (message.people)
           AND cover.ended_at IS NULL AND accepted_at <= %(now)s::timestamptz
           AND starts_at <= %(now)s::timestamptz AND until > %(now)s::timestamptz)
        UNION ALL
        SELECT NULL, id, message.event FROM notices_webhook
        WHERE active AND (kinds = '{}' OR message.kind = ANY (kinds))
    ) AS receiver
    ORDER BY message.place
    RETURNING kind, about, payload ->> 'call', person_id"""
_QUEUE_MAIL = """
    INSERT INTO notices_notice (id, kind, address, about, payload, queued_at, next_attempt_at, request_id)
    VALUES (gen_random_uuid(), %(kind)s, %(address)s, %(about)s, %(payload)s, %(now)s, %(now)s, %(request_id)s)"""


class Message(NamedTuple):
    """What some people are to be told; see `queue`."""

    kind: str
    to: Iterable[Person | None]
    about: str
    payload: dict[str, Any]


def queue(kind: str, *, to: Iterable[Person | None], about: str, **payload: Any) -> None:
    """Queue one notice of `kind` for each distinct person in `to`; None and people who left are passed over.

    Whoever covers one of them gets one as well, and so does each webhook that wants the kind, when there
    is anybody to be told.

    about: what orders them, a ticket's reference. payload: JSON-ready facts. Call it within the verb's
    transaction.
    """
    queue_all([Message(kind, to, about, payload)])


def queue_all(messages: Iterable[Message]) -> None:
    """Queue several messages, in their order, with one statement; see `queue`."""
    assert transaction.get_connection().in_atomic_block, "a notice belongs to the transaction that caused it"
    rows = []
    for place, (kind, to, about, payload) in enumerate(messages):
        people = {person.pk: person.username for person in to if person is not None and person.is_active}
        if people:
            event = {**payload, "to": list(people.values())}
            row = {"place": place, "kind": kind, "about": about, "people": list(people)}
            rows.append({**row, "payload": payload, "event": event})
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, {"messages": json.dumps(rows), "now": timezone.now(), "request_id": request_id()})
        queued = cursor.fetchall()
    told: dict[tuple[str, str, str | None], list[int]] = defaultdict(list)
    for kind, about, call, person in queued:
        if person is not None:  # but a webhook
            told[kind, about, call].append(person)
    for (kind, about, call), receivers in told.items():
        live.noticed(kind, about=about, people=receivers, call=call)


def queue_mail(kind: str, *, address: str, about: str, **payload: Any) -> None:
    """Queue one message to an address outside, a customer's receipt for instance."""
    with connection.cursor() as cursor:
        cursor.execute(
            _QUEUE_MAIL,
            {
                "kind": kind,
                "address": address,
                "about": about,
                "payload": json.dumps(payload),
                "now": timezone.now(),
                "request_id": request_id(),
            },
        )


def request_id() -> str:
    """Return what the log calls the request that is being answered, or the task that runs; else nothing."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def forget(addresses: Iterable[str]) -> None:
    """Blank the given addresses in all messages, sent or not; a message without receiver is never sent."""
    written = Notice.objects.filter(address__in=list(addresses))
    written.filter(state=Notice.State.QUEUED).update(state=Notice.State.SKIPPED, next_attempt_at=None)
    written.update(address="", person=None)


def skip_queued(why: str) -> int:
    """Deliver nothing of what is queued, and return how much that was: its receivers are not to be bothered."""
    queued = Notice.objects.filter(state=Notice.State.QUEUED)
    return queued.update(state=Notice.State.SKIPPED, next_attempt_at=None, last_error=why)


def lag() -> timedelta:
    """Return for how long the oldest message that may be sent has waited; nothing when none is due."""
    now = timezone.now()
    oldest = Notice.objects.due(now).order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()
    return now - oldest if oldest else timedelta()
