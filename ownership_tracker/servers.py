"""The PostgreSQL and the Valkey that come in wheels: making, starting, awaiting and ending them.

Both listen on Unix sockets in a folder that only their user may enter: two clones cannot collide over
a port, and nobody else on the machine can connect. That is why PostgreSQL may trust whoever does.
"""

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from ownership_tracker import local
from ownership_tracker.processes import left_behind, spawn, stop
from ownership_tracker.programs import give, programs, server_user

PATIENCE = 60  # seconds; a recovery after a crash takes a while
STORES = ("PostgreSQL", "Valkey")
_THROWAWAY = "ownership-tracker-test-"
_HASTY = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


class ServerFailedError(Exception):
    """A server could not be started; the message holds the end of its log."""


@dataclass(frozen=True)
class Place:
    """Where one pair of servers lives.

    home: the state folder, with the logs. servers: the data. sockets: the folder of the sockets.
    durable: False for data that nobody misses after a power cut.
    """

    home: Path = local.HOME
    servers: Path = local.SERVERS
    sockets: Path = local.SOCKETS
    durable: bool = True


@contextlib.contextmanager
def throwaway() -> Iterator[Place]:
    """A place for servers that nobody needs afterwards, in a folder which is removed at the end."""
    _remove_abandoned()
    # Not in TMPDIR, whose path may be too long for a socket.
    with tempfile.TemporaryDirectory(prefix=_THROWAWAY, dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755 if local.AS_ROOT else 0o700)
        yield Place(home=folder, servers=folder / "servers", sockets=folder / "servers", durable=False)


def _remove_abandoned() -> None:
    """Remove the folders of users of `throwaway` who were killed: nothing runs there any more."""
    for folder in Path("/tmp").glob(f"{_THROWAWAY}*"):  # noqa: S108 - only our own are touched
        with contextlib.suppress(FileNotFoundError):  # another process was faster
            found = folder.lstat()
            # A minute is more than a start takes.
            old = time.time() - found.st_mtime > 60
            if old and found.st_uid == os.geteuid() and not left_behind(folder):
                shutil.rmtree(folder)


@contextlib.contextmanager
def running(
    place: Place, stores: Sequence[str] = STORES, say: Callable[[str], None] = print
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Run the named stores until the block ends; yields their processes by name.

    Raises ServerFailedError when one does not come up, and when a folder is not ours alone.
    """
    user = server_user(place.servers)
    local.make_folder(place.home)
    for folder in {place.servers, place.sockets} if stores else ():
        _make_private(folder, user)
    with contextlib.ExitStack() as stack:
        processes = {}
        for store, start in (("PostgreSQL", _postgres), ("Valkey", _valkey)):
            if store in stores:
                say(f"Starting {store}")
                processes[store] = stack.enter_context(start(place, user))
        yield processes


@contextlib.contextmanager
def _postgres(place: Place, user: str | None) -> Iterator[subprocess.Popen[bytes]]:
    folder = programs(user).postgres
    data = place.servers / "postgres"
    if not data.exists():
        _initialise(place, data, user, folder)
    _forget_killed(place, data)
    address = ["-k", str(place.sockets), "-p", "5432", "-c", "listen_addresses="]
    command: list[str | Path] = [
        folder / "postgres",
        "-D",
        data,
        *address,
        *([] if place.durable else _HASTY),
    ]
    with _logged(command, place, user, "postgres.log", signal.SIGINT) as process:
        _await(process, place.home / "postgres.log", lambda: _admin(place).close(), psycopg.OperationalError)
        _make_database(place)
        yield process


@contextlib.contextmanager
def _valkey(place: Place, user: str | None) -> Iterator[subprocess.Popen[bytes]]:
    data = place.servers / "valkey"
    if not data.exists():
        data.mkdir(mode=0o700)
        give(data, user)
    options: dict[str, str | Path] = {
        "port": "0",
        "unixsocket": place.sockets / "valkey.sock",
        "unixsocketperm": "700",
        "dir": data,
        "appendonly": "yes" if place.durable else "no",
        "save": "",
        "set-proc-title": "no",  # it would overwrite the mark by which `left_behind` finds it
    }
    settings: list[str | Path] = [part for name, value in options.items() for part in (f"--{name}", value)]
    with _logged([programs(user).valkey, *settings], place, user, "valkey.log", signal.SIGTERM) as process:
        client = redis.from_url(local.redis_url(place.sockets))
        _await(process, place.home / "valkey.log", client.ping, redis.RedisError)
        client.close()
        yield process


@contextlib.contextmanager
def _logged(
    command: Sequence[str | Path], place: Place, user: str | None, log: str, farewell: int
) -> Iterator[subprocess.Popen[bytes]]:
    with (place.home / log).open("ab") as output:
        process = spawn(command, home=place.home, farewell=farewell, user=user, output=output, cwd=place.servers)
    try:
        yield process
    finally:
        stop(process, farewell=farewell, patience=20)


def _await(
    process: subprocess.Popen[bytes], log: Path, attempt: Callable[[], object], not_yet: type[Exception]
) -> None:
    """Repeat `attempt` until it does not raise `not_yet`; ServerFailedError when that takes too long."""
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            attempt()
        except not_yet as error:
            if process.poll() is not None or time.monotonic() > limit:
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
                raise ServerFailedError(f"{error}\nThe end of {log}:\n{tail}") from error
            time.sleep(0.05)
        else:
            return


def _initialise(place: Place, data: Path, user: str | None, folder: Path) -> None:
    # Made aside and renamed, so that an interrupted start leaves no half of a database.
    fresh = data.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"]
    # The same order of names on every machine, whatever languages are installed there.
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command: list[str | Path] = [
        folder / "initdb",
        "-D",
        fresh,
        *options,
        *([] if place.durable else ["--no-sync"]),
    ]
    process = spawn(command, home=place.home, user=user, cwd=place.servers)
    try:
        said, _ = process.communicate()
    finally:
        stop(process)
    if process.returncode:
        raise ServerFailedError(said.decode(errors="replace"))
    fresh.rename(data)


def _forget_killed(place: Place, data: Path) -> None:
    """Remove the lock files of a server that is gone.

    PostgreSQL does so itself, but not while another process has its number, as after a restart of the
    machine, nor while it is a zombie, as in a container whose first process collects none.
    """
    for kept in (data / "postmaster.pid", place.sockets / ".s.PGSQL.5432.lock"):
        if kept.exists():
            # A server's working folder is its data.
            working = Path("/proc", kept.read_text().split()[0], "cwd")
            if not (working.exists() and working.samefile(data)):
                kept.unlink()


def _admin(place: Place) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(place.sockets), port=5432, user="postgres", dbname="postgres", autocommit=True)


def _make_database(place: Place) -> None:
    """The database and its owner, who is no superuser: what works here works with a hosted PostgreSQL."""
    with _admin(place) as admin:
        if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = 'tracker'").fetchone():
            admin.execute("CREATE ROLE tracker LOGIN CREATEDB")
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = 'tracker'").fetchone():
            admin.execute("CREATE DATABASE tracker OWNER tracker")
        if not place.durable:
            # Tests break rows past all keys and triggers, to see that it shows.
            admin.execute("GRANT SET ON PARAMETER session_replication_role TO tracker")


def _make_private(folder: Path, user: str | None) -> None:
    if not os.path.lexists(folder):
        folder.mkdir(mode=0o700)
        give(folder, user)
    found = folder.lstat()
    ours = pwd.getpwnam(user).pw_uid if user else os.geteuid()
    # In /tmp anybody could have put a folder or a link there before us.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != ours or found.st_mode & 0o077:
        raise ServerFailedError(f"{folder} is not a folder of ours alone. Look what it is and remove it.")
