"""Receivers, and a way to let time pass."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from notices import outbox, webhooks
from notices.models import Notice, Webhook
from people.models import Person
from people.roles import Role
from tests.cast import person
from tests.notices.receivers import Receiver, receiving


@pytest.fixture(autouse=True)
def _own_machine(settings: Settings) -> None:
    """The receivers of the tests are on 127.0.0.1, without TLS."""
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A real HTTP server."""
    with receiving() as running:
        yield running


@pytest.fixture
def rep(db: None) -> Person:
    """Somebody who can be told things."""
    return person("rep", Role.REP, email="rep@example.com")


@pytest.fixture
def adam(db: None) -> Person:
    """An administrator."""
    return person("adam", Role.ADMIN)


@pytest.fixture
def webhook(receiver: Receiver, adam: Person) -> Webhook:
    """A webhook that leads to the receiver, and wants all."""
    return webhooks.create(by=adam, url=receiver.url)


Tell = Callable[..., None]


@pytest.fixture
def tell(rep: Person) -> Tell:
    """A function that queues a notice to the rep, and so to the webhooks."""

    def queue(kind: str = "handoff_accepted", about: str = "T-100001", to: Person = rep, **payload: object) -> None:
        with transaction.atomic():
            outbox.queue(kind, to=[to], about=about, **(payload or {"owner": "bob"}))

    return queue


LetPass = Callable[[timedelta], None]


@pytest.fixture
def let_pass() -> Iterator[LetPass]:
    """A function that lets time pass."""
    with time_machine.travel(timezone.now()) as traveller:
        yield traveller.shift


def sent_to(webhook: Webhook) -> list[tuple[str, str]]:
    """Return the state of each notice to a webhook and why, in order."""
    return list(Notice.objects.filter(webhook=webhook).order_by("number").values_list("state", "last_error"))
