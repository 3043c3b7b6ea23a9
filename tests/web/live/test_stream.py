"""The stream, as it runs: who is told what, how soon, and what happens when something fails."""

import signal
import time
from pathlib import Path

import pytest
from django.test import Client

from notices import live
from people import memory
from tests.cast import Cast, person
from tests.web.live.conftest import Listen, Listener, cookies_of, streaming
from tickets import contacts
from tickets.models import Ticket

pytestmark = [pytest.mark.xdist_group("stream"), pytest.mark.django_db(transaction=True)]


def quiet(listener: Listener) -> bool:
    """Say whether `listener` is told nothing of what others have just been told."""
    time.sleep(0.2)
    return listener.heard() == []


def test_a_change_is_told_within_a_second(cast: Cast, ticket: Ticket, listen: Listen) -> None:
    bob = listen(cast.bob)

    contacts.note(ticket=ticket.pk, by=cast.alice, text="The bank has called back.")

    told = bob.hears("ticket", within=1)
    ticket.refresh_from_db()
    assert (told["ticket"], told["version"]) == (ticket.pk, ticket.version)


def test_only_who_sees_a_ticket_is_told_that_it_changed(cast: Cast, ticket: Ticket, listen: Listen) -> None:
    manager, above, auditor, others = (listen(each) for each in (cast.maya, cast.petra, cast.ada, cast.luis))

    contacts.note(ticket=ticket.pk, by=cast.alice, text="The bank has called back.")

    for each in (manager, above, auditor):
        assert each.hears("ticket", within=2)["ticket"] == ticket.pk
    assert quiet(others)


def test_a_ticket_that_leaves_is_told_to_those_whom_it_leaves(cast: Cast, ticket: Ticket, listen: Listen) -> None:
    handoff = cast.offer(ticket, cast.luis)
    left, joined = listen(cast.bob), listen(cast.lena)

    cast.accept(handoff)

    assert left.hears("ticket", within=2)["ticket"] == joined.hears("ticket", within=2)["ticket"] == ticket.pk


def test_a_notice_is_told_to_its_receiver_alone(cast: Cast, ticket: Ticket, listen: Listen) -> None:
    luis, lena, auditor = listen(cast.luis), listen(cast.lena), listen(cast.ada)

    cast.offer(ticket, cast.luis)

    told = luis.hears("notice", within=2)
    assert (told["kind"], told["about"]) == ("handoff_offered", ticket.reference)
    assert auditor.hears("ticket", within=2)
    assert quiet(lena)
    assert "notice" not in auditor.heard()


def test_who_has_a_ticket_on_the_screen_is_told_too(cast: Cast, ticket: Ticket, listen: Listen) -> None:
    cast.hand(ticket, cast.luis)  # Alice owned it, and may still look at it
    alice = listen(cast.alice)
    luis = listen(cast.luis)
    contacts.note(ticket=ticket.pk, by=cast.luis, text="She will be at home at noon.")
    assert luis.hears("ticket", within=2)
    assert quiet(alice)
    client = Client()
    client.force_login(cast.alice)
    client.post(f"/tickets/{ticket.reference}/here/", {"state": "reading", "tab": "one"})

    contacts.note(ticket=ticket.pk, by=cast.luis, text="She prefers the afternoon.")

    assert alice.hears("ticket", within=2)["ticket"] == ticket.pk


def test_a_stream_begins_with_when_it_last_told_something(cast: Cast, ticket: Ticket, listen: Listen) -> None:
    bob, luis = listen(cast.bob), listen(cast.luis)
    contacts.note(ticket=ticket.pk, by=cast.alice, text="The bank has called back.")
    at = bob.hears("ticket", within=2)["at"]
    again = [Listener(bob.connection.port, cookies_of(each)) for each in (cast.bob, cast.luis)]

    bobs, others = (each.hears("hello")["last"] for each in again)

    assert bobs == at
    assert others < at
    assert quiet(luis)


def test_what_changes_while_nobody_listens_is_known_to_who_comes_then(cast: Cast, ticket: Ticket, stream: int) -> None:
    time.sleep(0.1)
    before = int(time.time() * 1000)
    contacts.note(ticket=ticket.pk, by=cast.alice, text="The bank has called back.")

    assert Listener(stream, cookies_of(cast.bob)).hears("hello")["last"] >= before
    assert Listener(stream, cookies_of(cast.luis)).hears("hello")["last"] < before


def test_nobody_and_no_program_is_let_in(cast: Cast, stream: int) -> None:
    left = person("left", cast.alice.role, cast.billing, is_active=False)

    assert Listener(stream, {}).answer.status == 401
    assert Listener(stream, cookies_of(cast.form)).answer.status == 401
    assert Listener(stream, cookies_of(left)).answer.status == 401


def test_only_our_own_pages_may_read_it(cast: Cast, stream: int) -> None:
    cookies = cookies_of(cast.alice)

    ours = Listener(stream, cookies, Origin="http://127.0.0.1:8000").answer
    theirs = Listener(stream, cookies, Origin="http://127.0.0.1:9000").answer

    assert ours.status == 200
    assert ours.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1:8000"
    assert ours.headers["Access-Control-Allow-Credentials"] == "true"
    assert theirs.status == 403
    assert "Access-Control-Allow-Origin" not in theirs.headers


def test_there_is_nothing_beside_it(stream: int) -> None:
    assert [Listener(stream, {}, path=path).answer.status for path in ("/", "/health/live", "/live/x")] == [404] * 3


def test_it_comes_back_when_valkey_does(cast: Cast, ticket: Ticket, listen: Listen) -> None:
    bob = listen(cast.bob)
    number = memory.valkey().get_connection_kwargs().get("db", 0)
    ours = [each for each in memory.valkey().client_list(_type="pubsub") if each["db"] == str(number)]

    for each in ours:
        memory.valkey().client_kill_filter(_id=each["id"])

    at = bob.hears("away", within=5)["at"]
    # What it was not told meanwhile it must ask for: the stream says that it may have missed something.
    assert bob.hears("hello", within=5)["last"] > at
    contacts.note(ticket=ticket.pk, by=cast.alice, text="The bank has called back.")
    assert bob.hears("ticket", within=2)["ticket"] == ticket.pk


def test_a_message_that_makes_no_sense_is_survived(cast: Cast, ticket: Ticket, listen: Listen) -> None:
    bob = listen(cast.bob)

    memory.valkey().publish(live.channel(), "nonsense")

    bob.hears("away", within=5)
    bob.hears("hello", within=5)
    contacts.note(ticket=ticket.pk, by=cast.alice, text="The bank has called back.")
    assert bob.hears("ticket", within=2)


def test_it_ends_at_once_when_it_is_asked_to(cast: Cast, tmp_path: Path) -> None:
    with streaming(tmp_path) as (port, process):
        listener = Listener(port, cookies_of(cast.alice))
        listener.hears("hello")
        began = time.monotonic()

        process.send_signal(signal.SIGTERM)

        listener.hears("end", within=2)
        process.wait(3)
        assert time.monotonic() - began < 3
    assert "Traceback" not in (tmp_path / "stream.log").read_text()
