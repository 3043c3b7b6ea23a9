"""Tokens: given once, stored as digests, revoked everywhere at once."""

from collections.abc import Iterable

from django.db import transaction

from people import memory
from people.models import Person, Token
from people.roles import Scope

# How long a token that was looked up is believed without looking again.
BELIEVED_FOR = 30


def memory_key(digest: str) -> str:
    """Return the key under which a token's bearer is remembered."""
    return f"token:{digest[:64]}"


def create(person: Person, *, scopes: Iterable[Scope] = ()) -> str:
    """Give `person` a new token and return it; it is stored only as a digest and cannot be shown again."""
    _, token = Token.objects.create(user=person, scopes=[str(scope) for scope in scopes])
    return str(token)


def revoke_all(person: Person) -> None:
    """Take away every token of `person`; from the commit on nobody is let in with one."""
    digests = list(Token.objects.filter(user=person).values_list("digest", flat=True))
    Token.objects.filter(user=person).delete()
    transaction.on_commit(lambda: memory.forget(memory_key(digest) for digest in digests))
