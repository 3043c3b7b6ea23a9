"""Notices on their way to people: real letters to a real mail server."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core import mail
from pytest_django import Settings

from notices import delivery, outbox, preferences
from notices.models import Notice
from people.models import Person
from tests.notices.conftest import LetPass, Tell

pytestmark = pytest.mark.django_db
State = Notice.State


class Sink:
    """What a mail server got, over which connections, and what it says to any address."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.peers: set[Any] = set()
        self.refused = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.refused:
            return self.refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        self.peers.add(session.peer)
        return "250 OK"


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """A real mail server, which ours is set to."""
    handler = Sink()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield handler
    controller.stop()


def sent() -> list[tuple[str, str]]:
    """Return the state of each notice and why, in order."""
    return list(Notice.objects.order_by("number").values_list("state", "last_error"))


def test_a_letter_arrives(sink: Sink, tell: Tell, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Tracker <tracker@example.com>"
    tell("handoff_accepted", owner="bob")
    notice = Notice.objects.get()
    delivery.sweep()
    (letter,) = sink.got
    assert letter["From"] == "Tracker <tracker@example.com>"
    assert letter["To"] == "rep@example.com"
    assert letter["Subject"] == "bob has accepted T-100001"
    assert "bob owns T-100001 now." in letter.get_content()
    assert str(notice.pk) in letter["Message-ID"]
    assert letter["Auto-Submitted"] == "auto-generated"
    assert sent() == [(State.DELIVERED, "")]


def test_several_letters_go_over_one_connection(sink: Sink, tell: Tell) -> None:
    for number in range(3):
        tell(about=f"T-{number}")
    delivery.sweep()
    assert (len(sink.got), len(sink.peers)) == (3, 1)


def test_a_customers_receipt_names_the_owner_and_the_time(sink: Sink) -> None:
    by = "2026-05-04T15:30:00+00:00"
    outbox.queue_mail("receipt", address="one@example.com", about="T-100001", owner="Alice", first_contact_by=by)
    delivery.sweep()
    (letter,) = sink.got
    assert letter["To"] == "one@example.com"
    assert "Alice answers for your complaint" in letter.get_content()
    assert "4 May 2026, 15:30 UTC" in letter.get_content()
    assert "api" not in letter.get_content()


def test_the_forgotten_get_nothing(sink: Sink) -> None:
    outbox.queue_mail("receipt", address="one@example.com", about="T-100001", owner="Alice")
    outbox.forget(["one@example.com"])
    delivery.sweep()
    assert sink.got == []
    assert sent() == [(State.SKIPPED, "")]


def test_an_address_that_is_refused_for_good_is_not_tried_again(sink: Sink, tell: Tell) -> None:
    sink.refused = "550 nobody of that name"
    tell()
    delivery.sweep()
    assert sent() == [(State.DEAD, "the address was refused: [550]")]


def test_an_address_that_is_refused_for_now_is_tried_again(sink: Sink, tell: Tell, let_pass: LetPass) -> None:
    sink.refused = "450 later"
    tell()
    delivery.sweep()
    assert sent() == [(State.QUEUED, "the address was refused: [450]")]
    sink.refused = ""
    let_pass(timedelta(seconds=10))
    delivery.sweep()
    assert len(sink.got) == 1
    assert sent() == [(State.DELIVERED, "")]


def test_a_refusal_stops_no_other_letter(sink: Sink, tell: Tell) -> None:
    sink.refused = "550 nobody of that name"
    tell()
    delivery.sweep()
    sink.refused = ""
    tell(about="T-100002")
    delivery.sweep()
    assert [state for state, _ in sent()] == [State.DEAD, State.DELIVERED]


def test_a_mail_server_that_is_down_is_tried_once_a_round(tell: Tell, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for number in range(5):
        tell(about=f"T-{number}")
    delivery.sweep()
    assert sum(Notice.objects.values_list("attempts", flat=True)) == 1
    assert {state for state, _ in sent()} == {State.QUEUED}


def test_who_does_not_want_it_gets_no_letter(tell: Tell, rep: Person) -> None:
    preferences.choose(person=rep, choices=[{"kind": "handoff_accepted", "channel": "mail", "wanted": False}])
    tell("handoff_accepted")
    delivery.sweep()
    assert mail.outbox == []
    assert sent() == [(State.SKIPPED, "does not want it")]


def test_who_has_left_gets_no_letter(tell: Tell, rep: Person) -> None:
    tell()
    Person.objects.filter(pk=rep.pk).update(is_active=False)
    delivery.sweep()
    assert mail.outbox == []
    assert sent() == [(State.SKIPPED, "has left")]


def test_who_has_no_address_gets_no_letter(tell: Tell, rep: Person) -> None:
    Person.objects.filter(pk=rep.pk).update(email="")
    tell()
    delivery.sweep()
    assert sent() == [(State.SKIPPED, "has no address")]


def test_a_letter_cannot_get_another_header(tell: Tell) -> None:
    tell("handoff_accepted", owner="bob\r\nBcc: all@example.com")
    delivery.sweep()
    assert mail.outbox[0].subject == "bob Bcc: all@example.com has accepted T-100001"
    assert mail.outbox[0].recipients() == ["rep@example.com"]
