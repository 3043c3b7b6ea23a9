"""Notices on their way to a program: real requests to a real server."""

import json
import time
from datetime import timedelta

import pytest
from standardwebhooks import WebhookVerificationError

from notices import delivery, posting, webhooks
from notices.models import Notice, Webhook
from people.models import Person
from tests.notices.conftest import LetPass, Tell, sent_to
from tests.notices.receivers import Receiver

pytestmark = pytest.mark.django_db
State = Notice.State


def test_it_arrives_with_its_facts(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    tell("handoff_accepted", about="T-100001", owner="bob")
    notice = Notice.objects.get(webhook=webhook)
    delivery.sweep()
    (received,) = receiver.received
    assert received.path == "/hooks?for=tests"
    assert received.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert received.headers["content-type"] == "application/json"
    assert received.id == str(notice.pk)
    assert json.loads(received.body) == {
        "type": "handoff_accepted",
        "timestamp": notice.queued_at.isoformat(),
        "data": {"about": "T-100001", "owner": "bob", "to": ["rep"]},
    }
    assert sent_to(webhook) == [(State.DELIVERED, "")]


def test_its_signature_is_verified_with_its_secret(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    tell(owner="Zoë 👋")
    delivery.sweep()
    assert receiver.received[0].verified(webhook.secrets[0])["data"]["owner"] == "Zoë 👋"


def test_another_secret_verifies_nothing(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    tell()
    delivery.sweep()
    with pytest.raises(WebhookVerificationError):
        receiver.received[0].verified(webhooks.new_secret())


def test_while_secrets_change_both_are_good(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    old, new = webhook.secrets[0], webhooks.rotate(webhook=webhook.pk).secrets[0]
    tell()
    delivery.sweep()
    (received,) = receiver.received
    assert old != new
    assert received.verified(old) == received.verified(new)


def test_a_retired_secret_is_good_no_more(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    old, new = webhook.secrets[0], webhooks.rotate(webhook=webhook.pk).secrets[0]
    webhooks.retire(webhook=webhook.pk)
    tell()
    delivery.sweep()
    assert receiver.received[0].verified(new)
    with pytest.raises(WebhookVerificationError):
        receiver.received[0].verified(old)


def test_a_third_secret_is_the_end_of_the_first(webhook: Webhook) -> None:
    first = webhook.secrets[0]
    webhooks.rotate(webhook=webhook.pk)
    secrets = webhooks.rotate(webhook=webhook.pk).secrets
    assert len(secrets) == 2
    assert first not in secrets


def test_a_failure_is_tried_again_with_the_same_id_and_body(
    webhook: Webhook, receiver: Receiver, tell: Tell, let_pass: LetPass
) -> None:
    receiver.answers = [500, 200]
    tell()
    delivery.sweep()
    assert sent_to(webhook) == [(State.QUEUED, "it answered 500")]
    let_pass(timedelta(seconds=10))
    delivery.sweep()
    first, second = receiver.received
    assert (first.id, first.body) == (second.id, second.body)
    assert Notice.objects.get(webhook=webhook).attempts == 2
    assert sent_to(webhook) == [(State.DELIVERED, "")]


def test_a_failure_is_not_tried_again_before_its_time(
    webhook: Webhook, receiver: Receiver, tell: Tell, let_pass: LetPass
) -> None:
    receiver.answers = [500]
    tell()
    delivery.sweep()
    let_pass(timedelta(seconds=4))
    delivery.sweep()
    assert len(receiver.received) == 1


def test_a_redirect_is_not_followed(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    receiver.answers, receiver.location = [307], f"http://127.0.0.1:{receiver.port}/elsewhere"
    tell()
    delivery.sweep()
    assert [received.path for received in receiver.received] == ["/hooks?for=tests"]
    assert sent_to(webhook) == [(State.QUEUED, "it answered 307")]


def test_whoever_is_gone_gets_no_more(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    receiver.answers = [410]
    tell()
    tell(about="T-100002")
    delivery.sweep()
    webhook.refresh_from_db()
    assert not webhook.active
    assert sent_to(webhook) == [(State.DEAD, "it answered 410"), (State.SKIPPED, "the webhook is switched off")]
    assert len(receiver.received) == 1


def test_a_proxy_of_the_environment_is_not_asked(
    webhook: Webhook, receiver: Receiver, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    tell()
    delivery.sweep()
    assert sent_to(webhook) == [(State.DELIVERED, "")]


def test_nobody_is_waited_for_long(
    webhook: Webhook, receiver: Receiver, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "READ", 0.3)
    receiver.answering.clear()
    tell()
    began = time.monotonic()
    delivery.sweep()
    assert time.monotonic() - began < 3
    assert sent_to(webhook) == [(State.QUEUED, "it did not answer in time")]


def test_an_answer_byte_by_byte_is_no_answer(
    webhook: Webhook, receiver: Receiver, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "WHOLE", 0.5)
    receiver.trickling = True
    tell()
    began = time.monotonic()
    delivery.sweep()
    assert time.monotonic() - began < 3
    assert sent_to(webhook)[0][0] == State.QUEUED
    assert len(receiver.received) == 1


def test_whoever_does_not_answer_is_asked_once_and_left_alone(
    webhook: Webhook, receiver: Receiver, tell: Tell, monkeypatch: pytest.MonkeyPatch, let_pass: LetPass
) -> None:
    monkeypatch.setattr(posting, "READ", 0.3)
    receiver.answering.clear()
    for number in range(5):
        tell(about=f"T-{number}")
    delivery.sweep()
    assert len(receiver.received) == 1
    receiver.answering.set()
    let_pass(timedelta(minutes=1))
    delivery.sweep()
    assert sent_to(webhook) == [(State.DELIVERED, "")] * 5


def test_whoever_does_not_answer_rests_for_what_comes_after_too(
    webhook: Webhook, receiver: Receiver, tell: Tell, monkeypatch: pytest.MonkeyPatch, let_pass: LetPass
) -> None:
    monkeypatch.setattr(posting, "READ", 0.3)
    receiver.answering.clear()
    tell(about="T-1")
    delivery.sweep()
    receiver.answering.set()
    tell(about="T-2")
    delivery.sweep()
    assert len(receiver.received) == 1
    let_pass(timedelta(seconds=10))
    delivery.sweep()
    tell(about="T-3")
    delivery.sweep()
    assert sent_to(webhook) == [(State.DELIVERED, "")] * 3


def test_one_that_is_silent_keeps_nobody_else_waiting(
    webhook: Webhook, receiver: Receiver, tell: Tell, adam: Person
) -> None:
    silent = webhooks.create(by=adam, url="http://127.0.0.1:9/")  # nobody listens there
    for number in range(5):
        tell(about=f"T-{number}")
    delivery.sweep()
    assert sent_to(webhook) == [(State.DELIVERED, "")] * 5
    assert {state for state, _ in sent_to(silent)} == {State.QUEUED}
    assert sum(Notice.objects.filter(webhook=silent).values_list("attempts", flat=True)) == 1


def test_what_was_queued_goes_to_the_new_address(
    webhook: Webhook, receiver: Receiver, tell: Tell, adam: Person, let_pass: LetPass
) -> None:
    Webhook.objects.update(url="http://127.0.0.1:9/")
    tell()
    delivery.sweep()
    webhooks.edit(webhook=webhook.pk, url=receiver.url)
    let_pass(timedelta(seconds=10))
    delivery.sweep()
    assert sent_to(webhook) == [(State.DELIVERED, "")]


def test_a_test_message_says_who_sent_it(webhook: Webhook, receiver: Receiver, adam: Person) -> None:
    webhooks.test(webhook=webhook.pk, by=adam)
    delivery.sweep()
    assert receiver.received[0].verified(webhook.secrets[0])["type"] == "webhook_test"
