"""The second step: codes of an app, recovery codes, and whoever must have it."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from time_machine import TimeMachineFixture

from tests.cast import Cast
from tests.web.accounts.conftest import PASSWORD, sign_in

AUTHENTICATE = "/accounts/2fa/authenticate/"
ACTIVATE = "/accounts/2fa/totp/activate/"


def code(secret: str) -> str:
    """Return what the app shows now."""
    return str(format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1])))


def set_up(client: Client) -> str:
    """Set the second step up, as a person does it, and return the app's key."""
    assert client.get(ACTIVATE).headers["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": ACTIVATE})
    page = client.get(ACTIVATE).content.decode()
    found = re.search(r'<code class="secret">(\w+)</code>', page)
    assert found
    done = client.post(ACTIVATE, {"code": code(found[1])})
    assert done.headers["Location"] == "/accounts/2fa/recovery-codes/"
    return found[1]


@pytest.fixture
def key(passwords: Cast, client: Client) -> str:
    """The key of Maya's app."""
    sign_in(client, "maya")
    return set_up(client)


def test_with_it_a_password_alone_opens_nothing(key: str, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(timezone.now() + timedelta(minutes=2), tick=False)
    browser = Client()
    assert sign_in(browser, "maya") == AUTHENTICATE
    assert browser.get("/").status_code == 302
    assert "Incorrect code" in browser.post(AUTHENTICATE, {"code": "000000"}).content.decode()
    assert browser.post(AUTHENTICATE, {"code": code(key)}).headers["Location"] == "/"
    assert browser.get("/").status_code == 200


def test_a_code_is_good_once(key: str, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(timezone.now() + timedelta(minutes=2), tick=False)
    for said in ("/", None):
        browser = Client()
        sign_in(browser, "maya")
        assert browser.post(AUTHENTICATE, {"code": code(key)}).headers.get("Location") == said


def test_guessing_codes_locks_and_says_for_how_long(key: str, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(timezone.now() + timedelta(minutes=2), tick=False)
    browser = Client()
    sign_in(browser, "maya")
    for _ in range(5):
        browser.post(AUTHENTICATE, {"code": "000000"})
    said = browser.post(AUTHENTICATE, {"code": code(key)}).content.decode()
    assert "locked for another 10 minutes" in said


def test_a_recovery_code_lets_in_once(key: str, client: Client) -> None:
    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"<li><code>(\d+)</code>", page)
    assert len(codes) == 10
    for said in ("/", None):
        browser = Client()
        sign_in(browser, "maya")
        assert browser.post(AUTHENTICATE, {"code": codes[0]}).headers.get("Location") == said


def test_keys_are_stored_encrypted(key: str) -> None:
    for row in Authenticator.objects.all():
        assert key not in str(row.data)
        assert next(iter(row.data.values())) != ""
    assert Authenticator.objects.get(type="totp").data["secret"].startswith("gAAAA")


def test_it_is_given_up_only_by_whoever_knows_the_password(key: str, client: Client, settings: Settings) -> None:
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert client.post("/accounts/2fa/totp/deactivate/").headers["Location"].startswith("/accounts/reauthenticate/")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    ("required", "led"),
    [("nobody", set()), ("managers", {"maya", "ada", "adam"}), ("everybody", {"maya", "ada", "adam", "alice"})],
)
def test_who_must_have_it_is_led_to_set_it_up_and_sees_nothing_before(
    passwords: Cast, settings: Settings, required: str, led: set[str]
) -> None:
    settings.REQUIRE_TOTP = required
    for person in (passwords.maya, passwords.ada, passwords.adam, passwords.alice):
        client = Client()
        client.force_login(person)
        for path in ("/", "/account/tokens/", "/admin/"):
            answer = client.get(path)
            assert (answer.headers.get("Location") == ACTIVATE) == (person.username in led), (person, path)
        assert client.post("/accounts/logout/").headers["Location"] == "/accounts/login/"


def test_once_it_is_set_up_one_goes_on_and_may_not_give_it_up(
    passwords: Cast, client: Client, settings: Settings
) -> None:
    settings.REQUIRE_TOTP = "managers"
    sign_in(client, "maya")
    assert client.get("/").headers["Location"] == ACTIVATE
    set_up(client)
    assert client.get("/").status_code == 200
    refused = client.post("/accounts/2fa/totp/deactivate/")
    assert "Your role needs it" in refused.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()
