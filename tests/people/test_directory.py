"""The first people of an installation, and every change of who belongs where."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from people.models import Person, Team
from people.roles import Role
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def told(*arguments: str) -> str:
    """Return what a command prints."""
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_an_empty_installation_gets_its_first_team() -> None:
    assert told("person", "mona", "--name", "Mona", "--role", "manager").startswith("Created Mona (mona), manager")
    assert told("team", "billing", "--name", "Billing", "--manager", "mona", "--country", "GB").startswith("Created")
    told("person", "ray", "--name", "Ray", "--role", "rep", "--teams", "billing", "--skills", "refunds")
    ray = Person.objects.get(username="ray")
    assert (ray.role, ray.skills, [team.slug for team in ray.teams.all()]) == (Role.REP, ["refunds"], ["billing"])
    assert not ray.has_usable_password()


def test_what_is_not_named_stays(cast: Cast) -> None:
    assert told("person", "alice", "--email", "alice@example.org").startswith("Changed")
    alice = Person.objects.get(username="alice")
    assert (alice.email, alice.name, alice.skills) == ("alice@example.org", "Alice", ["refunds"])
    assert [team.slug for team in alice.teams.all()] == ["billing"]


def test_a_team_gets_another_manager(cast: Cast) -> None:
    assert told("team", "billing", "--manager", "dora") == "Changed Billing, managed by Dora (dora).\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("team", "new", "--name", "New"), "manager"),
        (("team", "new", "--manager", "nobody"), "nobody"),
        (("team", "billing", "--parent", "nowhere"), "nowhere"),
        (("team", "billing", "--hours", "{"), "--hours"),
        (("team", "billing", "--hours", '{"mon": []}'), "at least one shift"),
        (("person", "new", "--name", "New"), "role"),
        (("person", "not a name", "--name", "New", "--role", "rep"), "username"),
        (("person", "alice", "--teams", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(arguments: tuple[str, ...], says: str, cast: Cast) -> None:
    before = (Person.objects.count(), Team.objects.count())
    with pytest.raises(CommandError, match=says):
        told(*arguments)
    assert (Person.objects.count(), Team.objects.count()) == before


def test_somebody_who_has_left_manages_nothing(cast: Cast) -> None:
    Person.objects.filter(pk=cast.bob.pk).update(is_active=False)
    with pytest.raises(CommandError, match="active person"):
        told("team", "billing", "--manager", "bob")


def test_django_makes_an_administrator(db: None) -> None:
    call_command("createsuperuser", "--noinput", "--username", "root", "--name", "Root")
    assert Person.objects.get(username="root").role == Role.ADMIN
