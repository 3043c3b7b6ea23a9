"""Whom an import names: its people, its teams and its customer, made once and found again by later imports."""

import hashlib
import re
from collections.abc import Iterable

from django.utils.text import slugify

from handoffs.history.errors import NoFallbackOwner
from people.models import Person, Team
from people.roles import OWNERS, Role
from tickets.models import Customer

# What a username may hold (people.models.USERNAME), but for the colon, which parts it from the source.
PLAIN = re.compile(r"[\w.@+/-]{1,90}")


def fallback_owner(username: str) -> Person:
    """Return the person who answers for the cases that name nobody. Raises NoFallbackOwner."""
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise NoFallbackOwner(f"There is no person “{username}”: name the username of a manager or a rep.")
    if not person.is_active or person.role not in OWNERS:
        raise NoFallbackOwner(f"“{username}” cannot own tickets: name an active manager or rep.")
    _manager_for(person)
    return person


def _manager_for(fallback: Person) -> Person:
    """Return who manages the imported teams: the fallback owner, or that person's own manager."""
    if fallback.role == Role.MANAGER:
        return fallback
    team = fallback.teams.select_related("manager").order_by("id").first()
    if team is None:
        raise NoFallbackOwner(
            f"“{fallback.username}” is a rep in no team, and imported teams need a manager: "
            "name a manager, or put the rep into a team first."
        )
    return team.manager


def _digest(source: str, value: str) -> str:
    return hashlib.sha256(f"{source}:{value}".encode()).hexdigest()[:10]


def username_of(source: str, value: str) -> str:
    """Return the username of somebody whom a source calls `value`: the same every time, and nobody else's.

    A value that can stand in a username does; of any other, what can, and a digest that tells it apart.
    """
    if PLAIN.fullmatch(value):
        return f"{source}:{value}"
    return f"{source}:{slugify(value, allow_unicode=True)[:80]}:{_digest(source, value)}"


def slug_of(source: str, value: str) -> str:
    """Return the slug of a team that a source calls `value`, "" being the team of what names none."""
    return f"{slugify(f'{source}-{value}')[:38].strip('-')}-{_digest(source, value)}"


def people(source: str, names: Iterable[str]) -> dict[str, Person]:
    """Return the persons of those names, made where they are new: inactive, and unable to sign in."""
    usernames = {username_of(source, name): name for name in names}
    made = []
    for username, name in usernames.items():
        person = Person(username=username, name=name, role=Role.REP, is_active=False)
        person.set_unusable_password()
        made.append(person)
    Person.objects.bulk_create(made, ignore_conflicts=True, batch_size=1_000)
    return {usernames[each.username]: each for each in Person.objects.filter(username__in=usernames)}


def teams(source: str, names: Iterable[str], *, fallback: Person, time_zone: str) -> dict[str, Team]:
    """Return the teams of those names, made where they are new; "" is the team of what names none."""
    slugs = {slug_of(source, name): name for name in names}
    manager = _manager_for(fallback)
    made = [
        Team(slug=slug, name=name or customer_name(source), manager=manager, time_zone=time_zone)
        for slug, name in slugs.items()
    ]
    Team.objects.bulk_create(made, ignore_conflicts=True)
    return {slugs[team.slug]: team for team in Team.objects.filter(slug__in=slugs)}


def customer_name(source: str) -> str:
    """Return the name under which stands what a source does not name."""
    return f"Imported from {source}"


def customer(source: str) -> Customer:
    """Return the one anonymous customer of everything from a source: a history is about us, not about them."""
    name = customer_name(source)
    found = Customer.objects.filter(name=name, anonymous=True).order_by("id").first()
    return found or Customer.objects.create(name=name, anonymous=True)
