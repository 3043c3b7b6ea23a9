"""Telephone systems that report to us: their secrets, their team, and how it is going."""

import hashlib
import re
import secrets
from datetime import datetime

from django.utils import timezone

from notices.webhooks import SECRETS_AT_ONCE, new_secret
from people.errors import Incomplete
from people.models import Person, Team
from people.transactions import verb
from phones import errors
from phones.models import Source


def digest_of(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@verb
def create(*, by: Person, slug: str, name: str, team: Team, region: str = "") -> tuple[Source, str]:
    """Take down a telephone system, and return it with its token, which is shown this once.

    team: whose its calls are, unless a ticket says otherwise. region: the country (US) whose national
    numbers it sends. Raises Incomplete.
    """
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,50}", slug):
        raise Incomplete(slug="Give a short name, for addresses: letters, digits, - and _.")
    if Source.objects.filter(slug=slug).exists():
        raise Incomplete(slug="There is a telephone system of that name already.")
    token = secrets.token_urlsafe(32)
    source = Source.objects.create(
        slug=slug,
        name=name,
        team=team,
        region=region.upper(),
        secrets=[new_secret()],
        digest=digest_of(token),
        created_by=by,
    )
    return source, token


@verb
def rotate(*, source: str) -> Source:
    """Give a telephone system a new secret; the one before stays good until the next. Raises UnknownSource."""
    found = _lock(source)
    found.secrets = [new_secret(), *found.secrets][:SECRETS_AT_ONCE]
    found.save(update_fields=["secrets"])
    return found


@verb
def replace_token(*, source: str) -> tuple[Source, str]:
    """Give a telephone system another token, shown this once; the one before is good no longer.

    Raises UnknownSource.
    """
    found, token = _lock(source), secrets.token_urlsafe(32)
    found.digest = digest_of(token)
    found.save(update_fields=["digest"])
    return found, token


@verb
def retire(*, source: str) -> Source:
    """Believe the newest secret only, once the telephone system knows it. Raises UnknownSource."""
    found = _lock(source)
    found.secrets = found.secrets[:1]
    found.save(update_fields=["secrets"])
    return found


@verb
def edit(*, source: str, active: bool | None = None, vendor_secret: str | None = None) -> Source:
    """Listen to a telephone system, or do not; learn what its vendor signs with. Raises UnknownSource.

    Said to be active, it does not look broken any more.
    """
    found = _lock(source)
    if active is not None:
        found.active, found.looks_broken_at = active, None
    if vendor_secret is not None:
        found.vendor_secret = vendor_secret
    found.save(update_fields=["active", "looks_broken_at", "vendor_secret"])
    return found


def _lock(slug: str) -> Source:
    found = Source.objects.select_for_update(no_key=True).filter(slug=slug).first()
    if found is None:
        raise errors.UnknownSource
    return found


def by_token(token: str) -> Source | None:
    """Return the active telephone system whose token that is."""
    return Source.objects.select_related("team").filter(digest=digest_of(token), active=True).first()


def heard(source: Source, *, last: datetime | None, refused: int, why: str) -> None:
    """Note how it is going: the time of the last event taken in, how many were refused now, and why."""
    now = timezone.now()
    changes: dict[str, object] = {}
    if last is not None:
        changes = {"heard_at": now, "lag_seconds": round((now - last).total_seconds(), 3)}
    if refused:
        changes |= {"refused": source.refused + refused, "refused_at": now, "refused_why": why[:200]}
    if changes:
        Source.objects.filter(pk=source.pk).update(**changes)
