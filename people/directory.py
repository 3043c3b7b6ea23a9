"""Who belongs where: taking people and teams down, and changing what is known of them.

Leaving is another verb (`handoffs.departures`): whoever goes must leave no customer behind.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from people.errors import Incomplete
from people.models import Person, Team
from people.transactions import verb


def _checked(row: Person | Team) -> None:
    try:
        row.full_clean(exclude=["password"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise Incomplete(**{field: " ".join(messages) for field, messages in error.message_dict.items()}) from error


@verb
def save_person(username: str, *, teams: Iterable[Team] | None = None, **details: Any) -> tuple[Person, bool]:
    """Take down a person, or change what is known of them; says whether they are new.

    details: name, role, email, skills, languages. teams: all that they belong to from now on. Nobody
    gets a password. Raises Incomplete, which names the field.
    """
    person = Person.objects.select_for_update(no_key=True).filter(username=username).first()
    is_new = person is None
    if person is None:
        person = Person(username=username)
        person.set_unusable_password()
    for name, value in details.items():
        setattr(person, name, value)
    _checked(person)
    person.save()
    if teams is not None:
        person.teams.set(teams)
    return person, is_new


@verb
def save_team(slug: str, **details: Any) -> tuple[Team, bool]:
    """Take down a team, or change what is known of it, its manager above all; says whether it is new.

    details: name, manager, deputy, parent, time_zone, hours, country, subdivision, closed_on. Raises
    Incomplete, which names the field, and InactiveManager.
    """
    team = Team.objects.select_for_update(no_key=True).filter(slug=slug).first()
    is_new = team is None
    if team is None:
        team = Team(slug=slug)
    for name, value in details.items():
        setattr(team, name, value)
    _checked(team)
    team.save()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS team_manager_is_active IMMEDIATE")
        cursor.execute("SET CONSTRAINTS team_manager_is_active DEFERRED")
    return team, is_new
