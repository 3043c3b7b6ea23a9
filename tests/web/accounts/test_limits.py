"""Guessing passwords is slow work, and without somebody who counts there is none."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import Settings
from time_machine import TimeMachineFixture

from tests.cast import Cast
from tests.web.accounts.conftest import sign_in


@pytest.fixture
def now(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    """Time stands still until it is moved."""
    time_machine.move_to(timezone.now(), tick=False)
    return time_machine


def guess(username: str, times: int, address: str = "192.0.2.1") -> str:
    """Try wrong passwords, and return what the last answer says."""
    answers = [sign_in(Client(), username, f"wrong {number}", REMOTE_ADDR=address) for number in range(times)]
    return answers[-1]


def test_after_five_wrong_tries_the_account_is_locked_and_says_for_how_long(
    passwords: Cast, now: TimeMachineFixture
) -> None:
    assert "do not belong together" in guess("alice", 5)
    now.shift(timedelta(minutes=3))
    for username in ("alice", "ALICE"):
        said = sign_in(Client(), username, REMOTE_ADDR="192.0.2.9")  # from anywhere, with the right password
        assert "locked for another 7 minutes" in said
    assert sign_in(Client(), "bob", REMOTE_ADDR="192.0.2.1") == "/"

    now.shift(timedelta(minutes=7, seconds=1))
    assert sign_in(Client(), "alice") == "/"


def test_another_name_of_the_server_gives_no_further_tries(passwords: Cast) -> None:
    guess("alice", 5)
    assert "locked" in sign_in(Client(), "alice", HTTP_HOST="localhost")


def test_one_address_may_err_thirty_times_a_minute(passwords: Cast) -> None:
    for number in range(30):
        guess(f"somebody {number}", 1)
    assert "locked for another minute" in sign_in(Client(), "alice", REMOTE_ADDR="192.0.2.1")
    assert sign_in(Client(), "alice", REMOTE_ADDR="192.0.2.2") == "/"


def test_behind_a_proxy_the_address_is_the_last_that_the_proxy_names(passwords: Cast, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(30):
        sign_in(Client(), f"somebody {number}", "wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 192.0.2.1")
    assert "locked" in sign_in(Client(), "alice", HTTP_X_FORWARDED_FOR="203.0.113.7, 192.0.2.1")
    assert sign_in(Client(), "alice", HTTP_X_FORWARDED_FOR="192.0.2.1, 192.0.2.2") == "/"


def test_signing_in_rightly_uses_up_no_tries(passwords: Cast) -> None:
    for _ in range(8):
        assert sign_in(Client(), "alice") == "/"


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/"])
def test_without_valkey_nobody_signs_in_and_is_told_so(passwords: Cast, client: Client, path: str) -> None:
    nowhere = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    signed_in = Client()
    sign_in(signed_in, "bob")
    with override_settings(CACHES={"default": nowhere}):
        caches.close_all()
        answer = client.post(path, {"login": "alice", "password": "wrong", "email": "alice@example.com"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert "Signing in is not possible at the moment" in answer.content.decode()
        assert client.get("/accounts/login/").status_code == 200
        assert signed_in.get("/").status_code == 200  # whoever is signed in goes on working


def test_the_throttle_of_the_page_says_so_in_words(passwords: Cast, client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    sign_in(client, "alice", "wrong")
    answer = client.post("/accounts/login/", {"login": "alice", "password": "wrong"})
    assert answer.status_code == 429
    assert "Wait a minute" in answer.content.decode()
