"""A web server's process is killed after it has done what was asked, and before it could say so."""

import os
import signal

import pytest

from tests.faults.world import World

pytestmark = pytest.mark.xdist_group("faults")


def test_whoever_asks_again_gets_the_first_answer(world: World) -> None:
    with world.load() as callers:
        (caller, _) = callers
        # An entry names who wrote it by a key that is checked at the commit.
        with world.locked("people_person", world.cast.alice.pk) as holder:
            world.wait_until_waits(holder, "COMMIT")
            waiting = caller.journal[-1]
            for process in world.installation.web.children:
                os.kill(process, signal.SIGKILL)
            world.installation.wait_until(lambda: waiting.tries, "the line has broken")
        world.installation.wait_until(lambda: waiting.answered, "it is answered")
    assert (waiting.tries[0].status, waiting.replayed) == (0, True)
    world.assert_all_is_well([])
