"""Addresses and the secret key of a clone without configuration."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import environ
import pytest

from ownership_tracker import local
from ownership_tracker.management.commands.run import sign_ins


def test_the_database_url_names_a_socket() -> None:
    parsed = environ.Env.db_url_config(local.database_url(Path("/tmp/here")))

    assert (parsed["HOST"], parsed["USER"], parsed["NAME"]) == ("/tmp/here", "tracker", "tracker")


@pytest.mark.parametrize(
    ("redis_url", "broker_url"),
    [
        (local.redis_url(Path("/tmp/here"), 3), "redis+socket:///tmp/here/valkey.sock?virtual_host=3"),
        ("redis://example.org:6379/1", "redis://example.org:6379/1"),
        ("rediss://example.org/", "rediss://example.org/"),
    ],
)
def test_celery_is_given_the_same_server_in_its_own_words(redis_url: str, broker_url: str) -> None:
    assert local.broker_url(redis_url) == broker_url


def test_sockets_fit_where_sockets_are_named() -> None:
    # 107 bytes, of which the longest name takes its share.
    assert len(str(local.SOCKETS / ".s.PGSQL.5432")) < 107


def test_the_secret_key_is_made_once_for_its_user_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(local, "HOME", tmp_path / "new")

    with ThreadPoolExecutor(8) as pool:
        keys = {key.result() for key in [pool.submit(local.secret_key) for _ in range(8)]}

    assert len(keys) == 1
    assert len(keys.pop()) > 50
    kept = tmp_path / "new" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(kept.parent.iterdir()) == [kept]


def test_each_run_says_the_password_of_the_clones_own_demonstration(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(local, "HOME", tmp_path)
    monkeypatch.setattr(local, "DEMO_PASSWORD", tmp_path / "demo_password")
    assert sign_ins() == ""  # there is none: somebody's own data
    password = local.demo_password()
    assert sign_ins() == f"  Sign in as rosa, maud, ada, kai: {password}\n"
