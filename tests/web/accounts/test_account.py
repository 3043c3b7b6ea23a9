"""My account: the password, where I am signed in, and my tokens."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from rest_framework.test import APIClient
from time_machine import TimeMachineFixture

from people import memory, tokens
from people.models import Person, Token
from people.roles import Scope
from tests.cast import Cast
from tests.web.accounts.conftest import PASSWORD, sign_in
from web.accounts.adapters import Accounts
from web.tasks import forget_ended_sessions

NEW_PASSWORD = "another long sentence"


@pytest.fixture
def alice(passwords: Cast, client: Client) -> Client:
    """Alice, signed in."""
    sign_in(client, "alice", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    return client


def opens(token: str) -> int:
    """Return what the API answers to a token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client.get("/api/v1/tickets/").status_code


def confirm(client: Client) -> None:
    """Say the password once more."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


# Passwords


def test_a_new_password_takes_the_old_one_and_signs_out_elsewhere(alice: Client, passwords: Cast) -> None:
    elsewhere = Client()
    sign_in(elsewhere, "alice")
    said = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    page = alice.post("/accounts/password/change/", said | {"oldpassword": "wrong"})
    assert "That is not your password." in page.content.decode()
    assert alice.post("/accounts/password/change/", said).headers["Location"] == "/account/"
    assert alice.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert "do not belong together" in sign_in(Client(), "alice", PASSWORD)
    assert sign_in(Client(), "alice", NEW_PASSWORD) == "/"
    (letter,) = mail.outbox
    assert letter.to == ["alice@example.com"]
    assert "Your password has been changed." in letter.body


@pytest.mark.parametrize("poor", ["short", "password123", "alice@example.com"])
def test_a_poor_password_is_refused(alice: Client, poor: str) -> None:
    said = {"oldpassword": PASSWORD, "password1": poor, "password2": poor}
    assert "is-invalid" in alice.post("/accounts/password/change/", said).content.decode()
    assert sign_in(Client(), "alice") == "/"


def test_changing_a_password_brings_back_nobody_who_has_left_meanwhile(passwords: Cast, rf: RequestFactory) -> None:
    read_before = Person.objects.get(username="alice")
    Person.objects.filter(username="alice").update(is_active=False)
    adapter = Accounts()
    adapter.request = rf.post("/")
    adapter.set_password(read_before, NEW_PASSWORD)
    after = Person.objects.get(username="alice")
    assert (after.is_active, after.check_password(NEW_PASSWORD)) == (False, True)


def link(address: str) -> str:
    """Ask for a link, and return it as it stands in the letter; empty when there is no letter."""
    mail.outbox.clear()
    answer = Client().post("/accounts/password/reset/", {"email": address})
    assert answer.headers["Location"] == "/accounts/password/reset/done/"  # whoever asks
    found = re.search(r"http://testserver(\S+/key/\S+)", mail.outbox[0].body) if mail.outbox else None
    return found[1] if found else ""


def choose_password(path: str, password: str = NEW_PASSWORD) -> str:
    """Follow a link and choose a password; return what the page says, or where it leads."""
    client = Client()
    form = client.get(path)
    if form.status_code != 302:
        return form.content.decode()
    answer = client.post(form.headers["Location"], {"password1": password, "password2": password})
    return answer.headers.get("Location") or answer.content.decode()


def test_a_link_by_mail_gives_a_new_password_once(passwords: Cast) -> None:
    path = link("Alice@Example.COM")
    assert mail.outbox[0].to == ["alice@example.com"]
    assert mail.outbox[0].subject == "Choose your password"
    assert "You sign in as alice." in mail.outbox[0].body

    assert choose_password(path) == "/accounts/password/reset/key/done/"

    assert sign_in(Client(), "alice", NEW_PASSWORD) == "/"
    assert "This link is no longer good" in choose_password(path, "a third long sentence")


def test_a_link_is_good_for_a_day(passwords: Cast, time_machine: TimeMachineFixture) -> None:
    path = link("alice@example.com")
    time_machine.move_to(timezone.now() + timedelta(hours=24, minutes=1))
    assert "This link is no longer good" in choose_password(path)


def test_whoever_is_locked_out_gets_in_by_a_link(passwords: Cast) -> None:
    for _ in range(5):
        sign_in(Client(), "alice", "wrong")
    assert "locked" in sign_in(Client(), "alice")
    choose_password(link("alice@example.com"))
    assert sign_in(Client(), "alice", NEW_PASSWORD) == "/"


def test_nobody_else_is_written_to_and_the_page_says_the_same(passwords: Cast) -> None:
    Person.objects.filter(username="bob").update(is_active=False)
    for address in ("nobody@example.com", "bob@example.com", "form@example.com"):
        assert link(address) == ""
        assert mail.outbox == []


def test_a_mail_server_that_is_away_is_no_error_page(passwords: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert link("alice@example.com") == ""


def test_the_address_is_the_one_that_administrators_keep(alice: Client, passwords: Cast) -> None:
    Person.objects.filter(username="alice").update(email="new@example.com")
    assert link("alice@example.com") == ""
    assert link("new@example.com") != ""
    assert not EmailAddress.objects.exists()


# Sign-ins


def test_where_i_am_signed_in_is_listed_and_ended(alice: Client) -> None:
    elsewhere = Client()
    sign_in(elsewhere, "alice", HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari/604.1", REMOTE_ADDR="192.0.2.7")
    page = alice.get("/account/").content.decode()
    assert "Firefox, Windows" in page
    assert "Safari, iPhone" in page
    assert "192.0.2.7" in page
    (end,) = re.findall(r'action="(/account/sign-ins/\d+/end/)"', page)  # not the one that is looking

    alice.post(end)

    assert elsewhere.get("/").status_code == 302
    assert alice.get("/").status_code == 200


def test_everywhere_else_is_ended_at_once(alice: Client) -> None:
    others = [Client(), Client()]
    for each in others:
        sign_in(each, "alice")
    alice.post("/account/sign-ins/others/end/")
    assert [each.get("/").status_code for each in (alice, *others)] == [200, 302, 302]


def test_nobody_ends_anothers_sign_in_nor_takes_anothers_token(alice: Client, passwords: Cast) -> None:
    bob = Client()
    sign_in(bob, "bob")
    (number,) = bob.get("/account/").context["sign_ins"]
    token = tokens.create(passwords.bob)
    assert alice.post(f"/account/sign-ins/{number.number}/end/").status_code == 404
    assert alice.post(f"/account/tokens/{Token.objects.get().token_key}/revoke/").status_code == 404
    assert bob.get("/").status_code == 200
    assert opens(token) == 200


def test_ended_sessions_are_forgotten_with_where_they_were(alice: Client, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(timezone.now() + timedelta(hours=11))
    sign_in(Client(), "bob")
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    forget_ended_sessions()
    assert [each.user.username for each in UserSession.objects.all()] == ["bob"]
    assert Session.objects.count() == 1


# Tokens


def test_a_token_takes_the_password_once_more(alice: Client) -> None:
    answer = alice.post("/account/tokens/new/", {"good_for": "30"})
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not Token.objects.exists()
    # It goes on with what was asked.
    said = {"password": PASSWORD, "next": "/account/tokens/new/"}
    assert "Your new token" in alice.post("/accounts/reauthenticate/", said).content.decode()


def test_a_token_is_shown_once_and_may_what_was_chosen(alice: Client) -> None:
    confirm(alice)
    page = alice.post("/account/tokens/new/", {"scopes": [Scope.TICKETS_READ], "good_for": "30"})
    (token,) = re.findall(r'<code class="token">(\w+)</code>', page.content.decode())
    assert "no-store" in page.headers["Cache-Control"]
    assert opens(token) == 200
    kept = Token.objects.get()
    assert kept.scopes == ["tickets:read"]
    assert kept.expiry
    assert timedelta(days=29) < kept.expiry - timezone.now() < timedelta(days=31)
    again = alice.get("/account/tokens/").content.decode()
    assert token not in again
    assert f"{token[:8]}…" in again


def test_it_may_be_good_until_it_is_revoked(alice: Client) -> None:
    confirm(alice)
    alice.post("/account/tokens/new/", {"good_for": ""})
    assert Token.objects.get().expiry is None


@pytest.mark.parametrize("said", [{"scopes": ["everything"]}, {"good_for": "36500"}])
def test_nothing_else_can_be_asked_for(alice: Client, said: dict[str, Any]) -> None:
    confirm(alice)
    page = alice.post("/account/tokens/new/", {"good_for": "30", **said})
    assert "Select a valid choice" in page.content.decode()
    assert not Token.objects.exists()


def test_a_revoked_token_opens_nothing_from_that_moment(
    alice: Client, passwords: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    token, other = tokens.create(passwords.alice), tokens.create(passwords.alice)
    assert (opens(token), opens(other)) == (200, 200)
    with django_capture_on_commit_callbacks(execute=True):
        alice.post(f"/account/tokens/{token[:15]}/revoke/")
    assert (opens(token), opens(other)) == (401, 200)


def test_a_bearer_is_remembered_no_longer_than_the_token_is_good(
    passwords: Cast, time_machine: TimeMachineFixture
) -> None:
    token = tokens.create(passwords.alice, good_for=timedelta(seconds=5))
    assert opens(token) == 200
    (key,) = memory.valkey().keys("token:*")
    assert memory.valkey().ttl(key) <= 5
    memory.forget([key])
    time_machine.move_to(timezone.now() + timedelta(seconds=6))
    assert opens(token) == 401
