"""The stage: the clock of the play, its dice, and whose turn is next.

A plot is a generator. It does something by verbs at `stage.clock`, and yields the moment at which it wants
to go on; the stage lets the plot whose moment comes first go on, so everything happens in the order of time.
What has not happened by `now` does not happen: those tickets are the ones that are still being worked on.
"""

import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from ownership_tracker.demo.callers import Callers
from ownership_tracker.demo.company import LEAVER, Company
from ownership_tracker.demo.script import Script
from people import working_time
from people.models import Person

Plot = Iterator[datetime]

WEEKS = timedelta(weeks=3)
DAY = timedelta(days=1)


class Stage:
    """Where the play takes place."""

    def __init__(self, company: Company, callers: Callers, *, dice: random.Random, now: datetime) -> None:
        self.company, self.callers, self.dice = company, callers, dice
        self.start, self.now, self.clock = now - WEEKS, now, now - WEEKS
        self.script = Script(dice)
        self._waiting: list[tuple[datetime, int, Plot]] = []
        self._turn = itertools.count()

    def enter(self, at: datetime, plot: Plot) -> None:
        """Let a plot begin at `at`."""
        heapq.heappush(self._waiting, (at, next(self._turn), plot))

    def play(self, tell: Callable[[datetime], None]) -> None:
        """Play up to now, in the order of time; `tell` hears how far it is."""
        while self._waiting and self._waiting[0][0] <= self.now:
            self.clock, _, plot = heapq.heappop(self._waiting)
            tell(self.clock)
            when = next(plot, None)
            if when is not None:
                self.enter(max(when, self.clock), plot)

    def work(self, who: Person, low: float, high: float) -> datetime:
        """Return the moment after `low` to `high` minutes of somebody's working time from the clock on."""
        length = timedelta(seconds=round(self.dice.uniform(low, high) * 60))
        return working_time.add(self.company.calendar(who), self.clock, length)

    def wait(self, low: float, high: float) -> datetime:
        """Return the moment after `low` to `high` minutes, whether anybody is at work or not."""
        return self.clock + timedelta(seconds=round(self.dice.uniform(low, high) * 60))

    def some_time(self, team: str, begin: datetime, end: datetime) -> datetime:
        """Return some working moment of a team between two others, rather later than earlier."""
        calendar = self.company.calendars[self.company.teams[team].pk]
        return working_time.add(
            calendar, begin, working_time.between(calendar, begin, end) * round(self.dice.random() ** 0.75, 4)
        ).replace(microsecond=0)

    def before(self, team: str, moment: datetime, minutes: float) -> datetime:
        """Return the moment at which a team has so many working minutes left until `moment`."""
        calendar = self.company.calendars[self.company.teams[team].pk]
        left = timedelta(minutes=minutes)
        begin = moment - 2 * DAY
        while (length := working_time.between(calendar, begin, moment)) < left:
            begin -= DAY
        return working_time.add(calendar, begin, length - left)

    def at_work(self, who: Person, *, for_minutes: float = 1) -> bool:
        """Say whether somebody works now, and still will for so many minutes."""
        end = self.clock + timedelta(minutes=for_minutes)
        return working_time.between(self.company.calendar(who), self.clock, end) == end - self.clock

    def rep(self, team: str, *but: Person, skill: str = "", language: str = "") -> Person:
        """Return some rep of a team who is there these days: with the skill and the language, if there is one."""
        today = self.clock.date()
        here = [
            rep
            for rep in self.company.reps[team]
            if rep not in but and rep.username != LEAVER and not self.company.is_off(rep, today)
        ]
        fit = [
            rep for rep in here if (not skill or skill in rep.skills) and (not language or language in rep.languages)
        ]
        return self.dice.choice(fit or here)

    def manager(self, team: str) -> Person:
        """Return the manager of a team."""
        return self.company.teams[team].manager

    def deputy(self, team: str) -> list[Person]:
        """Return the deputy of a team, if it has one."""
        deputy = self.company.teams[team].deputy
        return [deputy] if deputy else []
