"""Who answers for a team, and who above them."""

from people.models import Person, Team


def line_of(team: Team) -> list[Team]:
    """Return a team and those above it, the nearest first; a circle of parents by mistake ends the walk."""
    line: list[Team] = []
    above: Team | None = team
    while above is not None and above not in line:
        line.append(above)
        above = above.parent
    return line


def managers_above(team: Team) -> list[Person]:
    """Return the managers of the teams above a team, the nearest first, nobody twice."""
    managers = [above.manager for above in line_of(team)]
    return [manager for manager in dict.fromkeys(managers) if manager != team.manager]


def ladder(team: Team) -> list[Person]:
    """Return who answers for a team, one after the other: its manager, its deputy, the managers above."""
    rungs = [team.manager, team.deputy, *managers_above(team)]
    return list(dict.fromkeys(person for person in rungs if person is not None and person.is_active))
