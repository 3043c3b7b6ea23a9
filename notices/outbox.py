"""Queueing notices: rows in the caller's transaction, so that a notice exists exactly when its cause does."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from notices.models import Notice
from people.models import Person


def queue(kind: str, *, to: Iterable[Person | None], about: str, **payload: Any) -> None:
    """Queue one notice of `kind` for each distinct person in `to`; None and people who left are passed over.

    about: what orders them, a ticket's reference. payload: JSON-ready facts. Call it within the verb's
    transaction.
    """
    assert transaction.get_connection().in_atomic_block, "a notice belongs to the transaction that caused it"
    people = {person.pk: person for person in to if person is not None and person.is_active}
    Notice.objects.bulk_create(
        Notice(kind=kind, person=person, about=about, payload=payload) for person in people.values()
    )


def queue_mail(kind: str, *, address: str, about: str, **payload: Any) -> None:
    """Queue one message to an address outside, a customer's receipt for instance."""
    Notice.objects.create(kind=kind, address=address, about=about, payload=payload)


def forget(addresses: Iterable[str]) -> None:
    """Blank the given addresses in all messages, sent or not; a message without receiver is never sent."""
    Notice.objects.filter(address__in=list(addresses)).update(address="", person=None)
