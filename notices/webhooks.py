"""Webhooks: programs that are told what happens, signed as Standard Webhooks has it (standardwebhooks.com)."""

import base64
import json
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from standardwebhooks import Webhook as Signer

from notices import addresses, errors, outbox, posting
from notices.addresses import Resolver, resolve
from notices.errors import Undelivered
from notices.models import Notice, Webhook
from people.models import Person
from people.transactions import verb

PREFIX = "whsec_"
GONE = 410
# A secret and the one before it: the receiver changes over while both are good.
SECRETS_AT_ONCE = 2
TEST = "webhook_test"


def new_secret() -> str:
    """Return a new secret, in the form that receivers paste into their library."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


@verb
def create(*, by: Person, url: str, kinds: list[str] | None = None) -> Webhook:
    """Set up a webhook that gets what is queued from now on: the named kinds of notices, or all.

    Raises NotAllowedThere.
    """
    addresses.check(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
    return Webhook.objects.create(url=url, kinds=kinds or [], secrets=[new_secret()], created_by=by)


@verb
def edit(*, webhook: int, **changes: Any) -> Webhook:
    """Change the url, the kinds or whether it is active. Raises UnknownWebhook, NotAllowedThere.

    What was queued for it already goes to the new address; nothing goes to one that is not active.
    """
    found = lock(webhook)
    if "url" in changes:
        addresses.check(changes["url"], allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
    for name, value in changes.items():
        setattr(found, name, value)
    found.resting_until = None
    found.save(update_fields=[*changes, "resting_until"])
    return found


@verb
def delete(*, webhook: int) -> Webhook:
    """Remove a webhook, with everything that was or is to be sent to it. Raises UnknownWebhook."""
    found = lock(webhook)
    Webhook.objects.filter(pk=found.pk).delete()
    return found


@verb
def rotate(*, webhook: int) -> Webhook:
    """Give it a new secret; messages are signed with the one before as well. Raises UnknownWebhook."""
    found = lock(webhook)
    found.secrets = [new_secret(), *found.secrets][:SECRETS_AT_ONCE]
    found.save(update_fields=["secrets"])
    return found


@verb
def retire(*, webhook: int) -> Webhook:
    """Sign with the newest secret only, once the receiver knows it. Raises UnknownWebhook."""
    found = lock(webhook)
    found.secrets = found.secrets[:1]
    found.save(update_fields=["secrets"])
    return found


@verb
def test(*, webhook: int, by: Person) -> Notice:
    """Queue a message that says nothing but that it arrives. Raises UnknownWebhook."""
    return Notice.objects.create(
        kind=TEST, webhook=lock(webhook), payload={"by": by.username}, request_id=outbox.request_id()
    )


def lock(number: int) -> Webhook:
    """Return a webhook, locked. Raises UnknownWebhook."""
    # Verbs that queue a notice for it at the same time need not wait: its number stays.
    found = Webhook.objects.select_for_update(no_key=True).filter(pk=number).first()
    if found is None:
        raise errors.UnknownWebhook
    return found


def body(notice: Notice) -> bytes:
    """Return what is sent of a notice: its kind, when it was queued, and its facts; the same each time."""
    told = {
        "type": notice.kind,
        "timestamp": notice.queued_at.isoformat(),
        "data": {"about": notice.about, **notice.payload},
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def signed(notice: Notice, content: bytes, *, with_secrets: list[str], at: datetime) -> dict[str, str]:
    """Return the headers that prove who sent `content`: one signature for each secret."""
    key = str(notice.id)
    signatures = [Signer(secret).sign(key, at, content.decode()) for secret in with_secrets]
    return {
        "webhook-id": key,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def send(notice: Notice, webhook: Webhook, *, resolver: Resolver = resolve) -> None:
    """Send a notice to a webhook. Raises Undelivered unless it answers 2xx; redirects are not followed."""
    place = addresses.look_up(webhook.url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE, resolver=resolver)
    content = body(notice)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "ownership-tracker",
        **signed(notice, content, with_secrets=webhook.secrets, at=timezone.now()),
    }
    status = posting.post(place, content, headers)
    if not 200 <= status < 300:
        raise Undelivered(f"it answered {status}", final=status == GONE, gone=status == GONE)
