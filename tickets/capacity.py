"""Capacity: a team that has more than it can carry. No kind of flag, but a cause of many."""

from collections.abc import Iterable

from django.db import connection

from people.models import Team
from tickets import thresholds

# Counts what is live, through a partial index, and nothing of what is stored.
_LOADS = """
SELECT team.id,
       (SELECT count(*) FROM tickets_ticket ticket WHERE ticket.team_id = team.id AND ticket.live),
       (SELECT count(*) FROM people_person_teams belongs JOIN people_person rep ON rep.id = belongs.person_id
        WHERE belongs.team_id = team.id AND rep.is_active AND rep.role = 'rep')
FROM people_team team WHERE team.id = ANY(%s)"""


def overloads(teams: Iterable[Team]) -> dict[int, dict[str, int]]:
    """Return the load of those of the teams that are over their limit, by the team's number.

    Each load has the live tickets, the active reps, and the limit of live tickets for each rep.
    """
    limits = {team.pk: thresholds.of(team.thresholds).load_limit_tickets for team in teams}
    with connection.cursor() as cursor:
        cursor.execute(_LOADS, [list(limits)])
        loads = cursor.fetchall()
    return {
        team: {"live_tickets": tickets, "reps": reps, "limit_each": limits[team]}
        for team, tickets, reps in loads
        # A team without reps has its manager.
        if tickets > limits[team] * max(reps, 1)
    }
