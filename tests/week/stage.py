"""The clock of a simulated week: whose turn is next, and the sweeps at their beat in between.

A plot is a generator. It does something by verbs, and yields the moment at which it wants to go on. Whoever
is reminded by the product meanwhile goes on earlier: for that a plot yields `Forgotten`.
"""

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string
from time_machine import Traveller

from notices.models import Notice
from people import working_time
from people.models import Person
from tests.week.desk import Desk
from tests.week.rates import Rates

BEAT = timedelta(seconds=15)
SWEEPS = [
    import_string(str(each["task"])) for each in settings.CELERY_BEAT_SCHEDULE.values() if each["schedule"] == BEAT
]

# When the next sweep has something to do, and which notice was queued last. An offer is past its time only
# after it. A ticket's time lies before the last sweep only when a promise is made at such short notice that
# its reminder has passed; without a bound, the index is full of what this one transaction has left behind.
_NEXT = """
SELECT least(
    (SELECT min(check_at) FROM tickets_ticket WHERE live AND check_at > %s::timestamptz - interval '30 minutes'),
    (SELECT min(climbs_at) FROM tickets_flag WHERE status = 'raised' AND climbs_at IS NOT NULL),
    (SELECT min(due_at) + interval '1 microsecond' FROM handoffs_handoff
     WHERE state IN ('requested', 'offered', 'claimed')),
    (SELECT min(check_at) FROM handoffs_handoff WHERE check_at IS NOT NULL),
    (SELECT min(check_at) FROM handoffs_helprequest WHERE check_at IS NOT NULL),
    (SELECT min(check_at) FROM handoffs_managerrequest WHERE check_at IS NOT NULL),
    (SELECT min(check_at) FROM people_cover WHERE ended_at IS NULL)
), (SELECT max(number) FROM notices_notice)"""


class Forgotten(NamedTuple):
    """Somebody would go on at `until`, unless a notice of the kind `reminder` about the ticket comes before."""

    until: datetime
    ticket: int
    reminder: str
    dice: "Dice"
    heeds: float  # how likely they listen
    after: tuple[float, float]  # and then go on within so many minutes


class Lunch(NamedTuple):
    """Somebody is at lunch; `covering` answers what falls due meanwhile, if anybody does."""

    until: datetime
    covering: Person | None = None


Plot = Generator[datetime | Forgotten, None, None]


class Dice(random.Random):
    """Chance, of which every plot has its own: what a manager does changes nobody else's luck."""

    def happens(self, share: float) -> bool:
        """Say whether something happens that happens in this share of cases."""
        return self.random() < share

    def minutes(self, *spread: tuple[float, float, float]) -> timedelta:
        """Return a length, in whole seconds, out of a spread."""
        _, low, high = self.choices(spread, weights=[weight for weight, _, _ in spread])[0]
        return timedelta(seconds=round(self.uniform(low, high) * 60))


class Stage:
    """Where it all takes place, from `start` on. `reacts` says, by the kind of a notice, who does what then."""

    def __init__(self, desk: Desk, rates: Rates, *, seed: int, start: datetime, traveller: Traveller) -> None:
        self.desk, self.rates, self.seed, self.clock = desk, rates, seed, start
        self.tally: Counter[str] = Counter()
        self.reacts: dict[str, Callable[[Notice], None]] = {}
        self.lunches: dict[int, Lunch] = {}
        self.live: list[Any] = []  # the complaints that are being worked on
        self.customer_of: dict[str, str] = {}  # by reference; numbers are others in every run
        self._traveller = traveller
        self._waiting: list[tuple[datetime, int, Plot]] = []
        self._turns = itertools.count()
        self._turn_of: dict[Plot, int] = {}
        self._asleep: dict[tuple[str, int], tuple[Plot, int, Forgotten]] = {}
        self._last_notice, self._last_beat, self._touched = 0, start, False
        self._due: datetime | None = None

    def dice(self, *whose: object) -> Dice:
        """Return the dice of a plot, the same in every run with this seed."""
        return Dice(" ".join(map(str, (self.seed, *whose))))

    def enter(self, at: datetime, plot: Plot) -> None:
        """Let a plot go on at `at`, instead of whenever it would have."""
        self._turn_of[plot] = next(self._turns)
        heapq.heappush(self._waiting, (at, self._turn_of[plot], plot))

    def play(self, until: datetime) -> None:
        """Play everything that happens up to a time, in order, the sweeps included."""
        with connection.execute_wrapper(self._touch):
            while self._next_beat() <= until or (self._waiting and self._waiting[0][0] <= until):
                if not self._waiting or self._next_beat() <= self._waiting[0][0]:
                    self._beat(self._next_beat())
                    continue
                at, turn, plot = heapq.heappop(self._waiting)
                if self._turn_of.get(plot) == turn:
                    self._go_on(at, plot)
        self._move(until)

    def _touch(self, execute: Callable[..., Any], *args: Any) -> Any:
        """Note that the database was asked something: whoever only waits has changed nothing."""
        self._touched = True
        return execute(*args)

    def _go_on(self, at: datetime, plot: Plot) -> None:
        self._move(at)
        self._touched = False
        step = next(plot, None)
        if step is None:
            del self._turn_of[plot]
        else:
            self.enter(max(step.until if isinstance(step, Forgotten) else step, at), plot)
            if isinstance(step, Forgotten):
                self._asleep[step.reminder, step.ticket] = (plot, self._turn_of[plot], step)
        if self._touched:
            self._look()

    def _move(self, at: datetime) -> None:
        self.clock = at
        self._traveller.move_to(at)

    def _next_beat(self) -> datetime:
        """Return the beat by which something is due that a sweep has to see to."""
        if self._due is None:
            return datetime.max.replace(tzinfo=self.clock.tzinfo)
        due = max(self._due, self.clock)
        beats = -((self._last_beat - due) // BEAT)
        return self._last_beat + max(beats, 1) * BEAT

    def _beat(self, at: datetime) -> None:
        self._move(at)
        for sweep in SWEEPS:
            sweep()
        self._last_beat = at
        self._look()

    def _look(self) -> None:
        """See what is due next, and let people react to what they were just told."""
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [self._last_beat])
            self._due, last = cursor.fetchone()
        if (last or 0) > self._last_notice:
            new = Notice.objects.filter(number__gt=self._last_notice, kind__in=self.reacts, person__isnull=False)
            for notice in new.select_related("person").order_by("number"):
                self.reacts[notice.kind](notice)
            self._last_notice = last

    def remind(self, notice: Notice) -> None:
        """Let whoever has forgotten what a notice is about go on, if they heed it."""
        ticket = int(notice.about.removeprefix("T-"))
        plot, turn, sleep = self._asleep.pop((notice.kind, ticket), (None, 0, None))
        if plot is None or sleep is None or self._turn_of.get(plot) != turn:
            return
        if sleep.dice.happens(sleep.heeds):
            self.enter(min(sleep.until, self.clock + sleep.dice.minutes((1, *sleep.after))), plot)

    def work(self, length: timedelta) -> datetime:
        """Return the moment when so much working time has passed."""
        return working_time.add(self.desk.calendar, self.clock, length)

    def at_lunch(self, person: Person) -> bool:
        """Say whether somebody is at lunch now."""
        lunch = self.lunches.get(person.pk)
        return lunch is not None and lunch.until > self.clock

    def colleague(self, dice: Dice, *but: Person) -> Person:
        """Return some rep who is there, other than those."""
        return dice.choice([rep for rep in self.desk.reps if rep not in but and not self.at_lunch(rep)])
