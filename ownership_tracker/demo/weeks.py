"""Three weeks: which plots, how many of each, in which teams, and when."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from itertools import cycle
from zoneinfo import ZoneInfo

from handoffs.protocol import Reason
from ownership_tracker.demo import absences, endings, everyday, handovers, last_hours, managers, troubles
from ownership_tracker.demo.stage import Plot, Stage
from people import working_time
from tickets.states import Outcome

ALL = (
    *("billing", "technical", "deliveries", "billing", "technical", "contracts"),
    *("front-line", "technical", "billing", "deliveries", "contracts"),
)
LONDON = ("billing", "technical")
SPECIALISTS = ("billing", "deliveries", "technical", "contracts")
BUSY = "front-line"  # in whose hours the calls come that are then handed on

GIVEN_REASONS = [reason for reason in Reason if reason not in (Reason.SKILL, Reason.WRONG_OWNER)]

# Whatever begins so long ago is over by now, whatever its plot.
OVER = timedelta(days=9)

# plot, how many, in which teams by turns
ANY_TIME: tuple[tuple[Callable[[Stage, str], Plot], int, tuple[str, ...]], ...] = (
    (everyday.one_owner, 28, ALL),
    (everyday.solved_at_once, 10, ALL),
    (everyday.on_hold, 3, ALL),
    (partial(everyday.on_hold, answered=False), 3, ALL),
    (everyday.helped, 4, ("front-line",)),
    (handovers.handed_to_specialist, 7, SPECIALISTS),
    (handovers.handed_over_live, 3, LONDON),
    (everyday.late, 4, ALL),
    (everyday.renegotiated, 3, ALL),
    (handovers.reached_the_wrong_team, 2, LONDON),
    (partial(troubles.declined, times=1), 2, SPECIALISTS),
    (partial(endings.dismissed, outcome=Outcome.SPAM), 1, LONDON),
    (endings.reopened, 1, ALL),
)
EARLY: tuple[tuple[Callable[[Stage, str], Plot], int, tuple[str, ...]], ...] = (
    (everyday.on_hold, 1, LONDON),
    (partial(everyday.on_hold, extended=True), 1, ("billing",)),
    (partial(everyday.on_hold, extended=True, answered=False), 1, ("technical",)),
    (everyday.helped, 2, ("front-line",)),
    (partial(everyday.helped, answered=False), 1, ("front-line",)),
    (partial(handovers.handed_to_specialist, corrected=True), 2, SPECIALISTS),
    *((partial(handovers.handed_to_specialist, reason=reason), 1, LONDON) for reason in GIVEN_REASONS),
    (handovers.handed_over_live, 1, LONDON),
    (handovers.reached_the_wrong_team, 2, LONDON),
    (everyday.renegotiated, 2, SPECIALISTS),
    (everyday.promise_withdrawn, 2, ("front-line", "billing")),
    (everyday.corrected_details, 2, SPECIALISTS),
    (partial(troubles.declined, times=2), 1, ("technical",)),
    (partial(troubles.declined, times=3), 1, ("billing",)),
    (troubles.expired, 2, LONDON),
    (troubles.withdrawn, 2, SPECIALISTS),
    (troubles.claimed, 2, ("technical", "billing", "deliveries")),
    (partial(troubles.claimed, ending="decline"), 1, LONDON),
    (partial(troubles.claimed, ending="withdraw"), 1, LONDON),
    (troubles.ping_pong, 2, ("technical", "deliveries")),
    (troubles.bounced, 2, SPECIALISTS),
    (partial(troubles.bounced, chase=True), 2, LONDON),
    (troubles.third_change, 1, ("technical",)),
    (partial(troubles.third_change, ending="refuse"), 1, ("billing",)),
    (partial(troubles.third_change, ending="climb"), 1, ("front-line",)),
    (absences.manager_wanted, 2, ("technical", "billing")),
    (partial(absences.manager_wanted, answered=False), 1, ("billing",)),
    (absences.lunch, 4, ("technical", "billing")),
    (troubles.taken_over, 2, ("contracts", "technical")),
    (partial(troubles.taken_over, handed_on=True), 1, ("deliveries",)),
    (endings.ill, 1, ("technical",)),
    (partial(endings.dismissed, outcome=Outcome.SPAM), 1, LONDON),
    (partial(endings.dismissed, outcome=Outcome.WRONG_NUMBER), 2, ("front-line", "deliveries")),
    (partial(endings.dismissed, outcome=Outcome.NOT_A_COMPLAINT), 2, ("front-line", "technical")),
    (endings.given_up, 2, SPECIALISTS),
    (partial(endings.given_up, outcome=Outcome.UNREACHABLE), 2, SPECIALISTS),
    (endings.reopened, 2, ("technical", "billing")),
    (partial(endings.told_twice, ending="confirm"), 2, SPECIALISTS),
    (partial(endings.told_twice, ending="deny"), 1, ("technical",)),
    (partial(endings.told_twice, ending="own"), 1, ("deliveries",)),
    (endings.written_again, 2, ("billing", "contracts")),
    (endings.forgotten, 1, ("contracts",)),
    (endings.departure, 1, ("front-line",)),
)
# plot, how many working minutes ago it begins, in which team
LATELY: tuple[tuple[Callable[[Stage, str], Plot], int, str], ...] = (
    (last_hours.due_soon, 70, "billing"),
    (last_hours.due_soon, 95, "technical"),
    (last_hours.due_soon, 120, "contracts"),
    (last_hours.overdue, 260, "technical"),
    (last_hours.overdue, 330, "deliveries"),
    (last_hours.overdue, 420, "billing"),
    (last_hours.not_returned, 520, "contracts"),
    (last_hours.not_returned, 700, "technical"),
    (last_hours.asked_now, 190, "technical"),
    (last_hours.asked_now, 200, "billing"),
    (last_hours.offered_now, 300, "billing"),
    (last_hours.offered_now, 340, "technical"),
    (last_hours.offered_now, 380, "deliveries"),
    (last_hours.claimed_now, 260, "technical"),
    (last_hours.approval_now, 1100, "technical"),
    (last_hours.declined_now, 430, "billing"),
    (troubles.ping_pong, 480, "deliveries"),
    (troubles.hot_potato, 330, "technical"),
    (absences.manager_wanted_now, 240, "technical"),
    (absences.lunch, 20, "billing"),
    (last_hours.just_called, 25, "technical"),
    (last_hours.just_called, 42, "billing"),
)
# The web form never sleeps: minutes ago, in which team.
WRITTEN = ((12, "billing"), (47, "deliveries"), (95, "technical"), (160, "contracts"))


def plan(stage: Stage) -> None:
    """Enter everything that will happen."""
    for plot, count, teams in ANY_TIME:
        _spread(stage, plot, count, teams, until=stage.now)
    for plot, count, teams in EARLY:
        _spread(stage, plot, count, teams, until=stage.now - OVER)
    stage.enter(_opening(stage, "technical"), troubles.hot_potato(stage, "technical"))
    for plot, minutes, team in LATELY:
        stage.enter(stage.before(team, stage.now, minutes), plot(stage, team))
    for minutes, team in WRITTEN:
        stage.enter(stage.now - timedelta(minutes=minutes), last_hours.just_written(stage, team))
    for team in stage.company.reps:
        stage.enter(_opening(stage, team), managers.rounds(stage, team))
    for number, days in stage.company.days_off.items():
        person = next(one for one in stage.company.people.values() if one.pk == number)
        zone = ZoneInfo(stage.company.team_of[number].time_zone)
        stage.enter(datetime.combine(min(days), time(0), tzinfo=zone), endings.away(stage, person))


def _spread(
    stage: Stage, plot: Callable[[Stage, str], Plot], count: int, teams: tuple[str, ...], *, until: datetime
) -> None:
    by_turns = cycle(teams)
    for _ in range(count):
        team = next(by_turns)
        # Calls come when both the front line and whoever they are handed to are there to talk.
        hours = team if team != "technical" else BUSY
        stage.enter(stage.some_time(hours, stage.start, until), plot(stage, team))


def _opening(stage: Stage, team: str) -> datetime:
    """Return a quarter of an hour after a team opens for the first time."""
    calendar = stage.company.calendars[stage.company.teams[team].pk]
    begin = working_time.add_days(calendar, stage.start, 1)
    return working_time.add(calendar, begin + timedelta(hours=1), timedelta(minutes=15))
