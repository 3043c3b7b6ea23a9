"""The administration: for administrators, and nothing goes around a verb there."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core import mail
from django.test import Client
from django.urls import reverse

from handoffs.models import Handoff, HelpRequest
from notices import webhooks
from notices.models import Webhook
from people.models import Person, Team
from people.roles import Role
from tests.cast import Cast
from tests.web.accounts.conftest import sign_in
from tickets.models import Entry, Flag, Hold, Promise, Tenure, Ticket

BY_VERBS_ONLY = (Ticket, Tenure, Handoff, HelpRequest, Entry, Hold, Promise, Flag)


@pytest.fixture
def boss(passwords: Cast, client: Client) -> Client:
    """Adam, who administrates, signed in."""
    sign_in(client, "adam")
    return client


def path(model: type[Any], page: str, *arguments: Any) -> str:
    """Return the address of a model's page."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def facts() -> list[Any]:
    """Return everything that only verbs may change."""
    rows: list[Any] = [list(model.objects.order_by("pk").values_list()) for model in BY_VERBS_ONLY]
    return [*rows, list(Person.objects.order_by("pk").values_list("pk", "is_active", "left_at"))]


def choose(client: Client, action: str, *people: Person, **more: str) -> Any:
    """Choose people in the list and let an action do something with them."""
    said = {"action": action, ACTION_CHECKBOX_NAME: [person.pk for person in people], **more}
    return client.post(path(Person, "changelist"), said, follow=True)


def test_it_is_for_administrators_only(passwords: Cast, client: Client) -> None:
    assert client.get("/admin/").headers["Location"].endswith("/admin/login/?next=/admin/")
    assert client.get("/admin/login/?next=/admin/").headers["Location"] == "/accounts/login/?next=/admin/"
    for person in (passwords.alice, passwords.maya, passwords.ada):
        client.force_login(person)
        assert client.get("/admin/", follow=True).status_code == 403
        assert client.post(path(Person, "add"), {}, follow=True).status_code == 403
    client.force_login(passwords.adam)
    assert client.get("/admin/").status_code == 200


def test_an_administrator_who_left_is_out(boss: Client, passwords: Cast) -> None:
    Person.objects.filter(pk=passwords.adam.pk).update(is_active=False)
    assert boss.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")


def test_the_pages_of_libraries_are_not_there() -> None:
    apps = {model._meta.app_label for model in admin.site._registry}
    assert apps == {"people", "tickets", "handoffs", "phones", "notices"}


def test_no_post_changes_what_only_verbs_may_change(boss: Client, passwords: Cast) -> None:
    handoff = passwords.offer(passwords.open_ticket(), passwords.bob)
    passwords.hand(passwords.open_ticket(), passwords.carol)
    before = facts()
    said = {
        "owner": passwords.carol.pk,
        "state": "accepted",
        "status": "closed",
        "accepted_by": passwords.bob.pk,
        "_save": "Save",
    }
    assert handoff.state == "offered"
    for model in admin.site._registry:
        for row in model._default_manager.all()[:3]:
            deleted = boss.post(path(model, "delete", row.pk), {"post": "yes"})
            assert deleted.status_code == 403, model
            changed = boss.post(path(model, "change", row.pk), said)
            assert changed.status_code == (403 if model in BY_VERBS_ONLY else changed.status_code), model
            some = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [row.pk], "post": "yes"}
            boss.post(path(model, "changelist"), some)
        if model in BY_VERBS_ONLY:
            assert boss.post(path(model, "add"), said).status_code == 403, model
    assert facts() == before


def test_saving_a_person_makes_nobody_inactive_and_gives_no_password(boss: Client, passwords: Cast) -> None:
    password = passwords.alice.password
    said = {
        "name": "Alice B.",
        "email": "alice.b@example.com",
        "role": "rep",
        "teams": [passwords.billing.pk, passwords.care.pk],
        "skills": "refunds,fees",
        "languages": "en",
    }
    forged = {"is_active": "", "left_at": "2026-01-01", "username": "eve", "password": "known", "extension": "99"}

    answer = boss.post(path(Person, "change", passwords.alice.pk), said | forged)

    assert answer.status_code == 302
    alice = Person.objects.get(username="alice")
    assert (alice.name, alice.email, alice.skills) == ("Alice B.", "alice.b@example.com", ["refunds", "fees"])
    assert set(alice.teams.all()) == {passwords.billing, passwords.care}
    assert (alice.is_active, alice.left_at, alice.password, alice.extension) == (True, None, password, None)


def test_whoever_leaves_does_so_by_the_verb_after_a_question(boss: Client, passwords: Cast) -> None:
    ticket = passwords.open_ticket()

    asked = choose(boss, "leave_for_good", passwords.alice)
    assert "Alice (alice): 1 live ticket" in asked.content.decode()
    passwords.alice.refresh_from_db()
    assert passwords.alice.is_active

    choose(boss, "leave_for_good", passwords.alice, meant="yes")
    passwords.alice.refresh_from_db()
    ticket.refresh_from_db()
    assert not passwords.alice.is_active
    assert ticket.owner == passwords.maya
    assert Tenure.objects.get(ticket=ticket, seq=2).began_by == "inherited"


def test_what_the_verb_refuses_is_said(boss: Client, passwords: Cast) -> None:
    said = choose(boss, "leave_for_good", passwords.maya, passwords.adam, meant="yes").content.decode()
    assert "Maya (maya) stays: " in said
    assert "Adam (adam) stays: " in said
    assert not Person.objects.filter(is_active=False).exists()


def test_a_new_person_chooses_a_password_by_a_link(boss: Client, passwords: Cast) -> None:
    said = {"username": "nina", "name": "Nina", "email": "nina@example.com", "role": "rep"}
    boss.post(path(Person, "add"), said | {"teams": [passwords.billing.pk], "skills": "", "languages": ""})
    nina = Person.objects.get(username="nina")
    assert (nina.role, nina.has_usable_password()) == (Role.REP, False)

    choose(boss, "send_link", nina, passwords.form, passwords.carol)

    (letter,) = mail.outbox  # a program gets none, nor does who has no address
    assert letter.to == ["nina@example.com"]
    assert "/accounts/password/reset/key/" in letter.body


def test_whoever_lost_the_phone_is_let_in_by_an_administrator(boss: Client, passwords: Cast) -> None:
    Authenticator.objects.create(user=passwords.alice, type="totp", data={})
    browser = Client()
    sign_in(browser, "bob")
    choose(boss, "take_away_second_step", passwords.alice, passwords.bob)
    assert not Authenticator.objects.exists()
    assert browser.get("/").status_code == 302


def test_a_team_is_saved_by_its_verb_and_needs_a_manager_who_is_there(boss: Client, passwords: Cast) -> None:
    hours = '{"mon": [["09:00", "17:00"]]}'
    said = {"name": "Billing", "manager": passwords.dora.pk, "time_zone": "Europe/London", "hours": hours}
    page = path(Team, "change", passwords.billing.pk)
    assert boss.post(page, said).status_code == 302
    passwords.billing.refresh_from_db()
    assert (passwords.billing.manager, passwords.billing.time_zone) == (passwords.dora, "Europe/London")

    Person.objects.filter(pk=passwords.luis.pk).update(is_active=False)
    assert boss.post(page, said | {"manager": passwords.luis.pk}).status_code == 200  # the form, with its error
    passwords.billing.refresh_from_db()
    assert passwords.billing.manager == passwords.dora


def test_a_webhook_goes_nowhere_that_its_verb_refuses(boss: Client, passwords: Cast) -> None:
    hook = Webhook.objects.create(
        url="https://example.com/", secrets=[webhooks.new_secret()], created_by=passwords.adam
    )
    page = path(Webhook, "change", hook.pk)
    answer = boss.post(page, {"url": "https://127.0.0.1/", "kinds": "", "active": "on"}, follow=True)
    assert "Messages are not sent to that address." in answer.content.decode()
    assert hook.secrets[0] not in answer.content.decode()
    boss.post(page, {"url": "https://example.com/", "kinds": ""})
    hook.refresh_from_db()
    assert (hook.url, hook.active) == ("https://example.com/", False)


def test_every_page_opens_and_shows_no_words_about_customers(boss: Client, passwords: Cast) -> None:
    passwords.hand(passwords.open_ticket(), passwords.carol)
    for model in admin.site._registry:
        assert boss.get(path(model, "changelist")).status_code == 200
        for row in model._default_manager.all()[:2]:
            page = boss.get(path(model, "change", row.pk))
            assert page.status_code == 200
            for words in ("Charged twice", "taken from my account", "Customer One", "second charge of March"):
                assert words not in page.content.decode(), model
