"""The day after half of the team has left, with the calls of twelve: flags, and what they come from."""

import pytest

from tests.invariants import broken_invariants
from tests.week.rates import UNDERSTAFFED
from tests.week.simulation import simulate
from tickets.models import Flag

# What this team says that one rep can carry, and what each has on the desk in the morning.
LOAD = 10
THE_WORST_ORDINARY_DAY = 6


@pytest.mark.django_db
def test_an_understaffed_day_gives_many_times_the_flags_and_says_that_it_is_capacity() -> None:
    day = simulate(
        UNDERSTAFFED, seed=2, reps=6, length=1, left_over_each=LOAD, thresholds={"load_limit_tickets": LOAD}
    )
    assert sum(day.calls[kind] for kind in UNDERSTAFFED.kinds) == 6 * 100
    flags = list(Flag.objects.filter(raised_at__gte=day.since).order_by("raised_at"))
    assert len(flags) == 29
    assert len(flags) > 4 * THE_WORST_ORDINARY_DAY
    assert {flag.kind for flag in flags} >= {"promise_broken", "unacknowledged", "bounced", "hot_potato", "refused"}
    # In the morning they had what they can carry; by noon it was more.
    loads = [flag.capacity for flag in flags]
    assert [load is None for load in loads] == [True] * 9 + [False] * 20
    assert loads[9] == {"live_tickets": 67, "reps": 6, "limit_each": LOAD}
    assert broken_invariants() == []
