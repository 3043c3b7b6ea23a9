"""The wheels' PostgreSQL and Valkey, started for real."""

import dataclasses
import os
import tempfile
from pathlib import Path

import psycopg
import pytest
import redis

from ownership_tracker import local, servers
from ownership_tracker.processes import spawn, stop


def connect(place: servers.Place) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(place.sockets), user="tracker", dbname="tracker", autocommit=True)


def test_data_outlives_a_restart_and_a_throwaway_place_does_not() -> None:
    with servers.throwaway() as place:
        durable = dataclasses.replace(place, durable=True)
        with servers.running(durable), connect(durable) as database:
            database.execute("CREATE TABLE kept AS SELECT 1 AS one")
            redis.from_url(local.redis_url(durable.sockets)).set("kept", "1")
        with servers.running(durable), connect(durable) as database:
            assert database.execute("SELECT one FROM kept").fetchone() == (1,)
            assert redis.from_url(local.redis_url(durable.sockets)).get("kept") == b"1"
            assert database.execute("SHOW fsync").fetchone() == ("on",)

    assert not place.home.exists()


def test_what_a_killed_test_left_is_removed_by_the_next() -> None:
    abandoned, used, starting = (
        Path(tempfile.mkdtemp(prefix="ownership-tracker-test-", dir="/tmp")) for _ in range(3)
    )
    for folder in (abandoned, used):
        os.utime(folder, (0, 0))
    user = spawn(["sleep", "60"], home=used)
    try:
        with servers.throwaway():
            assert [folder.exists() for folder in (abandoned, used, starting)] == [False, True, True]
    finally:
        stop(user)
        used.rmdir()
        starting.rmdir()


def test_the_product_is_no_superuser_and_sorts_alike_everywhere() -> None:
    with servers.throwaway() as place, servers.running(place, ["PostgreSQL"]), connect(place) as database:
        role = database.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert role.fetchone() == (False, False)
        assert database.execute("SELECT 'é' ~ '\\w', 'É' ILIKE 'é', 'B' < 'a'").fetchone() == (True, True, True)


def test_nobody_else_may_enter_the_sockets() -> None:
    with servers.throwaway() as place, servers.running(place):
        assert place.sockets.stat().st_mode & 0o077 == 0


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    with servers.throwaway() as place:
        theirs = tmp_path / "theirs"
        theirs.mkdir()
        theirs.chmod(0o777)
        link = tmp_path / "link"
        link.symlink_to(theirs)
        for sockets in (theirs, link):
            with (
                pytest.raises(servers.ServerFailedError, match="not a folder of ours alone"),
                servers.running(dataclasses.replace(place, sockets=sockets)),
            ):
                pass


def test_a_server_that_cannot_start_shows_the_end_of_its_log() -> None:
    with servers.throwaway() as place:
        with servers.running(place, ["PostgreSQL"]):
            pass
        (place.servers / "postgres" / "PG_VERSION").write_text("9.6\n")
        with (
            pytest.raises(servers.ServerFailedError, match=r"initialized by PostgreSQL version 9\.6"),
            servers.running(place, ["PostgreSQL"]),
        ):
            pass
