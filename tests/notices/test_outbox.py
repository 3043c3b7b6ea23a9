"""What is queued, for whom, and how long it waits."""

from datetime import timedelta

import pytest
import structlog
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from notices import outbox, webhooks
from notices.models import Notice, Webhook
from people.models import Person
from people.roles import Role
from tests.cast import person
from tests.notices.conftest import LetPass, Tell

pytestmark = pytest.mark.django_db


def receivers(kind: str) -> list[str]:
    return [
        notice.person.username if notice.person else f"webhook {notice.webhook_id}"
        for notice in Notice.objects.filter(kind=kind).order_by("number")
    ]


def test_everybody_is_told_once_and_who_left_is_not(rep: Person) -> None:
    left = person("left", Role.REP, is_active=False)
    outbox.queue("reopened", to=[rep, None, left, rep], about="T-1")
    assert receivers("reopened") == ["rep"]


def test_a_webhook_is_told_once_what_several_people_are_told(rep: Person, adam: Person, webhook: Webhook) -> None:
    outbox.queue("reopened", to=[rep, adam], about="T-1", cause="x")
    assert receivers("reopened") == ["rep", "adam", f"webhook {webhook.pk}"]
    told = Notice.objects.get(webhook=webhook)
    assert told.payload == {"cause": "x", "to": ["rep", "adam"]}


def test_a_webhook_is_not_told_what_nobody_is_told(webhook: Webhook) -> None:
    outbox.queue("reopened", to=[None], about="T-1")
    assert receivers("reopened") == []


def test_a_webhook_gets_the_kinds_that_it_wants(rep: Person, webhook: Webhook) -> None:
    webhooks.edit(webhook=webhook.pk, kinds=["flag_raised"])
    outbox.queue("reopened", to=[rep], about="T-1")
    outbox.queue("flag_raised", to=[rep], about="T-1")
    assert list(Notice.objects.filter(webhook=webhook).values_list("kind", flat=True)) == ["flag_raised"]


def test_a_webhook_that_is_switched_off_gets_nothing(rep: Person, webhook: Webhook) -> None:
    webhooks.edit(webhook=webhook.pk, active=False)
    outbox.queue("reopened", to=[rep], about="T-1")
    assert receivers("reopened") == ["rep"]


def test_a_customers_receipt_is_nobody_elses(webhook: Webhook) -> None:
    outbox.queue_mail("receipt", address="one@example.com", about="T-1", owner="Alice")
    assert not Notice.objects.filter(webhook=webhook).exists()


def test_queueing_is_one_statement(
    rep: Person, webhook: Webhook, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        outbox.queue("reopened", to=[rep], about="T-1")


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_tells_nobody(rep: Person, webhook: Webhook) -> None:
    with transaction.atomic():
        outbox.queue("reopened", to=[rep], about="T-1")
        transaction.set_rollback(True)
    assert receivers("reopened") == []


@pytest.mark.django_db(transaction=True)
def test_a_notice_without_a_transaction_is_a_mistake(rep: Person) -> None:
    with pytest.raises(AssertionError, match="belongs to the transaction"):
        outbox.queue("reopened", to=[rep], about="T-1")


def test_what_is_skipped_is_not_delivered(tell: Tell) -> None:
    tell()
    assert outbox.skip_queued("a play") == 1
    assert not Notice.objects.due(timezone.now()).exists()


def test_an_empty_outbox_is_not_behind(db: None) -> None:
    assert outbox.lag() == timedelta()


def test_the_lag_is_the_age_of_the_oldest_that_is_due(tell: Tell, let_pass: LetPass) -> None:
    tell()
    let_pass(timedelta(minutes=3))
    tell("reopened", about="T-2")
    assert timedelta(minutes=3) <= outbox.lag() < timedelta(minutes=4)


def test_what_waits_for_an_earlier_message_or_a_silent_receiver_is_no_lag(
    webhook: Webhook, tell: Tell, let_pass: LetPass
) -> None:
    tell()
    tell("reopened")
    Notice.objects.filter(person__isnull=False).delete()
    let_pass(timedelta(minutes=3))
    first = Notice.objects.order_by("number")[0]
    Notice.objects.filter(pk=first.pk).update(next_attempt_at=first.next_attempt_at + timedelta(hours=1))
    assert outbox.lag() == timedelta()


def test_a_notice_knows_the_request_that_caused_it(rep: Person, webhook: Webhook) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc123"):
        outbox.queue("reopened", to=[rep], about="T-1")
        outbox.queue_mail("receipt", address="one@example.com", about="T-1", owner="Alice")
        webhooks.test(webhook=webhook.pk, by=rep)
    outbox.queue("taken_over", to=[rep], about="T-2")

    assert set(Notice.objects.exclude(about="T-2").values_list("request_id", flat=True)) == {"abc123"}
    assert set(Notice.objects.filter(about="T-2").values_list("request_id", flat=True)) == {""}
