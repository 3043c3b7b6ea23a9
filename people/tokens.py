"""Tokens: given once, stored as digests, revoked everywhere at once."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from people import memory
from people.models import Person, Token
from people.roles import Scope

# How long a token that was looked up is believed without looking again.
BELIEVED_FOR = 30


def memory_key(digest: str) -> str:
    """Return the key under which a token's bearer is remembered."""
    return f"token:{digest[:64]}"


def create(person: Person, *, scopes: Iterable[Scope] = (), good_for: timedelta | None = None) -> str:
    """Give `person` a new token and return it; it is stored only as a digest and cannot be shown again.

    good_for: after which time it opens nothing any more; without, it is good until it is revoked.
    """
    _, token = Token.objects.create(user=person, scopes=[str(scope) for scope in scopes], expiry=good_for)
    return str(token)


def revoke(person: Person, *, begins_with: str) -> bool:
    """Take away the token of `person` that begins so, and say whether there was one."""
    return _revoke(Token.objects.filter(user=person, token_key=begins_with))


def revoke_all(person: Person) -> None:
    """Take away every token of `person`; from the commit on nobody is let in with one."""
    _revoke(Token.objects.filter(user=person))


def _revoke(tokens: QuerySet[Token]) -> bool:
    digests = list(tokens.values_list("digest", flat=True))
    tokens.delete()
    transaction.on_commit(lambda: memory.forget(memory_key(digest) for digest in digests))
    return bool(digests)
