"""Where this clone keeps its own PostgreSQL, Valkey and secrets when nothing else is configured.

Path arithmetic and one small file: importing this module starts no service. Everything follows from
the clone's path and the user, so a second terminal finds what `make run` started in the first.
"""

import contextlib
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

CLONE = Path(__file__).resolve().parent.parent
AS_ROOT = os.geteuid() == 0
_KEY = hashlib.sha256(os.fsencode(CLONE)).hexdigest()[:12]

# PostgreSQL refuses to run as root. Root's servers run as another user, who may not even be able to
# enter the clone; nothing on the way there is opened up for them, their data lives elsewhere instead.
HOME = Path("/var/lib/ownership-tracker") / _KEY if AS_ROOT else CLONE / ".local"
SERVERS = HOME / "servers"

# The path of a socket has room for 107 bytes and a clone may lie deeper than that. /tmp rather than
# XDG_RUNTIME_DIR: that one differs between terminals and goes away with the last login.
SOCKETS = SERVERS if AS_ROOT else Path(f"/tmp/ownership-tracker-{os.geteuid()}-{_KEY}")  # noqa: S108 - checked by servers.py


def database_url(sockets: Path = SOCKETS) -> str:
    """The URL of the PostgreSQL that `manage.py services` keeps for this clone."""
    return f"postgres://tracker@/{sockets}/tracker"


def redis_url(sockets: Path = SOCKETS, number: int = 0) -> str:
    """The URL, as redis-py and Django read it, of the Valkey that `manage.py services` keeps for this clone.

    `number` is the database's number, 0 to 15.
    """
    return f"unix://{sockets}/valkey.sock?db={number}"


def broker_url(redis_url: str) -> str:
    """The same server as Celery spells it: it has words of its own for a Unix socket and its database."""
    if not redis_url.startswith("unix://"):
        return redis_url
    return redis_url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")


def secret_key() -> str:
    """The secret key of this clone, made once and kept beside its database, for its user's eyes only.

    Raises OSError when the place cannot be written or belongs to somebody else.
    """
    return _kept("secret_key", secrets.token_urlsafe(50))


DEMO_PASSWORD = HOME / "demo_password"


def demo_password() -> str:
    """The password of the people of this clone's demonstration, made and kept in the same way."""
    return _kept("demo_password", sayable())


def sayable() -> str:
    """Return a password by chance that can be said and typed: six syllables, 38 bits."""
    syllables = [secrets.choice("bdfghjklmnprstvz") + secrets.choice("aeiou") for _ in range(6)]
    return "-".join("".join(syllables[begin : begin + 2]) for begin in (0, 2, 4))


def _kept(name: str, made: str) -> str:
    kept = HOME / name
    if not kept.exists():
        make_folder(HOME)
        # Written aside and linked, so that two commands at once agree on one complete text.
        with tempfile.NamedTemporaryFile("w", dir=HOME, prefix=f"{name}.") as fresh:
            fresh.write(made)
            fresh.flush()
            with contextlib.suppress(FileExistsError):
                os.link(fresh.name, kept)
    return kept.read_text()


def make_folder(path: Path) -> None:
    """Make a folder of ours, and those above it that are missing, where only we may write.

    The modes are set outright because root's umask may shut out the user that root's servers run as.
    """
    for folder in [*reversed(path.parents), path]:
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755 if AS_ROOT else 0o700)
