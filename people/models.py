"""Persons and teams, the tokens they sign in with, and what they asked for under which key."""

import functools
from datetime import datetime, time
from typing import Any, Self
from zoneinfo import ZoneInfo

import holidays
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from knox.models import AbstractAuthToken

from people.roles import OWNERS, READS_ALL, Role, Scope
from people.working_time import Calendar

# Every team below (and with) those that somebody leads. UNION, not UNION ALL: a circle of parents by
# mistake ends the walk instead of the server.
LED_TEAMS = """
    WITH RECURSIVE led AS (
        SELECT id FROM people_team WHERE manager_id = %s OR deputy_id = %s
        UNION SELECT team.id FROM people_team team JOIN led ON team.parent_id = led.id
    ) SELECT id FROM led"""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
USERNAME = RegexValidator(r"^[\w.@+:/-]+\Z", "Use letters, digits and . @ + : / - _ only.")


def office_hours() -> dict[str, list[list[str]]]:
    """Return the hours of a team that has said nothing else: Monday to Friday, nine to five."""
    return {day: [["09:00", "17:00"]] if day not in ("sat", "sun") else [] for day in DAYS}


def check_hours(week: Any) -> None:
    """Raise ValidationError unless `week` maps days to lists of ["HH:MM", "HH:MM"] and opens at least once."""
    try:
        shifts = [shift for day, shifts in week.items() if DAYS.index(day) >= 0 for shift in shifts]
        for begin, end in shifts:
            time.fromisoformat(begin), time.fromisoformat(end)
    except (AttributeError, TypeError, ValueError) as error:
        raise ValidationError('Give hours as {"mon": [["09:00", "17:00"]], …}.') from error
    if not shifts:
        raise ValidationError("A team needs at least one shift a week: without it no clock would ever run.")


@functools.lru_cache(maxsize=64)
def public_holidays(country: str, subdivision: str) -> holidays.HolidayBase:
    """Return the public holidays of a country; the library works out a year when it is first asked."""
    return holidays.country_holidays(country, subdiv=subdivision or None)


class Closed:
    """The days on which a team is closed: the public holidays where it works, and its own."""

    def __init__(self, team: "Team") -> None:
        self.own = frozenset(team.closed_on)
        self.public = public_holidays(team.country, team.subdivision) if team.country else frozenset()

    def __contains__(self, day: object) -> bool:
        return day in self.own or day in self.public


class People(BaseUserManager["Person"]):
    """Reads of persons."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        """Create a person; without a password nobody can sign in as them with one."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save()
        return person

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        """Create an administrator: what Django's `createsuperuser` asks for."""
        return self.create_user(username, password, role=Role.ADMIN, **fields)

    def present(self, at: datetime) -> models.QuerySet["Person"]:
        """Return the persons who can own a ticket and are there at `at`."""
        return self.filter(
            Q(presence=Person.Presence.PRESENT) | Q(away_until__lte=at), is_active=True, role__in=OWNERS
        )


class Person(AbstractBaseUser):  # type: ignore[django-manager-missing]  # knox makes `auth_token_set`
    """Somebody who signs in: a rep, a manager, an auditor, an administrator, or a program."""

    class Presence(models.TextChoices):
        PRESENT = "present"
        AWAY = "away"

    username = models.CharField(max_length=150, unique=True, validators=[USERNAME])
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=12, choices=[(role, role) for role in Role])
    is_active = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True, blank=True)
    presence = models.CharField(max_length=8, choices=Presence, default=Presence.PRESENT)
    away_until = models.DateTimeField(null=True, blank=True)
    extension = models.CharField(max_length=20, null=True, blank=True)  # noqa: DJ001 - NULL is "none": unique
    skills = ArrayField(models.SlugField(), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    teams: "models.ManyToManyField[Team, Any]" = models.ManyToManyField("Team", related_name="members", blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = People()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            # Referenced by the keys that keep a live ticket or a team from belonging to somebody who left.
            models.UniqueConstraint(fields=["id", "is_active"], name="person_and_activity"),
            models.UniqueConstraint(fields=["extension"], name="person_extension_is_unique"),
            models.CheckConstraint(condition=Q(left_at=None) | Q(is_active=False), name="person_who_left_is_inactive"),
            models.CheckConstraint(
                condition=Q(away_until=None) | Q(presence="away"), name="person_away_until_is_away"
            ),
            models.CheckConstraint(condition=Q(role__in=list(Role)), name="person_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.username})"

    def is_present(self, at: datetime) -> bool:
        """Say whether the person is there at `at`: not away, or away until a time that has passed."""
        back = self.away_until is not None and self.away_until <= at
        return self.is_active and (self.presence == self.Presence.PRESENT or back)

    @property
    def is_staff(self) -> bool:
        """Whether the administration (Django's admin, which asks this and the next two) is open to them."""
        return self.is_active and self.role == Role.ADMIN

    def has_perm(self, permission: str, obj: models.Model | None = None) -> bool:
        """Say whether they may do something in the administration; its pages say what nobody may."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Say whether they see an app's pages in the administration."""
        return self.is_staff

    @functools.cached_property
    def team_ids(self) -> frozenset[int]:
        """The teams that the person is a member of."""
        return frozenset(self.teams.values_list("id", flat=True))

    @functools.cached_property
    def led_team_ids(self) -> frozenset[int]:
        """The teams that the person answers for: managed or deputised, and every team below those."""
        return frozenset(Team.objects.led_by(self).values_list("id", flat=True))

    @functools.cached_property
    def covered_ids(self) -> frozenset[int]:
        """The people whose due items the person answers now."""
        running = Cover.objects.running(timezone.now()).filter(covering=self)
        return frozenset(running.values_list("absent_id", flat=True))


class Teams(models.QuerySet["Team"]):
    """Reads of teams."""

    def led_by(self, person: Person) -> Self:
        """Return the teams that `person` manages or deputises, with every team below them."""
        return self.filter(id__in=RawSQL(LED_TEAMS, (person.pk, person.pk)))  # noqa: S611 - parameters only


class Team(models.Model):
    """A team: always with a manager, who answers for what has nobody else."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    manager = models.ForeignKey(Person, models.PROTECT, related_name="managed_teams")
    deputy = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="deputised_teams")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    time_zone = models.CharField(max_length=64, default="UTC")
    hours = models.JSONField(default=office_hours, validators=[check_hours])
    country = models.CharField(max_length=2, blank=True)
    subdivision = models.CharField(max_length=8, blank=True)
    closed_on = ArrayField(models.DateField(), default=list, blank=True)
    # The numbers behind the flags that this team has set for itself; what they mean is known a floor above.
    thresholds = models.JSONField(default=dict, blank=True)
    # True for ever: with it, the key to Person(id, is_active) keeps the manager an active person.
    manager_active = models.GeneratedField(
        expression=models.Value(True), output_field=models.BooleanField(), db_persist=True
    )

    objects = Teams.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=models.F("id")), name="team_is_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def calendar(self) -> Calendar:
        """The team's working time, as the pure rules want it."""
        week = tuple(
            tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in self.hours.get(day, ()))
            for day in DAYS
        )
        return Calendar(zone=ZoneInfo(self.time_zone), week=week, holidays=Closed(self))


class Covers(models.QuerySet["Cover"]):
    """Reads of covers."""

    def open(self) -> Self:
        """Return those that are asked for or have been accepted, and have not ended."""
        return self.filter(ended_at=None)

    def running(self, at: datetime) -> Self:
        """Return those that run at `at`: accepted, begun, and not over, whether or not a sweep has come by."""
        return self.filter(ended_at=None, accepted_at__lte=at, starts_at__lte=at, until__gt=at)

    def visible_to(self, person: Person) -> Self:
        """Return those that `person` has a part in, or that concern a team they lead.

        Auditors, administrators and programs see all.
        """
        if person.role in READS_ALL or person.role == Role.INTEGRATION:
            return self.all()
        theirs = Q(absent=person) | Q(covering=person) | Q(asked_by=person)
        concerned = Person.objects.filter(teams__in=person.led_team_ids)
        return self.filter(theirs | Q(absent__in=concerned) | Q(covering__in=concerned))


class Cover(models.Model):
    """Somebody answers another's due items until a time; ownership does not move.

    Only `handoffs.covers` writes it. check_at: when a sweep must look at it next; how: why it ended.
    """

    class End(models.TextChoices):
        OVER = "over"
        BACK = "back"
        ENDED = "ended"
        DECLINED = "declined"
        UNANSWERED = "unanswered"
        LEFT = "left"

    absent = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    covering = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    until = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, choices=End, blank=True)

    objects = Covers.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["absent"], condition=Q(ended_at=None), name="cover_one_open_a_person"),
            models.CheckConstraint(condition=~Q(absent=models.F("covering")), name="cover_is_by_another"),
            models.CheckConstraint(condition=Q(until__gt=models.F("starts_at")), name="cover_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at=None, how="") | Q(ended_at__isnull=False, how__gt=""), name="cover_end_says_how"
            ),
        ]
        indexes = [
            models.Index(fields=["covering"], condition=Q(ended_at=None), name="cover_by_covering"),
            models.Index(fields=["check_at"], condition=Q(ended_at=None), name="cover_to_check"),
            models.Index(fields=["absent", "starts_at"], name="cover_by_absent"),
        ]


class Token(AbstractAuthToken):  # type: ignore[misc]  # knox has no types
    """A token of a person or a program; only its digest is stored."""

    scopes = ArrayField(
        models.CharField(max_length=20, choices=[(scope, scope) for scope in Scope]), default=list, blank=True
    )


class IdempotencyKey(models.Model):
    """The first answer to a request that was sent under a key, kept for a day so that it can be sent twice."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="idempotency_key_is_unique")]
