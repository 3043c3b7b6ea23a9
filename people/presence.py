"""Being there: present or away, and on which extension."""

from datetime import datetime

from django.utils import timezone

from people.errors import Incomplete
from people.models import Person
from people.transactions import verb


@verb
def set_presence(
    *, person: Person, presence: str, away_until: datetime | None = None, at: datetime | None = None
) -> Person:
    """Say whether a person is there, and if not, until when. Raises Incomplete for a time that has passed.

    at: when they said so; a demonstration may report the past.
    """
    found = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if away_until is not None and presence != Person.Presence.AWAY:
        raise Incomplete(away_until="Only somebody who is away is back at some time.")
    if away_until is not None and away_until <= (at or timezone.now()):
        raise Incomplete(away_until="Give a later time.")
    found.presence, found.away_until = presence, away_until
    found.save(update_fields=["presence", "away_until"])
    return found


@verb
def take_extension(*, person: Person, extension: str) -> Person:
    """Sign a person in to a telephone extension; "" gives it up. Raises ExtensionTaken."""
    found = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    found.extension = extension or None
    found.save(update_fields=["extension"])
    return found
