"""A call that is passed on moves no ownership: it drafts the offer that the owner should make."""

from datetime import timedelta
from typing import Any

import pytest

from handoffs import drafts
from handoffs.models import Draft, Handoff
from people.models import Person
from people.presence import take_extension
from phones import wrap_ups
from phones.models import Call, Source
from tests.cast import PACKET, Cast, in_hours, told
from tests.phones.lines import call_story, event, report, source_of
from tickets.models import Ticket

ANSWERED = (5, "answered", {"agent": "101"})
HELD = (20, "held", {"by": "101"})
BLIND = (30, "transferred", {"kind": "blind", "by": "101", "target": "102"})
ATTENDED = (30, "transferred", {"kind": "attended", "by": "101", "target": "102"})
PICKED_UP = (35, "answered", {"agent": "102"})
LIVE = {"need": PACKET["need"], "next_action": PACKET["next_action"]}


@pytest.fixture
def source(cast: Cast) -> Source:
    """A telephone system of Billing's, with Alice on 101 and Bob on 102."""
    take_extension(person=cast.alice, extension="101")
    take_extension(person=cast.bob, extension="102")
    return source_of(cast)


def passed_on(source: Source, *story: tuple[int, str, dict[str, Any]]) -> None:
    report(source, *call_story("c1", in_hours(-0.02), ANSWERED, *story))


def waiting(person: Person) -> list[tuple[str, bool]]:
    """Return the drafts that wait for somebody, as (receiver, on the line)."""
    return [(draft.receiver.username, draft.on_call) for draft in drafts.waiting_for(Person.objects.get(pk=person.pk))]


def test_a_blind_transfer_drafts_the_offer_to_whoever_picks_up(cast: Cast, ticket: Ticket, source: Source) -> None:
    passed_on(source, BLIND)
    assert waiting(cast.alice) == []
    report(source, event("c1", "answered", in_hours(-0.01), agent="102"))
    assert waiting(cast.alice) == [("bob", False)]
    assert told(cast.alice)[-1] == "handoff_drafted"
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.tenure_seq, Handoff.objects.count()) == (cast.alice, 1, 0)


def test_an_attended_transfer_drafts_the_live_one(cast: Cast, ticket: Ticket, source: Source) -> None:
    passed_on(source, HELD, ATTENDED)
    assert waiting(cast.alice) == [("bob", True)]
    cast.accept(cast.offer(ticket, cast.bob, on_call=True, packet=LIVE))
    ticket.refresh_from_db()
    assert (ticket.owner, waiting(cast.alice), waiting(cast.bob)) == (cast.bob, [], [])


def test_it_is_drafted_once_however_often_it_is_told(cast: Cast, ticket: Ticket, source: Source) -> None:
    passed_on(source, HELD, ATTENDED, (40, "held", {"by": "102"}), (45, "unheld", {}))
    assert told(cast.alice).count("handoff_drafted") == 1


def test_to_the_owner_nothing_is_drafted(cast: Cast, source: Source) -> None:
    cast.open_ticket(by=cast.bob)
    passed_on(source, BLIND, PICKED_UP)
    assert not Draft.objects.exists()


def test_an_offer_that_is_made_needs_no_draft(cast: Cast, ticket: Ticket, source: Source) -> None:
    cast.offer(ticket, cast.bob)
    passed_on(source, BLIND, PICKED_UP)
    assert not Draft.objects.exists()


def test_a_draft_is_the_owners_or_whoever_leads_them(cast: Cast, ticket: Ticket, source: Source) -> None:
    passed_on(source, BLIND, PICKED_UP)
    assert waiting(cast.maya) == [("bob", False)]
    assert waiting(cast.bob) == waiting(cast.carol) == waiting(cast.lars) == []


def cold_since(ticket: Ticket) -> object:
    ticket.refresh_from_db()
    return ticket.cold_since


def test_another_call_takes_nothing_back_of_a_cold_transfer(cast: Cast, source: Source) -> None:
    ticket = cast.open_ticket(at=in_hours(-1))
    passed_on(source, BLIND, PICKED_UP, (60, "ended", {"ended_by": "caller"}))
    since = cold_since(ticket)
    assert since is not None
    report(source, *call_story("c2", in_hours(-0.001), (1, "answered", {"agent": "101"})))
    assert cold_since(ticket) == since
    report(source, event("c2", "ended", in_hours(0), ended_by="caller"))
    wrap_ups.wrap_up(call=Call.objects.get(call_id="c2").pk, by=cast.alice, outcome="spam")
    assert cold_since(ticket) == since
    report(source, event("c1", "transfer_failed", in_hours(-0.02) + timedelta(seconds=32)))
    assert cold_since(ticket) is None
