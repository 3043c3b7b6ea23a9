"""PostgreSQL is restarted, or crashes: nothing that was answered is lost, and everybody finds it again."""

import signal
import time

import pytest

from tests.faults.duties import after, fall_due
from tests.faults.lengths import LENGTHS
from tests.faults.world import World

pytestmark = pytest.mark.xdist_group("faults")


# In good order, and at once, as a crash would.
@pytest.mark.parametrize("farewell", [signal.SIGINT, signal.SIGQUIT], ids=["restarted", "crashed"])
def test_under_load(world: World, farewell: signal.Signals) -> None:
    installation = world.installation
    before = installation.running()
    with world.load() as callers:
        fell_due = fall_due(world.cast, due=after(LENGTHS.down))
        installation.end_database(farewell)
        time.sleep(LENGTHS.down)
        installation.database.start()
        back = time.monotonic()
        world.wait_until_answered(callers, since=back)
        world.wait_until_seen(fell_due)
    assert all(each.status < 500 for caller in callers for each in caller.tries(back))
    world.assert_all_is_well(fell_due)
    # Nobody had to start them again.
    assert {**installation.running(), "database": 0} == {**before, "database": 0}


def test_while_nobody_asks(world: World) -> None:
    """All hold connections that are dead, and notice before they use them: nobody gets an error."""
    with world.load():
        pass
    world.installation.end_database(signal.SIGINT)
    world.installation.database.start()
    with world.load() as callers:
        pass
    assert {each.status for caller in callers for each in caller.tries(0)} == {200, 201}
    world.assert_all_is_well([])
