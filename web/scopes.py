"""Whose teams a manager's page is about: those that somebody may see, and of these the ones that they chose."""

from collections.abc import Iterable
from dataclasses import dataclass

from people.models import Person, Team
from people.roles import OWNERS, READS_ALL
from tickets import errors


@dataclass(frozen=True)
class Scope:
    """The teams that a page shows.

    known: every team that there is, by number, each with its parents at hand. visible: those that the person
    may choose from. chosen: the one that they chose, with those below it; None for all. teams: what is shown.
    """

    person: Person
    known: dict[int, Team]
    visible: list[Team]
    chosen: Team | None
    teams: dict[int, Team]

    @property
    def acts(self) -> bool:
        """Whether the person decides here; auditors and administrators read only."""
        return self.person.role in OWNERS


def of(person: Person, slug: str = "") -> Scope:
    """Return what `person` sees of the teams, or of one and those below it. Raises UnknownTeam."""
    known = {team.pk: team for team in Team.objects.select_related("manager", "deputy")}
    for team in known.values():
        team.parent = known[team.parent_id] if team.parent_id else None
    seen = known.keys() if person.role in READS_ALL else person.led_team_ids
    visible = [team for team in known.values() if team.pk in seen]
    if not slug:
        return Scope(person, known, visible, None, {team.pk: team for team in visible})
    chosen = next((team for team in visible if team.slug == slug), None)
    if chosen is None:
        raise errors.UnknownTeam
    return Scope(person, known, visible, chosen, {team.pk: team for team in _below(chosen, visible)})


def _below(top: Team, teams: Iterable[Team]) -> list[Team]:
    """Return a team and those below it; a circle of parents by mistake ends the walk."""
    below = [top]
    for team in below:
        below += [each for each in teams if each.parent_id == team.pk and each not in below]
    return below
