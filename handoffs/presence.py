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
        waiting = Handoff.objects.filter(receiver=found, state=State.OFFERED)
        for handoff in waiting.select_related("ticket", "giver", "made_by", "receiver"):
            tell_receiver_is_away(handoff)
    return found


def tell_receiver_is_away(handoff: Handoff) -> None:
    """Tell the giver of an offer, and whoever made it for them, that its receiver is not there."""
    moves.tell(handoff, "receiver_away", handoff.giver, handoff.made_by, away=handoff.receiver.username)
