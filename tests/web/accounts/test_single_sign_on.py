"""Single sign-on, against a real provider over HTTP: it lets in whom we know, and makes nobody."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client
from oidc_provider_mock import User, run_server_in_thread
from pytest_django import Settings

from people.models import Person
from tests.cast import Cast

# The provider's own libraries warn of each other.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

LOGIN = "/accounts/oidc/sso/login/"


def known(sub: str, email: str, *, verified: bool | None = True, **claims: str) -> User:
    """Return somebody as the provider knows them; None: it says nothing about the address."""
    said = {} if verified is None else {"email_verified": verified}
    return User(sub=sub, claims={"email": email, **said, **claims})


PEOPLE = (
    known("1", "Alice@Example.com"),
    known("2", "bob@example.com", verified=False),
    known("3", "eve@elsewhere.example", preferred_username="alice"),
    known("4", "form@example.com"),
    known("5", "bob@example.com", verified=None),
    User(sub="6", claims={"preferred_username": "alice"}),
)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider, on this machine."""
    with run_server_in_thread(user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def configured(issuer: str, settings: Settings) -> Settings:
    """The settings that OIDC_ISSUER makes."""
    settings.OIDC_ISSUER, settings.OIDC_NAME = issuer, "Northwind"
    app = {"provider_id": "sso", "name": "Northwind", "client_id": "tracker", "secret": "a secret"}
    app["settings"] = {"server_url": issuer, "oauth_pkce_enabled": True, "verified_email": False}  # type: ignore[assignment]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    return settings


def come(client: Client, sub: str, wanted: str = "") -> HttpResponse:
    """Go to the provider, say there who one is, and come back; return what we answer then."""
    sent = client.get(LOGIN + (f"?next={wanted}" if wanted else ""))
    assert sent.status_code == 302
    back = requests.post(sent.headers["Location"], data={"sub": sub}, allow_redirects=False, timeout=5)
    place = urlsplit(back.headers["Location"])
    assert place.netloc == "testserver"
    answer: HttpResponse = client.get(f"{place.path}?{place.query}")  # type: ignore[assignment]
    return answer


def is_in(client: Client) -> str:
    """Return as whom the client is signed in."""
    page = client.get("/account/")
    return page.context["user"].username if page.status_code == 200 else ""


def test_without_an_issuer_there_is_no_button_and_no_way(passwords: Cast, client: Client) -> None:
    assert "oidc" not in client.get("/accounts/login/").content.decode()
    assert client.get(LOGIN).status_code == 404
    assert client.get(f"{LOGIN}callback/").status_code == 404


def test_the_button_leads_there_and_back_to_where_one_wanted_to_go(
    passwords: Cast, client: Client, configured: Settings
) -> None:
    page = client.get("/accounts/login/?next=/account/tokens/").content.decode()
    assert "Sign in with Northwind" in page
    assert f'href="{LOGIN}?next=%2Faccount%2Ftokens%2F"' in page

    assert come(client, "1", "/account/tokens/").headers["Location"] == "/account/tokens/"

    assert is_in(client) == "alice"
    assert not SocialAccount.objects.exists()


def test_nothing_that_a_link_says_goes_to_the_provider(client: Client, configured: Settings, db: None) -> None:
    sent = client.get(f"{LOGIN}?scope=everything&auth_params=prompt%3Dnone&process=connect&next=/account/")
    asked = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert "prompt" not in asked
    assert asked["code_challenge_method"] == ["S256"]


@pytest.mark.parametrize(
    ("sub", "why"),
    [
        ("2", "It does not vouch for your e-mail address, bob@example.com."),
        ("3", "Nobody who works here has the e-mail address eve@elsewhere.example."),
        ("4", "Nobody who works here has the e-mail address form@example.com."),
        ("5", "It does not vouch for your e-mail address, bob@example.com."),
        ("6", "It did not tell us your e-mail address."),
    ],
)
def test_whoever_is_not_known_for_sure_is_refused_in_words_and_nothing_is_made(
    passwords: Cast, client: Client, configured: Settings, sub: str, why: str
) -> None:
    before = list(Person.objects.order_by("pk").values())
    answer = come(client, sub)
    assert answer.status_code == 403
    assert why in answer.content.decode()
    assert is_in(client) == ""
    assert list(Person.objects.order_by("pk").values()) == before
    assert not SocialAccount.objects.exists()


def test_whoever_left_is_not_let_in(passwords: Cast, client: Client, configured: Settings) -> None:
    Person.objects.filter(username="alice").update(is_active=False)
    assert come(client, "1").status_code == 403


def test_an_address_that_two_have_lets_in_neither(passwords: Cast, client: Client, configured: Settings) -> None:
    Person.objects.filter(username="carol").update(email="alice@example.com")
    assert "More than one of us has" in come(client, "1").content.decode()


def test_a_provider_that_says_nothing_about_addresses_may_be_trusted(
    passwords: Cast, client: Client, configured: Settings
) -> None:
    configured.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["verified_email"] = True
    assert come(client, "5").headers["Location"] == "/"
    assert is_in(client) == "bob"


def test_an_own_second_step_is_asked_for_as_well(passwords: Cast, client: Client, configured: Settings) -> None:
    Authenticator.objects.create(user=passwords.alice, type="totp", data={})
    assert come(client, "1").headers["Location"] == "/accounts/2fa/authenticate/"
    assert is_in(client) == ""


def test_who_must_have_a_second_step_has_the_providers(passwords: Cast, client: Client, configured: Settings) -> None:
    configured.REQUIRE_TOTP = "everybody"
    come(client, "1")
    assert is_in(client) == "alice"


def test_whoever_has_nothing_to_confirm_with_is_not_asked_to(
    passwords: Cast, client: Client, configured: Settings
) -> None:
    passwords.alice.set_unusable_password()
    passwords.alice.save()
    come(client, "1")
    assert "Your new token" in client.post("/account/tokens/new/", {"good_for": "1"}).content.decode()
    assert client.get("/accounts/password/set/").status_code == 200
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_it_changes_no_password(passwords: Cast, client: Client, configured: Settings) -> None:
    password = passwords.alice.password
    come(client, "1")
    passwords.alice.refresh_from_db()
    assert passwords.alice.password == password


def test_a_provider_that_does_not_answer_is_said_in_words(
    passwords: Cast, client: Client, configured: Settings
) -> None:
    configured.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:1"
    answer = client.get(LOGIN)
    assert answer.status_code == 401
    assert "Single sign-on did not work" in answer.content.decode()


def test_an_answer_that_nobody_asked_for_is_refused(passwords: Cast, client: Client, configured: Settings) -> None:
    answer = client.get(f"{LOGIN}callback/?code=stolen&state=made-up")
    assert answer.status_code == 401
    assert is_in(client) == ""
