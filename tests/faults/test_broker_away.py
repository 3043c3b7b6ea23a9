"""Valkey stops, or hangs, under load: everybody is answered, and whatever fell due is seen when it is back."""

import signal
import tempfile
import time
from pathlib import Path

import pytest
from django.conf import settings
from kombu import Connection
from kombu.pidbox import Mailbox

from ownership_tracker import local
from tests.faults.duties import after, fall_due
from tests.faults.lengths import LENGTHS
from tests.faults.world import World

LONGEST = 3  # seconds that a request may take while Valkey is away, on a busy machine

pytestmark = pytest.mark.xdist_group("faults")


def line_of_a_worker(world: World) -> Connection:
    """A connection as a worker has it, which has one task in hand, waits for others, and listens to broadcasts."""
    url = local.broker_url(world.installation.environment["REDIS_URL"])
    line = Connection(url, transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS)
    tasks = line.SimpleQueue("tests")
    tasks.put("look now")
    tasks.get(timeout=5)
    Mailbox("tests").Node(channel=line.channel()).listen()
    with pytest.raises(tasks.Empty):
        tasks.get(timeout=0.1)
    return line


def test_it_stops_for_a_while(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installation = world.installation
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # where kombu writes down the task that it loses
    before = installation.running()
    with world.load() as callers:
        line = line_of_a_worker(world)
        gone = time.monotonic()
        installation.broker.end()
        # So does a worker before it connects anew, and ends when that fails.
        line.collect()
        line.close()
        fell_due = fall_due(world.cast, due=after(LENGTHS.away / 2))
        status, told = installation.ready()
        assert (status, told["broker"], told["database"]) == (503, False, True)
        time.sleep(LENGTHS.away)
        back = time.monotonic()
        installation.broker.start()
    world.wait_until_seen(fell_due)
    during = [each for caller in callers for each in caller.tries(gone, back)]
    assert len(during) > LENGTHS.away
    assert {each.status for each in during} <= {200, 201}
    assert max(each.ended - each.began for each in during) < LONGEST
    world.assert_all_is_well(fell_due)
    # Nobody had to start them again.
    assert {**installation.running(), "broker": 0} == {**before, "broker": 0}


def test_it_hangs_for_a_while(world: World) -> None:
    """It takes requests and does not answer: each process waits for it now and then, not in every request."""
    broker = world.installation.broker
    with world.load() as callers:
        broker.send(signal.SIGSTOP)
        try:
            gone = time.monotonic()
            world.wait_until_answered(callers, since=gone, requests=20)
            took = time.monotonic() - gone
        finally:
            broker.send(signal.SIGCONT)
    assert took < 20 * 0.5
    world.assert_all_is_well([])
