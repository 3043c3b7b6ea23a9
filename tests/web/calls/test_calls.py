"""Calls on the screens: who is on the line, wrapping up in one box, a ticket for a stranger."""

import pytest

from people import presence
from phones.models import Call, Source
from tests.cast import Cast, in_hours
from tests.phones.lines import call_story, report, source_of, the_call
from tests.web.screens import read, signed_in
from tickets import promises
from tickets.models import Ticket

ANSWERED = (5, "answered", {"agent": "101"})
ENDED = (60, "ended", {"ended_by": "caller"})
KNOWN, STRANGER = "+12125550100", "+12125550199"


@pytest.fixture
def source(cast: Cast) -> Source:
    """A telephone system of Billing's, with Alice on 101."""
    presence.take_extension(person=cast.alice, extension="101")
    return source_of(cast)


def test_who_is_on_the_line_is_shown_with_the_last_promise(cast: Cast, source: Source) -> None:
    ticket = cast.open_ticket()
    promises.make(ticket=ticket.pk, by=cast.alice, what="I call you back.", due_at=in_hours(1))
    report(source, *call_story("c1", in_hours(-0.01), ANSWERED, caller=KNOWN))

    shown = read(signed_in(cast.alice), "/calls/line/")

    for words in ("On the line", "Customer One", ticket.reference, "Alice", "I call you back."):
        assert words in shown
    assert read(signed_in(cast.bob), "/calls/line/").strip() == ""


def test_a_stranger_on_the_line_gets_a_ticket_that_is_linked(cast: Cast, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.01), ANSWERED, caller=STRANGER))
    client = signed_in(cast.alice)
    assert f"/tickets/new/?call={the_call().pk}" in read(client, "/calls/line/")
    assert STRANGER in read(client, f"/tickets/new/?call={the_call().pk}")

    said = {"subject": "No light", "description": "Since Monday.", "team": cast.billing.pk, "new_phone": STRANGER}
    client.post(f"/tickets/new/?call={the_call().pk}", {**said, "severity": "routine", "channel": "phone"})

    assert the_call().ticket == Ticket.objects.get()
    assert Ticket.objects.get().owner == cast.alice


def test_one_box_and_next(cast: Cast, source: Source) -> None:
    for name in ("c1", "c2"):
        report(source, *call_story(name, in_hours(-0.1), ANSWERED, ENDED, caller=STRANGER))
    first, second = Call.objects.order_by("pk")
    client = signed_in(cast.alice)
    assert "Wrap it up" in read(client, "/calls/line/")
    assert "Next" in read(client, f"/calls/{first.pk}/wrap-up/")

    one = client.post(f"/calls/{first.pk}/wrap-up/", {"outcome": "complaint", "text": "No light.", "subject": "Dark"})
    two = client.post(f"/calls/{second.pk}/wrap-up/", {"outcome": "spam"})

    assert one["Location"] == f"/calls/{second.pk}/wrap-up/"
    assert two["Location"] == "/"
    assert list(Call.objects.order_by("pk").values_list("wrap_up", flat=True)) == ["complaint", "spam"]


def test_what_is_missing_stands_beside_the_box(cast: Cast, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.1), ANSWERED, ENDED, caller=STRANGER))

    answer = signed_in(cast.alice).post(f"/calls/{the_call().pk}/wrap-up/", {"outcome": "complaint", "text": ""})

    assert answer.status_code == 422
    assert "What was said?" in answer.content.decode()
    assert the_call().wrap_up == "waiting"


def test_a_call_of_others_is_not_there(cast: Cast, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.1), ANSWERED, ENDED, caller=STRANGER))

    assert signed_in(cast.lena).get(f"/calls/{the_call().pk}/wrap-up/").status_code == 404


def test_whoever_gave_up_waiting_is_called_back(cast: Cast, source: Source) -> None:
    gave_up = [(1, "queued", {"queue": "500"}), (90, "ended", {"ended_by": "caller"})]
    report(source, *call_story("c1", in_hours(-0.1), *gave_up, caller=STRANGER))
    client = signed_in(cast.bob)
    path = f"/calls/{the_call().pk}/call-back/"
    assert path in read(client, "/desk/call-back/")
    assert STRANGER in read(client, path)

    assert client.post(path)["Location"] == "/desk/call-back/"
    again = client.post(path)

    assert the_call().called_back_at is not None
    assert again.status_code == 422
    assert "Nobody waits to be called back there." in again.content.decode()
    assert path not in read(client, "/desk/call-back/")
