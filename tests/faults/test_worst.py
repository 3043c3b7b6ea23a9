"""Everything fails at once, under load; in a soak again and again, in turn with everything by itself."""

import itertools
import os
import signal
import time

import pytest

from tests.faults.duties import after, fall_due
from tests.faults.lengths import LENGTHS, SOAKING
from tests.faults.world import World

pytestmark = pytest.mark.xdist_group("faults")


def everything_fails(world: World) -> None:
    """Kill all but the beat and what holds the web server's processes: these two must see to themselves."""
    parts = world.installation
    parts.broker.kill()
    parts.worker.kill()
    for process in parts.web.children:
        os.kill(process, signal.SIGKILL)
    parts.end_database(signal.SIGQUIT)
    time.sleep(LENGTHS.down)
    for part in (parts.database, parts.worker, parts.broker):
        part.start()


def valkey_is_away(world: World) -> None:
    """Stop Valkey for a minute."""
    world.installation.broker.end()
    time.sleep(LENGTHS.away)
    world.installation.broker.start()


def database_is_restarted(world: World) -> None:
    """Restart PostgreSQL again and again, before everything has recovered from the last time."""
    for farewell in itertools.islice(itertools.cycle((signal.SIGINT, signal.SIGQUIT)), LENGTHS.times):
        world.installation.end_database(farewell)
        world.installation.database.start()
        time.sleep(1)


def worker_is_killed(world: World) -> None:
    """Kill the worker again and again, at whatever it is doing just then."""
    for _ in range(LENGTHS.times):
        world.wait_until_seen(fall_due(world.cast, due=after(0), each=1))
        world.installation.worker.kill()
        world.installation.worker.start()


FAULTS = (everything_fails, valkey_is_away, database_is_restarted, worker_is_killed)


def test_all_recovers(world: World) -> None:
    if SOAKING:
        world.installation.second_beat.start()
    for number in itertools.count(1):
        fell_due = []
        with world.load() as callers:
            for fault in FAULTS if SOAKING else [everything_fails]:
                fell_due += fall_due(world.cast, due=after(1))
                fault(world)
                world.wait_until_answered(callers, since=time.monotonic())
                world.wait_until_seen(fell_due)
        world.assert_all_is_well(fell_due)
        if time.monotonic() > LENGTHS.end:
            break
        print(f"\nRound {number}: all is well.", end="", flush=True)
