"""Notices, choices, deliveries and webhooks over REST."""

import pytest
from rest_framework.test import APIClient

from notices import delivery, webhooks
from notices.models import Notice, Webhook
from people.models import Person
from people.roles import Role
from tests.api.conformance import check
from tests.cast import Cast, client_of, person
from tests.notices.conftest import Tell
from tests.notices.receivers import Receiver

pytestmark = pytest.mark.django_db
URL = "https://crm.example/hooks"


@pytest.fixture
def admin(adam: Person) -> APIClient:
    """The administrator's client."""
    return client_of(adam)


def test_one_reads_ones_own_notices_the_newest_first(rep: Person, tell: Tell) -> None:
    tell("reopened", to=person("other", Role.REP))
    for number in range(5):
        tell(about=f"T-{number}")
    client, seen, url = client_of(rep), [], "/api/v1/notices/?page_size=2"
    while url:
        answer = client.get(url)
        check("list_notices", answer)
        seen += [notice["about"] for notice in answer.json()["results"]]
        url = answer.json()["next"]
    assert seen == ["T-4", "T-3", "T-2", "T-1", "T-0"]
    back = client.get(answer.json()["previous"]).json()
    assert [notice["about"] for notice in back["results"]] == ["T-2", "T-1"]


def test_one_chooses_what_one_is_told(rep: Person) -> None:
    client = client_of(rep)
    answer = client.put("/api/v1/me/notices/", {"choices": [{"kind": "taken_over", "wanted": False}]})
    check("set_my_notices", answer)
    choices = {choice["kind"]: choice for choice in client.get("/api/v1/me/notices/").json()["choices"]}
    assert choices["taken_over"] == {"kind": "taken_over", "channel": "mail", "wanted": False, "must": False}


def test_one_cannot_refuse_what_one_must_get(rep: Person) -> None:
    answer = client_of(rep).put("/api/v1/me/notices/", {"choices": [{"kind": "handoff_offered", "wanted": False}]})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "choices", "message": "Your role must get: handoff_offered."}]


def test_a_kind_that_does_not_exist_is_named(rep: Person) -> None:
    answer = client_of(rep).put("/api/v1/me/notices/", {"choices": [{"kind": "gossip", "wanted": True}]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "choices.0.kind"


def test_a_webhook_shows_its_secret_once(admin: APIClient) -> None:
    made = admin.post("/api/v1/webhooks/", {"url": URL, "kinds": ["flag_raised"]})
    check("create_webhook", made)
    secret = made.json()["secret"]
    assert secret.startswith("whsec_")
    shown = admin.get(f"/api/v1/webhooks/{made.json()['id']}/")
    check("get_webhook", shown)
    assert secret not in shown.content.decode()
    listed = admin.get("/api/v1/webhooks/")
    check("list_webhooks", listed)
    assert secret not in listed.content.decode()
    assert listed.json()["results"] == [shown.json()]


def test_a_new_secret_is_shown_once_and_the_old_one_ends_when_said(admin: APIClient, webhook: Webhook) -> None:
    rotated = admin.post(f"/api/v1/webhooks/{webhook.pk}/rotate/", {}).json()
    assert rotated["secret"] not in webhook.secrets
    assert rotated["secrets"] == 2
    retired = admin.post(f"/api/v1/webhooks/{webhook.pk}/retire/", {}).json()
    assert retired["secrets"] == 1
    webhook.refresh_from_db()
    assert webhook.secrets == [rotated["secret"]]


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "http://crm.example/", "https://user:pw@crm.example/", "hello"])
def test_a_webhook_where_none_may_be_is_refused(admin: APIClient, settings: object, url: str) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False  # type: ignore[attr-defined]
    answer = admin.post("/api/v1/webhooks/", {"url": url})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "url"
    assert not Webhook.objects.exists()


def test_a_webhook_cannot_move_to_where_none_may_be(admin: APIClient, webhook: Webhook, settings: object) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False  # type: ignore[attr-defined]
    answer = admin.patch(f"/api/v1/webhooks/{webhook.pk}/", {"url": "https://169.254.169.254/"})
    assert answer.status_code == 422


def test_a_webhook_is_switched_off_and_on(admin: APIClient, webhook: Webhook) -> None:
    for active in (False, True):
        assert admin.patch(f"/api/v1/webhooks/{webhook.pk}/", {"active": active}).json()["active"] is active
        webhook.refresh_from_db()
        assert webhook.active is active


def test_a_webhook_is_removed_with_what_waits_for_it(admin: APIClient, webhook: Webhook, tell: Tell) -> None:
    tell()
    assert admin.delete(f"/api/v1/webhooks/{webhook.pk}/").status_code == 200
    assert not Webhook.objects.exists()
    assert not Notice.objects.filter(person=None).exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("patch", ""), ("delete", ""), ("post", "rotate/"), ("post", "retire/"), ("post", "test/")],
)
@pytest.mark.parametrize("number", [999, 2**63, 10**30])
def test_a_webhook_that_does_not_exist_is_not_found(admin: APIClient, method: str, path: str, number: int) -> None:
    assert getattr(admin, method)(f"/api/v1/webhooks/{number}/{path}", None).status_code == 404


def test_trying_a_webhook_out_shows_what_became_of_it(admin: APIClient, webhook: Webhook, receiver: Receiver) -> None:
    queued = admin.post(f"/api/v1/webhooks/{webhook.pk}/test/", {})
    check("test_webhook", queued)
    delivery.sweep()
    shown = admin.get(f"/api/v1/notices/deliveries/?webhook={webhook.pk}")
    check("list_deliveries", shown)
    (one,) = shown.json()["results"]
    assert (one["id"], one["state"], one["attempts"]) == (queued.json()["id"], "delivered", 1)
    assert receiver.received[0].id == one["id"]


def test_what_was_given_up_is_shown_and_delivered_again(
    admin: APIClient, webhook: Webhook, receiver: Receiver, tell: Tell
) -> None:
    receiver.answers = [410, 200]
    tell()
    delivery.sweep()
    shown = admin.get("/api/v1/notices/deliveries/?state=dead")
    check("list_deliveries", shown)
    (dead,) = shown.json()["results"]
    assert (dead["last_error"], dead["webhook"], dead["person"]) == ("it answered 410", webhook.pk, None)
    webhooks.edit(webhook=webhook.pk, active=True)
    again = admin.post(f"/api/v1/notices/deliveries/{dead['id']}/redeliver/", {})
    check("redeliver_notice", again)
    assert again.json()["state"] == "queued"
    delivery.sweep()
    assert admin.get("/api/v1/notices/deliveries/?state=dead").json()["results"] == []
    assert [each.id for each in receiver.received] == [dead["id"]] * 2


def test_what_is_on_its_way_is_not_queued_again(admin: APIClient, tell: Tell) -> None:
    tell()
    answer = admin.post(f"/api/v1/notices/deliveries/{Notice.objects.get().pk}/redeliver/", {})
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[1]) == (409, "StillQueued")


def test_an_auditor_reads_deliveries_and_changes_nothing(tell: Tell) -> None:
    tell()
    ada = client_of(person("ada", Role.AUDITOR))
    (one,) = ada.get("/api/v1/notices/deliveries/?about=T-100001").json()["results"]
    assert one["person"] == "rep"
    assert ada.post(f"/api/v1/notices/deliveries/{one['id']}/redeliver/", {}).status_code == 403


def test_a_number_that_no_row_can_have_is_not_found(cast: Cast) -> None:
    assert client_of(cast.adam).get(f"/api/v1/webhooks/{10**25}/").status_code == 404
