"""Going away while somebody waits for an answer, and coming back to what somebody covered meanwhile."""

from datetime import datetime

from django.utils import timezone

from handoffs import covers, moves
from people import presence
from people.models import Person
from people.transactions import verb


@verb
def set_presence(*, person: Person, presence_now: str, away_until: datetime | None = None) -> Person:
    """Say whether a person is there; see `people.presence`.

    Givers of offers to somebody who goes away hear of it; whoever covered somebody who comes back is done.
    """
    was_away = person.presence == Person.Presence.AWAY
    found = presence.set_presence(person=person, presence=presence_now, away_until=away_until)
    if presence_now == Person.Presence.AWAY:
        moves.tell_of_absence(found)
    elif was_away:
        covers.come_back(found, at=timezone.now())
    return found
