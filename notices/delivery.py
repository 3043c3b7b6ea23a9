"""Delivering what was queued: at least once, in order for one ticket and receiver.

A message is claimed for a while, sent, and marked after that. A worker that is killed in between has claimed
it and not marked it: when the claim has run out it is sent again, under the same id.
"""

import logging
import random
import time
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from notices import errors, preferences, retries, webhooks
from notices.addresses import Resolver, resolve
from notices.errors import Undelivered
from notices.mail import Mail
from notices.models import Notice, Notices, Webhook
from people.transactions import verb

log = structlog.get_logger(__name__)

BATCH = 50
# Much longer than a batch may take: its seconds, and one message begun in the last of them.
CLAIMED_FOR = timedelta(minutes=2)
SECONDS = 10
# Whoever does not answer costs a time-out; the other messages need not find that out one by one.
REST = timedelta(seconds=30)

State = Notice.State


def sweep(*, seconds: float = SECONDS, resolver: Resolver = resolve) -> int:
    """Send what is due, the oldest first, for at most so many seconds; return how many messages were tried.

    Any number of sweeps may run at once. What is due later than that waits for the next one.
    """
    end = time.monotonic() + seconds
    tried = 0
    while time.monotonic() < end:
        claimed = _claim()
        if not claimed:
            break
        tried += _deliver(claimed, end=end, resolver=resolver)
    return tried


@transaction.atomic
def _claim() -> list[UUID]:
    """Take the next messages that are due, and keep others off them for a while."""
    now = timezone.now()
    due = (
        Notice.objects.due(now).order_by("next_attempt_at", "number").select_for_update(of=("self",), skip_locked=True)
    )
    claimed = [pk for _, pk in sorted(due.values_list("number", "pk")[:BATCH])]
    Notice.objects.filter(pk__in=claimed).update(next_attempt_at=now + CLAIMED_FOR)
    return claimed


def _deliver(claimed: list[UUID], *, end: float, resolver: Resolver) -> int:
    """Send claimed messages one after another; give back those for which there is no time, or no answer."""
    silent: set[int | None] = set()  # webhooks; None is the mail server
    tried = 0
    with Mail() as mail:
        for each in claimed:
            # Read only now: meanwhile its receiver may have been forgotten, or the webhook switched off.
            found = Notice.objects.select_related("person", "webhook").filter(pk=each, state=State.QUEUED).first()
            if found is None:
                continue
            if found.webhook_id in silent:
                _give_back(found, timezone.now() + REST)
            elif time.monotonic() >= end:
                _give_back(found, timezone.now())
            else:
                tried += 1
                # In the log a delivery belongs to the request that caused the message.
                with structlog.contextvars.bound_contextvars(request_id=found.request_id):
                    if not _try(found, mail=mail, resolver=resolver):
                        silent.add(found.webhook_id)
    return tried


def _give_back(notice: Notice, due: datetime) -> None:
    Notice.objects.filter(pk=notice.pk, state=State.QUEUED).update(next_attempt_at=due)


def _try(notice: Notice, *, mail: Mail, resolver: Resolver) -> bool:
    """Send one message and mark it; say whether its receiver gave any answer."""
    try:
        skipped = _send(notice, mail=mail, resolver=resolver)
    except Undelivered as failure:
        _failed(notice, failure)
        return not failure.silent
    except Exception:
        # Our own mistake with one message (it is in the log) must not keep all the others.
        log.exception("notice_cannot_be_sent", notice=str(notice.pk), kind=notice.kind)
        _failed(notice, Undelivered("our fault: see the log"))
        return True
    if skipped:
        _mark(notice, State.SKIPPED, last_error=skipped)
    else:
        _mark(notice, State.DELIVERED, delivered_at=timezone.now(), last_error="")
    return True


def _send(notice: Notice, *, mail: Mail, resolver: Resolver) -> str:
    """Send one message, or return why nobody is to get it. Raises Undelivered."""
    if notice.webhook is not None:
        if not notice.webhook.active:
            return "the webhook is switched off"
        webhooks.send(notice, notice.webhook, resolver=resolver)
        return ""
    address = notice.address
    if notice.person is not None:
        if not notice.person.is_active:
            return "has left"
        if not preferences.wants_mail(notice.person, notice.kind):
            return "does not want it"
        address = notice.person.email
    if not address:
        return "has no address"
    mail.send(notice, address)
    return ""


def _failed(notice: Notice, failure: Undelivered) -> None:
    """Mark a try that came to nothing: it is tried again, later each time, until it is given up."""
    now = timezone.now()
    again = retries.next_attempt(
        attempts=notice.attempts + 1,
        queued_at=notice.queued_at,
        now=now,
        chance=random.random(),  # noqa: S311 - so that not all come back at once
    )
    if again is None or failure.final:
        _mark(notice, State.DEAD, last_error=failure.reason)
    else:
        _mark(notice, State.QUEUED, next_attempt_at=again, last_error=failure.reason)
    if notice.webhook_id is not None and failure.gone:
        Webhook.objects.filter(pk=notice.webhook_id).update(active=False)
    elif notice.webhook_id is not None and failure.silent and again is not None:
        Webhook.objects.filter(pk=notice.webhook_id).update(resting_until=min(again, now + REST))


def _mark(
    notice: Notice, state: State, *, last_error: str = "", next_attempt_at: datetime | None = None, **fields: object
) -> None:
    # Only while it is queued: the receiver may have been forgotten while it was being sent.
    Notice.objects.filter(pk=notice.pk, state=State.QUEUED).update(
        state=state, next_attempt_at=next_attempt_at, attempts=F("attempts") + 1, last_error=last_error, **fields
    )
    _log(notice, state, why=last_error)


def _log(notice: Notice, state: State, *, why: str) -> None:
    """Log one try: never the address, nor the URL of a webhook, which may hold a secret."""
    to = "person" if notice.person_id else "webhook" if notice.webhook_id else "address"
    arrived = state in (State.DELIVERED, State.SKIPPED)
    log.log(
        logging.INFO if arrived else logging.WARNING,
        "delivery",
        notice=str(notice.pk),
        kind=notice.kind,
        to=to,
        state=state.value,
        attempts=notice.attempts + 1,
        why=why,
    )


@verb
def redeliver(*, notice: UUID) -> Notice:
    """Send a message once more that was given up, skipped, or delivered; under the same id.

    Raises UnknownNotice, StillQueued, NoReceiver.
    """
    found = Notice.objects.select_for_update().filter(pk=notice).first()
    if found is None:
        raise errors.UnknownNotice
    if found.state == State.QUEUED:
        raise errors.StillQueued
    if found.person_id is None and found.webhook_id is None and not found.address:
        raise errors.NoReceiver
    _requeue(Notice.objects.filter(pk=found.pk))
    found.refresh_from_db()
    return found


@verb
def redeliver_dead() -> int:
    """Send all messages once more that were given up, and return how many there are."""
    given_up = Notice.objects.filter(state=State.DEAD).exclude(Q(person=None, webhook=None, address=""))
    return _requeue(given_up)


def _requeue(notices: Notices) -> int:
    return notices.update(state=State.QUEUED, attempts=0, next_attempt_at=timezone.now(), delivered_at=None)
