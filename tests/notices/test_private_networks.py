"""Messages go to the very address that was checked, and to no private one."""

import pytest
from pytest_django import Settings

from notices import delivery
from notices.models import Notice, Webhook
from tests.notices.conftest import Tell, sent_to
from tests.notices.receivers import Receiver

pytestmark = pytest.mark.django_db
State = Notice.State


def test_a_private_address_gets_nothing(webhook: Webhook, receiver: Receiver, tell: Tell, settings: Settings) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    Webhook.objects.update(url=receiver.url.replace("http:", "https:"))
    tell()
    delivery.sweep()
    assert receiver.received == []
    assert sent_to(webhook) == [(State.QUEUED, "its address is not allowed")]


def test_a_name_that_leads_to_a_private_address_gets_nothing(
    webhook: Webhook, receiver: Receiver, tell: Tell, settings: Settings
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    Webhook.objects.update(url=f"https://crm.example:{receiver.port}/")
    tell()
    delivery.sweep(resolver=lambda host, port: ["127.0.0.1"])
    assert receiver.received == []
    assert sent_to(webhook) == [(State.QUEUED, "its name leads into a private network")]


def test_a_name_is_looked_up_once_and_that_address_is_used(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    Webhook.objects.update(url=f"http://crm.example:{receiver.port}/hooks")
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    tell()
    delivery.sweep(resolver=rebinding)
    assert asked == ["crm.example"]
    assert receiver.received[0].headers["host"] == f"crm.example:{receiver.port}"
    assert sent_to(webhook) == [(State.DELIVERED, "")]


def test_a_server_without_a_certificate_for_the_name_gets_nothing(
    webhook: Webhook, receiver: Receiver, tell: Tell
) -> None:
    Webhook.objects.update(url=receiver.url.replace("http:", "https:"))
    tell()
    delivery.sweep()
    assert receiver.received == []
    assert sent_to(webhook)[0][0] == State.QUEUED
    assert "TLS" in sent_to(webhook)[0][1]
