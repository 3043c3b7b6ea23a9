"""What is published: once a transaction, when it has committed, and never at a verb's expense."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import structlog
from django.db import transaction
from django.utils import timezone
from redis import Redis

from handoffs import covers, departures
from notices import live, outbox
from people import memory
from people.transactions import verb
from tests.cast import Cast
from tickets import contacts, sweeps
from tickets.models import Entry, Ticket

pytestmark = pytest.mark.django_db(transaction=True)


class Channel:
    """What is published from now on."""

    def __init__(self) -> None:
        self.subscription = memory.valkey().pubsub()
        self.subscription.subscribe(live.channel())
        assert self.subscription.get_message(timeout=1)

    def said(self) -> list[dict[str, Any]]:
        """Return the messages since this was asked for the last time."""
        memory.valkey().publish(live.channel(), "null")
        time.sleep(0.05)  # verbs speak on another connection, and do not wait
        messages = []
        while message := self.subscription.get_message(timeout=0.05):
            messages.append(json.loads(message["data"]))
        return [message for message in messages if message]


@pytest.fixture
def channel() -> Iterator[Channel]:
    """The channel that streams follow."""
    followed = Channel()
    yield followed
    followed.subscription.close()


def test_a_verb_publishes_one_message(cast: Cast, ticket: Ticket, channel: Channel) -> None:
    cast.offer(ticket, cast.luis)

    (message,) = channel.said()
    ticket.refresh_from_db()
    (changed,) = message["tickets"]
    assert changed == {
        "ticket": ticket.pk,
        "version": ticket.version,
        "teams": [cast.billing.pk],
        "owners": [cast.alice.pk],
    }
    assert [(notice["kind"], notice["people"]) for notice in message["notices"]] == [
        ("handoff_offered", [cast.luis.pk])
    ]


def test_a_move_names_both_owners_and_both_teams(cast: Cast, ticket: Ticket, channel: Channel) -> None:
    handoff = cast.offer(ticket, cast.luis)
    channel.said()

    cast.accept(handoff)

    (message,) = channel.said()
    (changed,) = message["tickets"]
    ticket.refresh_from_db()
    assert changed["version"] == ticket.version
    assert set(changed["owners"]) == {cast.alice.pk, cast.luis.pk}
    assert set(changed["teams"]) == {cast.billing.pk, cast.logistics.pk}


def test_who_leaves_a_ticket_behind_is_named_with_who_inherits_it(
    cast: Cast, ticket: Ticket, channel: Channel
) -> None:
    departures.leave(person=cast.alice.pk, by=cast.maya)

    (message,) = channel.said()
    assert set(message["tickets"][0]["owners"]) == {cast.alice.pk, cast.maya.pk}


def test_what_is_undone_is_not_told(cast: Cast, ticket: Ticket, channel: Channel) -> None:
    @verb
    def noted_in_vain(number: int) -> None:
        contacts.note(ticket=number, by=cast.alice, text="This will not last.")
        raise ZeroDivisionError

    other = cast.open_ticket()
    channel.said()
    with pytest.raises(ZeroDivisionError):
        noted_in_vain(ticket.pk)
    assert channel.said() == []

    with transaction.atomic():
        contacts.note(ticket=other.pk, by=cast.alice, text="This will.")
        with pytest.raises(ZeroDivisionError):
            noted_in_vain(ticket.pk)

    (message,) = channel.said()
    assert [changed["ticket"] for changed in message["tickets"]] == [other.pk]


def test_several_verbs_in_one_transaction_are_one_message(cast: Cast, ticket: Ticket, channel: Channel) -> None:
    with transaction.atomic():
        contacts.note(ticket=ticket.pk, by=cast.alice, text="One.")
        contacts.note(ticket=ticket.pk, by=cast.alice, text="Two.")

    (message,) = channel.said()
    (changed,) = message["tickets"]
    assert changed["version"] == Ticket.objects.get(pk=ticket.pk).version


def test_a_sweep_publishes_one_message_with_the_versions_of_the_rows(
    cast: Cast, ticket: Ticket, channel: Channel
) -> None:
    other = cast.open_ticket()
    channel.said()

    sweeps.sweep(at=timezone.now() + timedelta(days=1))

    (message,) = channel.said()
    versions = {changed["ticket"]: changed["version"] for changed in message["tickets"]}
    assert versions == dict(Ticket.objects.filter(pk__in=[ticket.pk, other.pk]).values_list("pk", "version"))
    assert {notice["kind"] for notice in message["notices"]} == {"flag_raised"}


def test_a_screen_pop_says_which_call(cast: Cast, channel: Channel) -> None:
    with transaction.atomic():
        outbox.queue("screen_pop", to=[cast.alice], about="call 7", call=7, customer=None)

    (message,) = channel.said()
    assert message == {"notices": [{"kind": "screen_pop", "about": "call 7", "people": [cast.alice.pk], "call": "7"}]}


def test_who_covers_somebody_is_told_as_they_are(cast: Cast, ticket: Ticket, channel: Channel) -> None:
    cover = covers.ask(by=cast.luis, covering=cast.lena, until=timezone.now() + timedelta(hours=2))
    covers.accept(cover=cover.pk, by=cast.lena)
    channel.said()

    cast.offer(ticket, cast.luis)

    (message,) = channel.said()
    assert set(message["notices"][0]["people"]) == {cast.luis.pk, cast.lena.pk}


def test_a_verb_succeeds_while_valkey_is_away(cast: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Redis(port=1, socket_connect_timeout=0.5)
    monkeypatch.setattr(memory, "valkey", lambda: nowhere)
    monkeypatch.setattr(memory, "_own", type(memory._own)())
    monkeypatch.setattr(memory, "_resting_until", 0.0)

    with structlog.testing.capture_logs() as logs:
        for text in ("One.", "Two.", "Three."):
            contacts.note(ticket=ticket.pk, by=cast.alice, text=text)

    assert Entry.objects.filter(ticket=ticket, kind="note").count() == 3
    assert [line["event"] for line in logs] == ["memory_is_away"]


def test_a_lost_connection_is_opened_again(cast: Cast, ticket: Ticket, channel: Channel) -> None:
    contacts.note(ticket=ticket.pk, by=cast.alice, text="One.")
    assert len(channel.said()) == 1
    for each in memory.valkey().client_list():
        if each["cmd"] == "publish" and each["db"] == str(memory.valkey().get_connection_kwargs().get("db", 0)):
            memory.valkey().client_kill_filter(_id=each["id"], skipme=True)

    contacts.note(ticket=ticket.pk, by=cast.alice, text="Two.")

    assert len(channel.said()) == 1
