"""What waits for the tracker waits on disk, in its order, and not without end."""

from pathlib import Path

import pytest

from phones.asterisk.spool import Spool, SpoolError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the spool is."""
    return tmp_path / "state" / "spool.sqlite3"


def waiting(spool: Spool) -> list[object]:
    """Return the events that wait."""
    return [event["id"] for _, event in spool.oldest(100)]


def events(*ids: int) -> list[dict[str, object]]:
    """Return events of those ids."""
    return [{"id": id_} for id_ in ids]


def test_what_was_added_is_there_for_the_next_process(file: Path) -> None:
    first = Spool(file, most=10)
    first.add(events(1, 2))
    first.add(events(3))
    first.close()
    second = Spool(file, most=10)
    assert (waiting(second), len(second)) == ([1, 2, 3], 3)


def test_what_is_done_is_gone(file: Path) -> None:
    spool = Spool(file, most=10)
    spool.add(events(1, 2, 3))
    spool.done(spool.oldest(2)[-1][0])
    assert (waiting(spool), len(spool)) == ([3], 1)


@pytest.mark.parametrize("added", [(4, 5), (4, 5, 6, 7, 8)])
def test_when_it_is_full_the_oldest_go(file: Path, added: tuple[int, ...]) -> None:
    spool = Spool(file, most=3)
    assert spool.add(events(1, 2, 3)) == 0
    assert spool.add(events(*added)) == len(added)
    assert (waiting(spool), len(spool)) == ([1, 2, 3, *added][-3:], 3)


def test_only_the_owner_may_read_it(file: Path) -> None:
    Spool(file, most=3).add(events(1))
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_what_is_no_spool_is_left_alone(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("a shopping list, long enough to be no empty database" * 20)
    with pytest.raises(SpoolError, match=r"spool\.sqlite3: file is not a database"):
        Spool(file, most=3)
    assert file.read_text().startswith("a shopping list")


def test_one_that_cannot_be_written_keeps_what_it_has(file: Path) -> None:
    spool = Spool(file, most=10)
    spool.add(events(1))
    spool._db.execute("PRAGMA query_only = ON")
    with pytest.raises(SpoolError):
        spool.add(events(2))
    with pytest.raises(SpoolError):
        spool.done(100)
    spool._db.execute("PRAGMA query_only = OFF")
    spool.add(events(3))
    assert (waiting(spool), len(spool)) == ([1, 3], 2)
