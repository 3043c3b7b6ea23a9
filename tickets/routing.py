"""Who gets a new ticket. Pure: it is given a snapshot of who is there and answers with a name and a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why this person: written into the timeline."""

    OPENED_IT = "opened_it"
    PREFERRED = "preferred"
    LAST_OWNER = "last_owner"
    LEAST_LOADED_PRESENT = "least_loaded_present"
    LEAST_LOADED_AWAY = "least_loaded_away"
    MANAGER = "manager"


@dataclass(frozen=True)
class Candidate:
    """A rep of the team, as routing sees them; `load` counts their live tickets."""

    person: int
    present: bool
    load: int
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Snapshot:
    """Everything that routing needs to know.

    opener: the rep who opens the ticket, if one does. preferred: whom the customer asked for. last: the
    rep who last owned a ticket of this customer. skill: what the ticket needs ("" for nothing special).
    reps: the active reps of the team, and preferred and last wherever they are. manager: of the team.
    """

    manager: int
    opener: int | None = None
    preferred: int | None = None
    last: int | None = None
    skill: str = ""
    reps: Sequence[Candidate] = ()
    team: frozenset[int] = frozenset()


def choose(snapshot: Snapshot) -> tuple[int, Reason]:
    """Return the person who gets the ticket, and why."""
    if snapshot.opener is not None:
        return snapshot.opener, Reason.OPENED_IT
    here = {rep.person for rep in snapshot.reps if rep.present}
    if snapshot.preferred in here and snapshot.preferred is not None:
        return snapshot.preferred, Reason.PREFERRED
    if snapshot.last in here and snapshot.last is not None:
        return snapshot.last, Reason.LAST_OWNER
    team = sorted(
        (rep for rep in snapshot.reps if rep.person in snapshot.team), key=lambda rep: (rep.load, rep.person)
    )
    skilled = [rep for rep in team if not snapshot.skill or snapshot.skill in rep.skills]
    for rep in skilled:
        if rep.present:
            return rep.person, Reason.LEAST_LOADED_PRESENT
    # Nobody with the skill is there: rather one who has it, later, than one who would have to ask.
    for rep in skilled or team:
        return rep.person, Reason.LEAST_LOADED_AWAY
    return snapshot.manager, Reason.MANAGER
