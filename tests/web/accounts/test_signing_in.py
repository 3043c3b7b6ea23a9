"""Signing in and out: who may, who is told what, and what a session is worth."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django.utils import timezone
from time_machine import TimeMachineFixture

from handoffs import departures
from people.models import Person
from people.roles import Role
from tests.cast import Cast
from tests.web.accounts.conftest import PASSWORD, sign_in
from web.accounts import urls


def is_in(client: Client) -> bool:
    """Say whether the client's session opens the desk."""
    return client.get("/").status_code == 200


def test_a_person_comes_in_and_goes_to_the_desk(passwords: Cast, client: Client) -> None:
    assert sign_in(client, "alice") == "/"
    assert is_in(client)


def test_she_goes_where_she_wanted_to_go_but_nowhere_else(passwords: Cast, client: Client) -> None:
    said = {"login": "alice", "password": PASSWORD}
    for wanted, goes in (
        ("/account/", "/account/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example", "/"),
    ):
        answer = Client().post("/accounts/login/", {**said, "next": wanted})
        assert answer.headers["Location"] == goes


def test_a_wrong_password_and_an_unknown_name_are_told_apart_by_nobody(passwords: Cast, client: Client) -> None:
    wrong, unknown = sign_in(client, "alice", "wrong"), sign_in(client, "nobody", "wrong")
    assert "That username and password do not belong together." in wrong
    assert "That username and password do not belong together." in unknown


def test_programs_and_those_who_left_do_not_come_in(passwords: Cast, client: Client) -> None:
    departures.leave(person=passwords.bob.pk, by=passwords.adam)
    for username in ("form", "bob"):
        assert sign_in(client, username) == "/accounts/inactive/"
        assert not is_in(client)
    assert "This account is closed" in client.get("/accounts/inactive/").content.decode()


def test_whoever_leaves_is_out_at_once(passwords: Cast, client: Client) -> None:
    sign_in(client, "bob")
    assert is_in(client)
    departures.leave(person=passwords.bob.pk, by=passwords.adam)
    assert not is_in(client)


def test_whoever_becomes_a_program_is_out_at_once(passwords: Cast, client: Client) -> None:
    sign_in(client, "bob")
    Person.objects.filter(username="bob").update(role=Role.INTEGRATION)
    assert not is_in(client)


def test_signing_out_takes_the_drafts_out_of_the_browser(passwords: Cast, client: Client) -> None:
    sign_in(client, "alice")
    assert "Clear-Site-Data" not in client.get("/accounts/logout/").headers
    answer = client.post("/accounts/logout/")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert answer.headers["Location"] == "/accounts/login/"
    assert not is_in(client)


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/", "3rdparty/", "3rdparty/signup/", "login/code/", "sessions/"]
)
def test_there_is_no_sign_up_and_what_is_not_wanted_is_not_there(passwords: Cast, client: Client, path: str) -> None:
    sign_in(client, "alice")
    for answer in (client.get(f"/accounts/{path}"), client.post(f"/accounts/{path}", {"email": "x@example.com"})):
        assert answer.status_code == 404


def test_a_session_lasts_a_working_day_after_it_was_last_used(
    passwords: Cast, client: Client, time_machine: TimeMachineFixture
) -> None:
    begin = timezone.now()
    time_machine.move_to(begin, tick=False)
    sign_in(client, "alice")
    time_machine.move_to(begin + timedelta(hours=11), tick=False)
    client.get("/", headers={"Sec-Fetch-Dest": "document"})  # she opens a page
    time_machine.move_to(begin + timedelta(hours=22), tick=False)
    assert is_in(client)  # what a page asks for by itself does not count
    time_machine.move_to(begin + timedelta(hours=23, minutes=1), tick=False)
    assert not is_in(client)


def test_the_cookie_ends_with_the_browser_and_no_script_reads_it(passwords: Cast, client: Client) -> None:
    sign_in(client, "alice")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")


def test_a_session_does_not_open_the_api(passwords: Cast, client: Client) -> None:
    sign_in(client, "alice")
    assert client.get("/api/v1/me/").status_code == 401
    assert client.post("/api/v1/tickets/", {}, content_type="application/json").status_code == 401


def test_pages_want_their_csrf_token(passwords: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/accounts/login/", {"login": "alice", "password": PASSWORD}).status_code == 403
    client.force_login(passwords.alice)
    for path in ("/accounts/logout/", "/account/tokens/new/", "/account/sign-ins/others/end/"):
        assert client.post(path).status_code == 403


def test_part_of_a_page_asked_for_after_the_session_ended_becomes_the_whole_sign_in_page(
    passwords: Cast, client: Client
) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/due/"}
    answer = client.get("/desk/due/", headers=asked, follow=True)
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=%2Fdesk%2Fdue%2F"


def test_every_page_of_allauth_that_we_have_is_in_our_words() -> None:
    views = [pattern.callback.view_class for pattern in urls.urlpatterns if hasattr(pattern.callback, "view_class")]
    shown = [view.template_name for view in views if str(getattr(view, "template_name", "")).endswith(".html")]
    assert len(shown) > 12
    for name in {*shown, "socialaccount/authentication_error.html", "account/email/password_reset_key_message.txt"}:
        origin = get_template(name).origin.name
        assert origin.startswith(str(settings.BASE_DIR / "web")), name
