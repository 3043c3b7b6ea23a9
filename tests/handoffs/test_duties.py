"""What falls due before somebody is back: everything that is theirs to do, and nothing else."""

from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from handoffs import answers, claims, duties, help_requests, manager_requests
from people.models import Person
from tests.api.calls import requested
from tests.cast import MONDAY, PACKET, READ_BACK, Cast, in_hours, utc
from tickets import contacts, holds, promises
from tickets.kinds import HoldKind

HOUR = timedelta(hours=1)


def due(person: Person, hours: float = 9) -> list[str]:
    """Return the kinds of what falls due for somebody within so many hours of nine."""
    return [duty.kind for duty in duties.due(person, before=MONDAY + hours * HOUR)]


@pytest.fixture(autouse=True)
def _morning(monday: TimeMachineFixture) -> None:
    pass


def test_what_customers_wait_for(cast: Cast) -> None:
    cast.open_ticket()
    ticket = cast.open_ticket(channel="web")
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I call.", next_contact_at=MONDAY + 2 * HOUR)
    promises.make(ticket=ticket.pk, by=cast.alice, what="A letter.", due_at=MONDAY + 30 * HOUR)
    holds.start(ticket=ticket.pk, by=cast.alice, kind=HoldKind.TICKET, return_by=MONDAY + 5 * HOUR)

    assert due(cast.alice) == ["acknowledge", "promise", "hold"]
    assert due(cast.alice, 40) == ["acknowledge", "promise", "hold", "promise"]
    assert due(cast.bob, 40) == []


def test_what_colleagues_wait_for(cast: Cast) -> None:
    offered = cast.offer(cast.open_ticket(by=cast.bob), cast.alice)
    claims.claim(
        ticket=cast.open_ticket(by=cast.alice).pk, by=cast.carol, read_back=READ_BACK, next_contact_at=in_hours(2)
    )
    asked = {"asked": cast.alice, "question": "Which bank is it?", "answer_by": in_hours(1)}
    help_requests.ask(ticket=offered.ticket.pk, by=cast.bob, **asked)
    assert sorted(due(cast.alice)) == ["acknowledge", "answer_claim", "answer_offer", "help"]


def test_what_a_manager_is_waited_for(cast: Cast) -> None:
    requested(cast)
    manager_requests.ask(ticket=cast.open_ticket().pk, by=cast.alice)
    assert sorted(due(cast.maya)) == ["approve_handoff", "manager_request"]


def test_the_rest_of_a_packet(cast: Cast) -> None:
    live = {name: PACKET[name] for name in ("need", "next_action")}
    offer = cast.offer(cast.open_ticket(), cast.bob, on_call=True, packet=live)
    answers.accept(handoff=offer.pk, by=cast.bob, read_back=READ_BACK, next_contact_at=in_hours(2))
    assert due(cast.alice) == ["complete_handoff"]
    answers.complete(handoff=offer.pk, by=cast.alice, expectation=PACKET["expectation"], history=PACKET["history"])
    assert due(cast.alice) == []


def test_what_is_overdue_is_due(monday: TimeMachineFixture, cast: Cast) -> None:
    cast.open_ticket()
    monday.shift(24 * HOUR)
    assert due(cast.alice, 24) == ["acknowledge"]


def test_one_is_back_with_the_next_days_first_shift(cast: Cast) -> None:
    cast.billing.hours = {"mon": [["09:00", "17:00"]], "wed": [["10:00", "12:00"], ["13:00", "17:00"]]}
    cast.billing.time_zone = "Europe/Berlin"
    cast.billing.save()
    assert duties.back_at(cast.alice, at=MONDAY) == utc(2027, 3, 3, 9)


def test_or_when_one_said(cast: Cast) -> None:
    cast.alice.away_until = MONDAY + 3 * HOUR
    assert duties.back_at(cast.alice, at=MONDAY) == MONDAY + 3 * HOUR
    assert duties.back_at(cast.adam, at=MONDAY) == utc(2027, 3, 2, 9)
