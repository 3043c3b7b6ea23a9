"""Who works there: Northlight, which sells internet, telephones and what belongs to them.

    Customer Care            Leeds     Helen
    ├── Front Line           Leeds     Tariq, deputy Nora    six days a week
    ├── Billing              Leeds     Maud, deputy Piet
    ├── Technical Support    Leeds     Oskar, deputy Ines    every day
    ├── Deliveries           Boston    Grace
    └── Contracts            Boston    Delia

They are saved here; those whom one looks at it as get a password when it has been played.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from people.models import DAYS, Person, Team
from people.roles import Role
from people.working_time import Calendar

# slug, name, manager, deputy, where, days a week, from, to
TEAMS = (
    ("care", "Customer Care", "helen", "", "Leeds", 5, "08:30", "17:30"),
    ("front-line", "Front Line", "tariq", "nora", "Leeds", 6, "08:00", "20:00"),
    ("billing", "Billing", "maud", "piet", "Leeds", 5, "08:30", "17:30"),
    ("technical", "Technical Support", "oskar", "ines", "Leeds", 7, "08:00", "20:00"),
    ("deliveries", "Deliveries and Returns", "grace", "", "Boston", 5, "08:00", "18:00"),
    ("contracts", "Contracts", "delia", "", "Boston", 5, "09:00", "17:30"),
)
PLACES = {"Leeds": ("Europe/London", "GB", "ENG"), "Boston": ("America/New_York", "US", "MA")}

# username, name, team, skills, languages beside English
REPS = (
    ("nora", "Nora Finch", "front-line", "", "es"),
    ("amir", "Amir Sorrel", "front-line", "", "fr"),
    ("bela", "Bela Thrush", "front-line", "", "de"),
    ("cora", "Cora Linnet", "front-line", "", ""),
    ("dunstan", "Dunstan Teasel", "front-line", "", ""),
    ("effie", "Effie Wagtail", "front-line", "", "pl"),
    ("felix", "Felix Marram", "front-line", "", ""),
    ("gita", "Gita Plover", "front-line", "", ""),
    ("piet", "Piet Siskin", "billing", "refunds hardship", "de"),
    ("rosa", "Rosa Medlar", "billing", "refunds", "es"),
    ("samir", "Samir Dunlin", "billing", "refunds", ""),
    ("tess", "Tess Yarrow", "billing", "hardship", "pl"),
    ("ulla", "Ulla Whinchat", "billing", "", "de fr"),
    ("ines", "Ines Garganey", "technical", "lines porting", "es fr"),
    ("jonas", "Jonas Bramble", "technical", "lines field", "de"),
    ("kofi", "Kofi Redstart", "technical", "lines", "fr"),
    ("lotte", "Lotte Pipit", "technical", "porting", "de"),
    ("milo", "Milo Hawkbit", "technical", "field", ""),
    ("vera", "Vera Sandpiper", "technical", "", "pl"),
    ("abel", "Abel Juniper", "deliveries", "parcels returns", "es"),
    ("bonnie", "Bonnie Killdeer", "deliveries", "parcels", ""),
    ("curtis", "Curtis Towhee", "deliveries", "returns", "fr"),
    ("dina", "Dina Catbird", "deliveries", "parcels", "es"),
    ("hugo", "Hugo Veery", "contracts", "retention business", "fr"),
    ("ivy", "Ivy Vireo", "contracts", "retention", "es"),
    ("juno", "Juno Grackle", "contracts", "business", ""),
    ("kurt", "Kurt Bobolink", "contracts", "", "de"),
)
MANAGERS = (
    ("helen", "Helen Rook"),
    ("tariq", "Tariq Merlin"),
    ("maud", "Maud Kestrel"),
    ("oskar", "Oskar Heron"),
    ("grace", "Grace Osprey"),
    ("delia", "Delia Harrier"),
)
OTHERS = (
    ("ada", "Ada Swift", Role.AUDITOR),
    ("kai", "Kai Starling", Role.ADMIN),
    ("web-form", "The web form", Role.INTEGRATION),
)

# Who leaves for good; she gets no ticket that the play itself does not give her.
LEAVER = "gita"


def open_week(days: int, begin: str, end: str) -> dict[str, list[list[str]]]:
    """Return the hours of a team that works on the first `days` days of the week."""
    return {day: [[begin, end]] if number < days else [] for number, day in enumerate(DAYS)}


@dataclass
class Company:
    """Everybody, by username, and every team, by slug."""

    people: dict[str, Person] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    reps: dict[str, list[Person]] = field(default_factory=dict)
    team_of: dict[int, Team] = field(default_factory=dict)
    calendars: dict[int, Calendar] = field(default_factory=dict)  # by team
    days_off: dict[int, frozenset[date]] = field(default_factory=dict)  # by person

    def __getitem__(self, username: str) -> Person:
        return self.people[username]

    def calendar(self, person: Person) -> Calendar:
        """Return when a person works: their team's hours, without their own days off."""
        calendar = self.calendars[self.team_of[person.pk].pk]
        off = self.days_off.get(person.pk)
        return replace(calendar, holidays=DaysOff(off, calendar)) if off else calendar

    def is_off(self, person: Person, day: date) -> bool:
        """Say whether a person is off on `day` or, with a weekend between, by the time an answer is due."""
        off = self.days_off.get(person.pk, frozenset())
        return any(day + timedelta(days=ahead) in off for ahead in range(5))


@dataclass(frozen=True)
class DaysOff:
    """The dates on which a person does not work: their own and their team's."""

    own: frozenset[date]
    team: Calendar

    def __contains__(self, day: object) -> bool:
        return day in self.own or day in self.team.holidays


def found(now: datetime, dice: random.Random) -> Company:
    """Save everybody and return them; a few have days off in the three weeks before `now`."""
    company = Company()
    for username, name in MANAGERS:
        _employ(company, username, name, Role.MANAGER, languages="en")
    for username, name, _, skills, languages in REPS:
        _employ(company, username, name, Role.REP, skills, f"en {languages}")
    for username, name, role in OTHERS:
        _employ(company, username, name, role)
    for row in TEAMS:
        _form(company, *row)
    for team in company.teams.values():
        _join(company, team, [team.manager])
    for username, _, slug, _, _ in REPS:
        _join(company, company.teams[slug], [company[username]])
        company.reps.setdefault(slug, []).append(company[username])
    _plan_days_off(company, now, dice)
    return company


def _employ(company: Company, username: str, name: str, role: Role, skills: str = "", languages: str = "") -> None:
    email = "" if role == Role.INTEGRATION else f"{username}@northlight.example"
    company.people[username] = Person.objects.create_user(
        username, name=name, role=role, email=email, skills=skills.split(), languages=languages.split()
    )


def _form(
    company: Company, slug: str, name: str, manager: str, deputy: str, place: str, days: int, begin: str, end: str
) -> None:
    zone, country, subdivision = PLACES[place]
    team = Team.objects.create(
        slug=slug,
        name=name,
        manager=company[manager],
        deputy=company.people.get(deputy),
        parent=company.teams.get("care"),
        time_zone=zone,
        country=country,
        subdivision=subdivision,
        hours=open_week(days, begin, end),
    )
    company.teams[slug] = team
    company.calendars[team.pk] = team.calendar


def _join(company: Company, team: Team, people: Iterable[Person]) -> None:
    for person in people:
        person.teams.add(team)
        company.team_of[person.pk] = team


def _plan_days_off(company: Company, now: datetime, dice: random.Random) -> None:
    """Give one rep of each team two days off, at some time; Felix has just gone, for the rest of this week."""
    for slug in ("front-line", "billing", "technical", "deliveries", "contracts"):
        person = company.reps[slug][-1] if slug != "front-line" else company["dunstan"]
        first = (now - timedelta(days=dice.randint(6, 17))).date()
        company.days_off[person.pk] = frozenset({first, first + timedelta(days=1)})
    today = now.date()
    company.days_off[company["felix"].pk] = frozenset(today + timedelta(days=ahead) for ahead in range(-1, 4))
