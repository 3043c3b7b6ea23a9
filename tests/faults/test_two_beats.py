"""Two beats by mistake: everything is swept twice as often, and nothing is seen twice."""

import time

import pytest

from tests.faults.duties import about_to_rise, after, fall_due
from tests.faults.world import World

pytestmark = pytest.mark.xdist_group("faults")


def test_both_strike_and_nothing_is_seen_twice(world: World) -> None:
    second = world.installation.second_beat
    second.start()
    try:
        due = after(2)
        rising = about_to_rise(world.cast, due=due)
        fell_due = fall_due(world.cast, due=due, each=5)
        # The sweep that has taken them waits halfway; the next ones must pass them by.
        with world.locked("tickets_flag", rising.pk) as holder:
            world.wait_until_waits(holder, "UPDATE")
            began, before = time.monotonic(), world.sweeps_begun()
            world.installation.wait_until(
                lambda: world.sweeps_begun() - before >= 1.5 * (time.monotonic() - began) > 3, "two beats strike"
            )
        world.wait_until_seen(fell_due)
        world.assert_all_is_well(fell_due)
    finally:
        second.kill()
