"""Who is drowning, and who is away: what everybody has to do, in one statement for all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import Cover, Person, Team
from people.roles import OWNERS, Role
from phones.models import Call
from tickets import thresholds
from tickets.models import Ticket
from web.scopes import Scope

# What somebody owns, and what they must do by when: everything that `handoffs.duties` tells of one person.
_TO_DO = """
SELECT person, kind, count(*), count(*) FILTER (WHERE at < %(now)s),
       count(*) FILTER (WHERE at >= %(now)s AND at < %(tonight)s), count(*) FILTER (WHERE at < back), min(at)
FROM (
    SELECT owner_id AS person, 'owned' AS kind, NULL::timestamptz AS at, id AS ticket_id
    FROM tickets_ticket WHERE owner_id = ANY(%(people)s) AND live
    UNION ALL
    SELECT owner_id, 'waits', NULL, id
    FROM tickets_ticket WHERE owner_id = ANY(%(people)s) AND live AND EXISTS (
        SELECT FROM tickets_hold hold WHERE hold.ticket_id = tickets_ticket.id AND hold.ended_at IS NULL)
    UNION ALL
    SELECT owner_id, 'acknowledge', acknowledge_by, id
    FROM tickets_ticket WHERE owner_id = ANY(%(people)s) AND live AND status = 'new' AND acknowledge_by IS NOT NULL
    UNION ALL
    SELECT owner_id, 'promise', due_at, owned.id
    FROM tickets_ticket owned JOIN tickets_promise promise ON promise.ticket_id = owned.id AND promise.state = 'open'
    WHERE owner_id = ANY(%(people)s) AND live
    UNION ALL
    SELECT owner_id, 'hold', return_by, owned.id
    FROM tickets_ticket owned JOIN tickets_hold hold ON hold.ticket_id = owned.id AND hold.ended_at IS NULL
    WHERE owner_id = ANY(%(people)s) AND live
    UNION ALL
    SELECT CASE state WHEN 'claimed' THEN giver_id WHEN 'requested' THEN approver_id ELSE receiver_id END,
           CASE state WHEN 'requested' THEN 'approve' ELSE 'offer' END, due_at, ticket_id
    FROM handoffs_handoff
    WHERE (state = 'offered' AND receiver_id = ANY(%(people)s)) OR (state = 'claimed' AND giver_id = ANY(%(people)s))
       OR (state = 'requested' AND approver_id = ANY(%(people)s))
    UNION ALL
    SELECT giver_id, 'complete', packet_owed_by, ticket_id
    FROM handoffs_handoff WHERE packet_owed_by IS NOT NULL AND state = 'accepted' AND giver_id = ANY(%(people)s)
    UNION ALL
    SELECT asked_id, 'question', answer_by, ticket_id
    FROM handoffs_helprequest WHERE state = 'open' AND asked_id = ANY(%(people)s)
    UNION ALL
    SELECT asked_id, 'manager', call_back_by, ticket_id
    FROM handoffs_managerrequest WHERE state = 'open' AND asked_id = ANY(%(people)s)
) thing
JOIN unnest(%(people)s::bigint[], %(backs)s::timestamptz[]) AS absence (absent, back) ON absent = person
JOIN tickets_ticket ticket ON ticket.id = ticket_id AND ticket.live
GROUP BY person, kind"""


@dataclass
class Load:
    """What somebody of the teams has to do, as of a moment."""

    at: datetime
    person: Person
    teams: list[Team]
    is_present: bool
    back_at: datetime
    on_call: bool = False
    cover: Cover | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    overdue: int = 0
    due_today: int = 0
    due_before_back: int = 0
    first_due_at: datetime | None = None

    @property
    def limit(self) -> int:
        """How many open tickets are enough for one person, in the first of their teams."""
        return thresholds.of(self.teams[0].thresholds).load_limit_tickets

    @property
    def is_over(self) -> bool:
        """Whether they own more than that."""
        return self.numbers.get("owned", 0) > self.limit

    @property
    def is_covered(self) -> bool:
        """Whether somebody has said yes to answering for them, and does so now."""
        cover = self.cover
        return cover is not None and cover.accepted_at is not None and cover.starts_at <= self.at

    @property
    def is_left_alone(self) -> bool:
        """Whether they are away, something falls due before they are back, and nobody answers for them."""
        return not self.is_present and not self.is_covered and self.due_before_back > 0


def of_teams(scope: Scope, *, at: datetime) -> list[Load]:
    """Return what everybody of the teams has to do, by team and name."""
    belongs = Person.teams.through.objects.filter(
        team__in=scope.teams, person__is_active=True, person__role__in=OWNERS
    ).select_related("person")
    teams_of: dict[int, list[Team]] = {}
    people: dict[int, Person] = {}
    members = [(each.person, scope.teams[each.team_id]) for each in belongs]
    leading = [(person, team) for team in scope.teams.values() for person in (team.manager, team.deputy) if person]
    for person, team in [*members, *leading]:
        people[person.pk] = person
        if team not in teams_of.setdefault(person.pk, []):
            teams_of[person.pk].append(team)
    for teams in teams_of.values():
        teams.sort(key=lambda team: team.name)
    loads = {
        number: Load(at, person, teams_of[number], person.is_present(at), back_at(person, teams_of[number][0], at=at))
        for number, person in people.items()
    }
    if loads:
        _count(loads, at=at)
    return sorted(loads.values(), key=lambda load: (load.teams[0].name, load.person.name))


def _count(loads: Mapping[int, Load], *, at: datetime) -> None:
    tonight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    said: dict[str, Any] = {
        "people": list(loads),
        "backs": [load.back_at for load in loads.values()],
        "now": at,
        "tonight": tonight,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TO_DO, said)
        for person, kind, count, overdue, today, before_back, first in cursor.fetchall():
            load = loads[person]
            load.numbers[kind] = count
            load.overdue += overdue
            load.due_today += today
            load.due_before_back += before_back
            load.first_due_at = min(filter(None, (load.first_due_at, first)), default=None)
    for person in Call.objects.filter(ended_at=None, answered_by__in=loads).values_list("answered_by", flat=True):
        loads[person or 0].on_call = True
    covers = Cover.objects.open().filter(absent__in=loads, until__gt=at).select_related("covering")
    for cover in covers:
        loads[cover.absent_id].cover = cover


def back_at(person: Person, team: Team, *, at: datetime) -> datetime:
    """Return when somebody is back: when they said, else with the team's first shift of a later day."""
    if person.away_until is not None and person.away_until > at:
        return person.away_until
    calendar = team.calendar
    today = at.astimezone(calendar.zone).date()
    later = (opens for opens, _ in calendar.shifts(at) if opens.astimezone(calendar.zone).date() > today)
    return next(later)


@dataclass(frozen=True)
class Capacity:
    """What a team carries, as a sentence."""

    team: Team
    words: str
    is_over: bool


def capacities(scope: Scope, loads: Iterable[Load]) -> list[Capacity]:
    """Return for each of the teams whether it can carry what it has, as `tickets.capacity` reckons."""
    counted = Ticket.objects.live().filter(team__in=scope.teams).values("team").annotate(n=Count("pk"))
    live = {row["team"]: row["n"] for row in counted}
    reps: dict[int, int] = dict.fromkeys(scope.teams, 0)
    for load in loads:
        for team in load.teams:
            reps[team.pk] += load.person.role == Role.REP
    return [_capacity(team, live.get(team.pk, 0), reps[team.pk]) for team in scope.teams.values()]


def _capacity(team: Team, live: int, reps: int) -> Capacity:
    limit = thresholds.of(team.thresholds).load_limit_tickets
    room = limit * max(reps, 1) - live
    said = {"live": live, "reps": reps, "limit": limit, "room": abs(room)}
    if room < 0:
        words = _("%(live)d open tickets, %(reps)d reps, at most %(limit)d each: %(room)d too many")
    else:
        words = _("%(live)d open tickets, %(reps)d reps, at most %(limit)d each: room for %(room)d")
    return Capacity(team, words % said, room < 0)


def absent(loads: Iterable[Load]) -> list[Load]:
    """Return who is away, and for whom a cover is planned or runs; who is left alone first."""
    found = [load for load in loads if not load.is_present or load.cover is not None]
    return sorted(found, key=lambda load: (not load.is_left_alone, load.is_present))
