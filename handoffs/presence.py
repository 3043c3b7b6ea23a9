"""Going away while somebody waits for an answer: the offer stays, and its giver is told."""

from datetime import datetime

from handoffs import moves
from handoffs.models import Handoff
from handoffs.protocol import State
from people import presence
from people.models import Person
from people.transactions import verb


@verb
def set_presence(*, person: Person, presence_now: str, away_until: datetime | None = None) -> Person:
    """Say whether a person is there; see `people.presence`. Givers of offers to them hear that they went."""
    found = presence.set_presence(person=person, presence=presence_now, away_until=away_until)
    if presence_now == Person.Presence.AWAY:
        waiting = Handoff.objects.filter(receiver=found, state=State.OFFERED).select_related("ticket", "giver")
        for handoff in waiting:
            moves.tell(handoff, "receiver_away", handoff.giver, away=found.username)
    return found
