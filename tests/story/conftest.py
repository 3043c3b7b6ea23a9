"""The running product, with everybody at their desk."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from people import tokens
from people.models import Person
from tests.cast import Cast
from tests.notices.receivers import receiving
from tests.ownership_tracker.product import BEAT, WEB, WORKER, free_port, running
from tests.story.stage import Desk, Stage, receiving_letters

SETTINGS = "tests.story.settings"


@pytest.fixture
def stage(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[Stage]:
    """Web server, worker and beat in processes of their own; outside, a mail server and a webhook's receiver."""
    caplog.set_level(logging.WARNING, "mail.log")  # the mail server would log every line that it is sent
    staff = list(Person.objects.all())
    for somebody in staff:
        somebody.email = f"{somebody.username}@example.com"
    Person.objects.bulk_update(staff, ["email"])
    keys = {somebody.username: tokens.create(somebody) for somebody in staff if somebody != cast.form}
    mail_port = free_port()
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{mail_port}", "MAIL_FROM": "tracker@example.com"}
    with (
        running(tmp_path, monkeypatch, WEB, WORKER, BEAT, DJANGO_SETTINGS_MODULE=SETTINGS, **mail) as product,
        receiving() as receiver,
        receiving_letters(mail_port) as mailbox,
    ):
        people = {name: Desk(product, key) for name, key in keys.items()}
        stage = Stage(product, receiver, mailbox, people, cast.customer.pk)
        hook = people["adam"].post("webhooks/", url=receiver.url)
        stage.secret = hook["secret"]
        people["adam"].post(f"webhooks/{hook['id']}/test/")
        stage.hears("", "webhook_test", by="adam")  # so beat and worker are at work, too
        yield stage
