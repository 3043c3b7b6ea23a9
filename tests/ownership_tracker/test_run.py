"""`make run` and `manage.py services`: started, stopped, killed and started again for real."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ownership_tracker.processes import left_behind
from tests.ownership_tracker.clone import PATIENCE, Clone

READY = "Ownership Tracker runs"

# All by one of xdist's workers, for they share a clone whose demonstration takes its time to load.
pytestmark = pytest.mark.xdist_group("run")


@pytest.fixture(scope="module")
def one_clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    clone = Clone(tmp_path_factory.mktemp("clone"))
    yield clone
    clone.remove()


@pytest.fixture
def clone(one_clone: Clone) -> Iterator[Clone]:
    yield one_clone
    one_clone.kill_all()  # a test that failed leaves nothing to the next


def wait_until(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "it does not happen"
        time.sleep(0.1)


def named(clone: Clone, words: str) -> list[int]:
    """The clone's processes with these words in their command line, the oldest first."""
    return sorted(
        pid for pid in clone.processes() if words in Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    )


def test_it_runs_until_ctrl_c_and_leaves_nothing(clone: Clone) -> None:
    run = clone.make_run()
    run.await_line(READY)
    assert run.answers()
    assert named(clone, "uvicorn")
    assert named(clone, "postgres")
    assert named(clone, "valkey")
    assert named(clone, " worker --")
    assert named(clone, " beat --")

    # A second terminal finds the same database; a second run is told so.
    assert clone.manage("migrate", "--check").returncode == 0
    second = clone.make_run()
    assert second.ended() != 0
    assert "It already runs here, as process" in second.printed()
    assert run.answers()

    run.ctrl_c()
    run.ended()
    assert clone.processes() == []
    assert "Traceback" not in run.printed()
    # In good order, not killed for want of patience.
    assert "database system is shut down" in (clone.home / "postgres.log").read_text().splitlines()[-1]


def test_all_ends_when_what_holds_it_is_killed(clone: Clone) -> None:
    run = clone.make_run()
    run.await_line(READY)
    os.kill(run.process.pid, signal.SIGKILL)  # make
    wait_until(lambda: clone.processes() == [])

    run = clone.start([".venv/bin/python", "manage.py", "run"])
    run.await_line(READY)
    run.process.kill()
    wait_until(lambda: clone.processes() == [])


def test_it_recovers_after_everything_was_killed(clone: Clone) -> None:
    run = clone.make_run()
    run.await_line(READY)
    # The first of each kind, all at once; their own workers are left, and one holds the port.
    kinds = ("granian", " worker --", " beat --", "postgres", "valkey", "uvicorn")
    firsts = [named(clone, words)[0] for words in kinds]
    assert set(firsts) <= set(left_behind(clone.home))
    os.killpg(run.process.pid, signal.SIGSTOP)
    for pid in firsts:
        os.kill(pid, signal.SIGKILL)
    os.killpg(run.process.pid, signal.SIGKILL)
    run.ended()
    assert clone.processes() != []
    # The server's number has gone to somebody who lives, as it does after a restart.
    folder = clone.home / "servers"
    user = folder.owner() if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", str(PATIENCE)], user=user) as stranger:
        for lock in (folder / "postgres/postmaster.pid", clone.sockets / ".s.PGSQL.5432.lock"):
            lock.write_text(lock.read_text().replace(str(firsts[3]), str(stranger.pid), 1))

        again = clone.make_run()

        again.await_line(READY)
        stranger.kill()
    assert "that a killed run had left behind" in again.printed()
    assert again.answers()
    os.kill(again.process.pid, signal.SIGTERM)
    again.ended()
    assert clone.processes() == []


@pytest.mark.parametrize(("words", "name"), [("valkey", "Valkey"), ("granian", "The web server")])
def test_it_stops_when_a_part_ends_by_itself(clone: Clone, words: str, name: str) -> None:
    run = clone.make_run()
    run.await_line(READY)

    os.kill(named(clone, words)[0], signal.SIGKILL)

    assert run.ended() != 0
    assert f"{name} has ended by itself (exit code -9)" in run.printed()
    assert clone.processes() == []


@pytest.mark.parametrize("name", ["PORT", "LIVE_PORT"])
def test_a_taken_port_is_said_in_one_line(clone: Clone, name: str) -> None:
    port = int(clone.env()[name])
    with socket.create_server(("127.0.0.1", port)):
        run = clone.make_run()
        assert run.ended() != 0

    assert f"Port {port} is taken" in run.printed()
    assert f"make run {name}={port + 1}" in run.printed()
    assert "Traceback" not in run.printed()
    assert clone.processes() == []


def test_services_run_alone(clone: Clone) -> None:
    run = clone.start([".venv/bin/python", "manage.py", "services"])
    run.await_line("Both run")
    assert clone.manage("migrate", "--check").returncode in (0, 1)  # it could ask

    run.process.terminate()

    assert run.ended() == 0
    assert clone.processes() == []
