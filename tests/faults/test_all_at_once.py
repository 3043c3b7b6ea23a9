"""Everything fails together, under load; in a soak for as long as one likes."""

import itertools
import os
import signal
import time

import pytest

from tests.faults.duties import after, fall_due
from tests.faults.lengths import LENGTHS
from tests.faults.world import World

pytestmark = pytest.mark.xdist_group("faults")


def everything_fails(world: World) -> None:
    """Kill what can be killed; the beat and the web server, whose processes are killed, see to themselves."""
    parts = world.installation
    parts.broker.kill()
    parts.worker.kill()
    for process in parts.web.children:
        os.kill(process, signal.SIGKILL)
    parts.end_database(signal.SIGQUIT)
    time.sleep(LENGTHS.down)
    for part in (parts.database, parts.worker, parts.broker):
        part.start()


def worker_is_killed(world: World) -> None:
    """Kill the worker at whatever it is doing just then."""
    fell_due = fall_due(world.cast, due=after(0))
    time.sleep(0.1)
    world.installation.worker.kill()
    world.installation.worker.start()
    world.wait_until_seen(fell_due)


def test_it_recovers(world: World) -> None:
    end = time.monotonic() + LENGTHS.minutes * 60
    for number in itertools.count(1):
        with world.load() as callers:
            fell_due = fall_due(world.cast, due=after(1))
            everything_fails(world)
            world.wait_until_answered(callers, since=time.monotonic())
            world.wait_until_seen(fell_due)
            for _ in range(1, LENGTHS.rounds):
                worker_is_killed(world)
        world.assert_all_is_well(fell_due)
        world.figures["times that everything failed at once"] = number
        if time.monotonic() > end:
            break
