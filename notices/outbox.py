"""Queueing notices: rows in the caller's transaction, so that a notice exists exactly when its cause does."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone

from notices.models import Notice
from people.models import Person

# One statement: the hottest verbs queue notices, and most installations have no webhook at all. A webhook
# gets what happened once, however many people are told of it, with the list of them.
_QUEUE = """
    INSERT INTO notices_notice (id, kind, person_id, webhook_id, address, about, payload, queued_at,
                                next_attempt_at, request_id)
    SELECT gen_random_uuid(), %(kind)s::text, person_id, webhook_id, '', %(about)s::text,
           CASE WHEN webhook_id IS NULL THEN %(payload)s::jsonb ELSE %(event)s::jsonb END,
           %(now)s::timestamptz, %(now)s::timestamptz, %(request_id)s::text
    FROM (
        SELECT person_id, NULL::bigint AS webhook_id FROM unnest(%(people)s::bigint[]) AS person_id
        UNION ALL
        SELECT NULL, id FROM notices_webhook WHERE active AND (kinds = '{}' OR %(kind)s::text = ANY (kinds))
    ) AS receiver"""
_QUEUE_MAIL = """
    INSERT INTO notices_notice (id, kind, address, about, payload, queued_at, next_attempt_at, request_id)
    VALUES (gen_random_uuid(), %(kind)s, %(address)s, %(about)s, %(payload)s, %(now)s, %(now)s, %(request_id)s)"""


def queue(kind: str, *, to: Iterable[Person | None], about: str, **payload: Any) -> None:
    """Queue one notice of `kind` for each distinct person in `to`; None and people who left are passed over.

    Each webhook that wants the kind gets one as well, when there is anybody to be told.

    about: what orders them, a ticket's reference. payload: JSON-ready facts. Call it within the verb's
    transaction.
    """
    assert transaction.get_connection().in_atomic_block, "a notice belongs to the transaction that caused it"
    people = {person.pk: person for person in to if person is not None and person.is_active}
    if not people:
        return
    event = {**payload, "to": [person.username for person in people.values()]}
    with connection.cursor() as cursor:
        cursor.execute(
            _QUEUE,
            {
                "kind": kind,
                "about": about,
                "people": list(people),
                "payload": json.dumps(payload),
                "event": json.dumps(event),
                "now": timezone.now(),
                "request_id": request_id(),
            },
        )


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
