"""Opening a history: plain, in a zip or in gzip, told by its first bytes and not by its name."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from handoffs.history.errors import Unreadable

ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"


@dataclass(frozen=True)
class Opened:
    """An open history: its bytes, unpacked, and how far into `size` one has read."""

    stream: IO[bytes]
    size: int
    position: Callable[[], int]


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open a history for as long as the block runs.

    Raises Unreadable, within the block as well: a packed file may turn out damaged anywhere.
    """
    try:
        with path.open("rb") as raw:
            start = raw.read(4)
            raw.seek(0)
            size = path.stat().st_size
            if start == ZIP:
                with zipfile.ZipFile(raw) as packed:
                    member = _only_member(packed, path)
                    with packed.open(member) as stream:
                        yield Opened(stream, member.file_size, stream.tell)
            elif start[:2] == GZIP:
                with gzip.GzipFile(fileobj=raw) as stream:
                    yield Opened(cast(IO[bytes], stream), size, raw.tell)
            else:
                yield Opened(raw, size, raw.tell)
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise Unreadable(f"{path} is damaged or cut short ({error}): fetch it again.") from error
    except OSError as error:
        raise Unreadable(f"{path} cannot be opened: {error.strerror or error}.") from error


def _only_member(packed: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    members = [
        member for member in packed.infolist() if not member.is_dir() and not member.filename.startswith("__MACOSX/")
    ]
    if len(members) != 1:
        raise Unreadable(f"{path} holds {len(members)} files: put the history into it, and nothing else.")
    if members[0].flag_bits & 1:
        raise Unreadable(f"{path} is locked by a password: unpack it first.")
    return members[0]
