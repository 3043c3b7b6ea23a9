"""In which order notices are delivered, how often they are tried, and what becomes of them in the end."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from structlog.testing import capture_logs

from notices import delivery, errors, letters, outbox, webhooks
from notices.models import Notice, Webhook
from people.models import Person
from tests.notices.conftest import LetPass, Tell
from tests.notices.receivers import Receiver

pytestmark = pytest.mark.django_db
State = Notice.State


def states(**which: object) -> list[str]:
    """Return the states of notices, in order."""
    return list(Notice.objects.filter(**which).order_by("number").values_list("state", flat=True))


def test_what_is_about_one_ticket_arrives_in_order(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    for kind in ("reopened", "taken_over", "handoff_offered", "handoff_accepted"):
        tell(kind)
    delivery.sweep()
    assert receiver.kinds() == ["reopened", "taken_over", "handoff_offered", "handoff_accepted"]


def test_an_earlier_message_that_failed_holds_back_the_later_ones(
    webhook: Webhook, receiver: Receiver, tell: Tell, let_pass: LetPass
) -> None:
    receiver.answers = [500, 200]
    tell("reopened")
    tell("taken_over")
    delivery.sweep()
    assert receiver.kinds() == ["reopened"]
    let_pass(timedelta(seconds=10))
    delivery.sweep()
    assert receiver.kinds() == ["reopened", "reopened", "taken_over"]


def test_it_holds_back_nothing_about_other_tickets(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    receiver.answers = [500, 200]
    tell("reopened", about="T-1")
    tell("taken_over", about="T-2")
    delivery.sweep()
    assert states(webhook=webhook) == [State.QUEUED, State.DELIVERED]


def test_it_holds_back_nothing_to_other_receivers(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    receiver.answers = [500]
    tell("reopened")
    tell("taken_over")
    delivery.sweep()
    assert states(person__isnull=False) == [State.DELIVERED, State.DELIVERED]
    assert states(webhook=webhook) == [State.QUEUED, State.QUEUED]


def test_after_a_day_it_is_given_up_and_holds_back_nothing_more(
    webhook: Webhook, receiver: Receiver, tell: Tell, let_pass: LetPass
) -> None:
    receiver.answers = [500]
    tell("reopened")
    for _ in range(200):
        delivery.sweep()
        if states(webhook=webhook) == [State.DEAD]:
            break
        let_pass(timedelta(minutes=15))
    first = Notice.objects.get(webhook=webhook)
    assert (first.state, first.last_error) == (State.DEAD, "it answered 500")
    assert 10 <= first.attempts <= 15
    assert {each.id for each in receiver.received} == {str(first.pk)}
    receiver.answers = [200]
    tell("taken_over")
    delivery.sweep()
    assert receiver.kinds()[-1] == "taken_over"


def test_what_was_given_up_is_delivered_again_under_its_id(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    tell()
    notice = Notice.objects.get(webhook=webhook)
    Notice.objects.filter(pk=notice.pk).update(state=State.DEAD, next_attempt_at=None, attempts=12)
    delivery.redeliver(notice=notice.pk)
    delivery.sweep()
    assert [each.id for each in receiver.received] == [str(notice.pk)]
    assert states(webhook=webhook) == [State.DELIVERED]


def test_what_was_delivered_can_be_delivered_again(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    tell()
    delivery.sweep()
    delivery.redeliver(notice=Notice.objects.get(webhook=webhook).pk)
    delivery.sweep()
    assert len({each.id for each in receiver.received}) == 1
    assert len(receiver.received) == 2


def test_what_is_on_its_way_is_not_queued_again(webhook: Webhook, tell: Tell) -> None:
    tell()
    with pytest.raises(errors.StillQueued):
        delivery.redeliver(notice=Notice.objects.get(webhook=webhook).pk)


def test_what_does_not_exist_is_not_queued_again(db: None) -> None:
    with pytest.raises(errors.UnknownNotice):
        delivery.redeliver(notice=uuid4())


def test_a_message_to_the_forgotten_is_never_queued_again(db: None) -> None:
    gone = Notice.objects.create(kind="receipt", state=State.DEAD, next_attempt_at=None)
    with pytest.raises(errors.NoReceiver):
        delivery.redeliver(notice=gone.pk)
    assert delivery.redeliver_dead() == 0


def test_the_command_delivers_again_all_that_was_given_up(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    for about in ("T-1", "T-2"):
        tell(about=about)
    Notice.objects.filter(webhook=webhook).update(state=State.DEAD, next_attempt_at=None)
    call_command("redeliver", dead=True, stdout=(said := StringIO()))
    assert said.getvalue() == "2 queued again.\n"
    delivery.sweep()
    assert len(receiver.received) == 2


def test_the_command_delivers_again_what_it_is_given(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    tell()
    delivery.sweep()
    call_command("redeliver", str(Notice.objects.get(webhook=webhook).pk), stdout=StringIO())
    delivery.sweep()
    assert len(receiver.received) == 2


def test_the_command_says_what_it_cannot_deliver_again(db: None) -> None:
    with pytest.raises(CommandError, match="There is no notice of that id"):
        call_command("redeliver", str(uuid4()), stdout=StringIO())


def test_the_command_wants_to_know_which(db: None) -> None:
    with pytest.raises(CommandError, match="Say which"):
        call_command("redeliver")


def test_a_mistake_of_ours_with_one_message_keeps_no_other(tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(letters.LETTERS, "reopened", ("%(about)d", ""))
    tell("reopened", about="T-1")
    tell("taken_over", about="T-2", by="maya")
    with capture_logs() as log:
        delivery.sweep()
    assert states() == [State.QUEUED, State.DELIVERED]
    assert [line["event"] for line in log] == ["notice_cannot_be_sent", "delivery", "delivery"]


def test_each_try_is_a_line_of_the_log_that_names_nobody(
    webhook: Webhook, receiver: Receiver, tell: Tell, rep: Person
) -> None:
    receiver.answers = [500]
    tell()
    outbox.queue_mail("receipt", address="one@example.com", about="T-1", owner="Alice", first_contact_by="soon")
    with capture_logs() as log:
        delivery.sweep()
    assert {(line["to"], line["state"], line["attempts"], line["why"], line["log_level"]) for line in log} == {
        ("person", "delivered", 1, "", "info"),
        ("webhook", "queued", 1, "it answered 500", "warning"),
        ("address", "delivered", 1, "", "info"),
    }
    assert {line["notice"] for line in log} == {str(pk) for pk in Notice.objects.values_list("pk", flat=True)}
    assert not [value for value in (rep.email, "one@example.com", "/hooks") if value in str(log)]


def test_a_sweep_stops_in_time_and_leaves_the_rest_due(webhook: Webhook, receiver: Receiver, tell: Tell) -> None:
    for number in range(3):
        tell(about=f"T-{number}")
    assert delivery.sweep(seconds=-1) == 0
    claimed = delivery._claim()
    delivery._deliver(claimed, end=0, resolver=webhooks.resolve)
    assert receiver.received == []
    delivery.sweep()
    assert len(receiver.received) == 3


def test_what_is_claimed_is_left_alone_until_the_claim_runs_out(
    webhook: Webhook, receiver: Receiver, tell: Tell, let_pass: LetPass
) -> None:
    tell()
    delivery._claim()
    delivery.sweep()
    assert receiver.received == []
    let_pass(delivery.CLAIMED_FOR)
    delivery.sweep()
    assert len(receiver.received) == 1
    assert Notice.objects.get(webhook=webhook).attempts == 1


def test_what_another_worker_delivered_meanwhile_is_not_sent_again(
    webhook: Webhook, receiver: Receiver, tell: Tell, let_pass: LetPass
) -> None:
    tell()
    claimed = delivery._claim()
    let_pass(delivery.CLAIMED_FOR)
    delivery.sweep()
    delivery._deliver(claimed, end=1e12, resolver=webhooks.resolve)
    assert len(receiver.received) == 1


def test_whoever_is_forgotten_while_a_letter_waits_in_a_batch_gets_none(db: None) -> None:
    Notice.objects.create(kind="receipt", address="one@example.com", about="T-1")
    claimed = delivery._claim()
    outbox.forget(["one@example.com"])
    delivery._deliver(claimed, end=1e12, resolver=webhooks.resolve)
    assert mail.outbox == []


def test_whoever_is_forgotten_while_a_letter_is_sent_stays_forgotten(db: None) -> None:
    sending = Notice.objects.create(kind="receipt", address="one@example.com", about="T-1")
    outbox.forget(["one@example.com"])
    delivery._mark(sending, State.QUEUED, next_attempt_at=sending.next_attempt_at)
    assert states() == [State.SKIPPED]


@pytest.mark.django_db(transaction=True)
def test_any_number_of_sweeps_at_once_deliver_everything_once(
    webhook: Webhook, receiver: Receiver, tell: Tell
) -> None:
    for number in range(30):
        for kind in ("reopened", "taken_over"):
            tell(kind, about=f"T-{number}")
    together = threading.Barrier(4)

    def sweep(_: int) -> int:
        together.wait(10)
        try:
            return delivery.sweep()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        tried = sum(pool.map(sweep, range(4)))
    # What one sweep was just sending held back its successor from the others: that is left to the next.
    tried += delivery.sweep()
    assert tried == 120
    assert len({each.id for each in receiver.received}) == len(receiver.received) == 60
    assert set(states()) == {State.DELIVERED}
