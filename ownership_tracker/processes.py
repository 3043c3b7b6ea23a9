"""Starting processes that cannot outlive us, stopping them, and finding those of a run that was killed.

Linux only: it relies on /proc and on the parent-death signal.
"""

import contextlib
import ctypes
import fcntl
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

# Every process that we start carries this variable, and so does whatever it starts in turn.
MARK = "OWNERSHIP_TRACKER_RUN"

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


class AlreadyRunningError(Exception):
    """Another process runs this clone's servers."""


class StillThereError(Exception):
    """Processes of an earlier run did not end, not even when killed."""


def end_with_parent(farewell: int = signal.SIGTERM) -> None:
    """Have the kernel send us `farewell` when our parent dies, even if it is killed outright."""
    _libc.prctl(_PR_SET_PDEATHSIG, farewell)


def spawn(
    command: Sequence[str | Path],
    *,
    home: Path,
    farewell: int = signal.SIGTERM,
    user: str | None = None,
    output: int | IO[bytes] = subprocess.PIPE,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process that is sent `farewell` when this one dies, however that happens.

    Call it from the main thread while there is no other: the kernel watches the calling thread.

    home: the state folder it belongs to, by which `left_behind` knows it again.
    user: whom to run as; only root may choose.
    output: where stdout and stderr go.
    """
    parent = os.getpid()

    def tie() -> None:
        # Runs after the change of user, which would clear it.
        end_with_parent(farewell)
        if os.getppid() != parent:
            os._exit(1)

    return subprocess.Popen(  # noqa: S603 - our own commands, and no shell
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        # A session of its own keeps a terminal's Ctrl-C from it: we stop things in order ourselves.
        start_new_session=True,
        preexec_fn=tie,
        user=user,
        group=None if user is None else pwd.getpwnam(user).pw_gid,
        extra_groups=None if user is None else [],
        env={**os.environ, MARK: str(home)},
    )


def stop(*processes: subprocess.Popen[bytes], farewell: int = signal.SIGTERM, patience: float = 10) -> None:
    """Ask spawned processes to end, all at once; after `patience` seconds kill them, with their groups."""
    for process in processes:
        process.send_signal(farewell)  # does nothing to one that has ended
    limit = time.monotonic() + patience
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0, limit - time.monotonic()))
        # Also when it has ended: a server that was killed leaves its workers to us.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def left_behind(home: Path) -> list[int]:
    """The ids of the running processes that an earlier run started for this state folder."""
    mark = os.fsencode(f"{MARK}={home}")
    found = []
    for entry in Path("/proc").iterdir():
        # What belongs to others cannot be read, and what has just ended is gone.
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


def clear_away(home: Path) -> int:
    """Stop what an earlier, killed run left behind, and return how many processes that were.

    Raises StillThereError when they do not go.
    """
    found = left_behind(home)
    # An interrupt is what all of them, PostgreSQL included, take for "stop now, in good order".
    for number, patience in (signal.SIGINT, 5), (signal.SIGKILL, 5):
        for pid in left_behind(home):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        limit = time.monotonic() + patience
        while left_behind(home):
            if time.monotonic() > limit:
                break
            time.sleep(0.1)
        else:
            return len(found)
    raise StillThereError(f"Processes of an earlier run do not end: {left_behind(home)}")


@contextlib.contextmanager
def only_one(home: Path, say: Callable[[str], None] = print) -> Iterator[None]:
    """Hold the one right to run the servers of this state folder, after clearing away a killed run.

    Raises AlreadyRunningError when another process holds it, StillThereError as `clear_away` does. The
    kernel drops the right when we die; our children do not inherit it (a record lock, not flock).
    """
    with (home / "lock").open("a+") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            lock.seek(0)
            holder = lock.read().strip()
            raise AlreadyRunningError(
                f"It already runs here, as process {holder}. Use that one, or stop it: kill {holder}"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        if cleared := clear_away(home):
            say(f"Stopped {cleared} processes that a killed run had left behind")
        yield


def heed_signals() -> None:
    """Let SIGTERM and SIGHUP (a closed terminal) end us as Ctrl-C does, by KeyboardInterrupt.

    SIGINT is named too because a shell has us ignore it when it starts us in the background; but what
    `nohup` has us ignore we do.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def watch(processes: Mapping[str, subprocess.Popen[bytes]]) -> str:
    """Wait until one of the processes ends, and return its name.

    KeyboardInterrupt passes through, once: an impatient second Ctrl-C must not stop the stopping.
    """
    try:
        while not (ended := first_ended(processes)):
            time.sleep(0.2)
    except KeyboardInterrupt:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        raise
    return ended


def first_ended(processes: Mapping[str, subprocess.Popen[bytes]]) -> str | None:
    """The name of a process that has ended, if one has."""
    return next((name for name, process in processes.items() if process.poll() is not None), None)
