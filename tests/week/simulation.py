"""Plays a week: a team, how it works, and which days."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine

from people.models import Team
from tests.week import days
from tests.week.complaints import left_over
from tests.week.desk import make_desk
from tests.week.rates import Rates
from tests.week.stage import Stage

# The Friday before; the clocks go forward in the night to the Sunday between.
FRIDAY = datetime(2027, 3, 12, tzinfo=ZoneInfo("America/New_York"))


LEFT_OVER_EACH = 4


@dataclass
class Week:
    """What was played: whose, from when to when, and how many calls of which kind there were."""

    team: Team
    since: datetime
    until: datetime
    calls: Counter[str]


def simulate(
    rates: Rates,
    *,
    seed: int,
    reps: int = 12,
    length: int = 5,
    left_over_each: int = LEFT_OVER_EACH,
    thresholds: Mapping[str, int] | None = None,
) -> Week:
    """Play so many days from a Monday on, with so many open tickets of each rep left over from the week before.

    thresholds: the team's own. The same seed plays the same week.
    """
    with time_machine.travel(FRIDAY, tick=False) as traveller:
        desk = make_desk(reps=reps, customers=1000, thresholds=thresholds or {})
        stage = Stage(desk, rates, seed=seed, start=FRIDAY, traveller=traveller)
        days.managers(stage)
        shifts = desk.calendar.shifts(FRIDAY)
        _, evening = next(shifts)
        for rep in desk.reps:
            for place in range(left_over_each):
                at = evening - timedelta(minutes=30 + 25 * place)
                stage.enter(at, left_over(stage, rep, desk.customers.pop()))
        worked = [next(shifts) for _ in range(length)]
        for opens, closes in worked:
            for rep in desk.reps:
                stage.enter(opens, days.day(stage, rep, opens, closes))
        stage.play(worked[-1][1])
    return Week(team=desk.team, since=worked[0][0], until=worked[-1][1], calls=stage.tally)
