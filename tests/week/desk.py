"""Who there is: the Care desk, its reps, manager and deputy, a manager above, and customers enough."""

from collections.abc import Mapping
from dataclasses import dataclass

from people.models import Person, Team
from people.roles import Role
from people.working_time import Calendar
from tickets.models import Customer


@dataclass
class Desk:
    """A team with its people, and those who will call."""

    team: Team
    reps: list[Person]
    calendar: Calendar
    customers: list[Customer]


def make_desk(*, reps: int, customers: int, thresholds: Mapping[str, int]) -> Desk:
    """Return a team of so many reps in Boston, Monday to Friday from nine to five, new in the database."""
    leaders = [Person(username=name, name=name.title(), role=Role.MANAGER) for name in ("head", "manager", "deputy")]
    team_of = [Person(username=f"rep{n}", name=f"Rep {n}", role=Role.REP) for n in range(1, reps + 1)]
    for somebody in (*leaders, *team_of):
        somebody.set_unusable_password()
    head, manager, deputy, *members = Person.objects.bulk_create([*leaders, *team_of])
    where = {"time_zone": "America/New_York", "country": "US", "subdivision": "MA"}
    parent = Team.objects.create(slug="house", name="House", manager=head, **where)
    team = Team.objects.create(
        slug="care-desk",
        name="Care desk",
        manager=manager,
        deputy=deputy,
        parent=parent,
        thresholds=dict(thresholds),
        **where,
    )
    belongs = Person.teams.through
    belongs.objects.bulk_create(belongs(person=one, team=team) for one in (manager, deputy, *members))
    callers = Customer.objects.bulk_create(Customer(name=f"Customer {n}") for n in range(1, customers + 1))
    return Desk(team=team, reps=members, calendar=team.calendar, customers=callers)
