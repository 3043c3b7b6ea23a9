"""Wrap-up: whoever answered says in one step what the call was; and what is taken back by that."""

from datetime import timedelta
from typing import Any

import pytest

from people import presence
from people.errors import Incomplete
from phones import errors, wrap_ups
from phones.models import Call, Conclusion, Source
from tests.cast import Cast, entries, flags_of, in_hours
from tests.invariants import broken_invariants
from tests.phones.lines import call_story, event, report, source_of, the_call
from tickets.errors import UnknownTicket
from tickets.models import Hold, Promise, Ticket

ANSWERED = (5, "answered", {"agent": "101"})
HELD = (20, "held", {"by": "101"})
STRANGER = "+12125550199"


def ended(seconds: int, by: str) -> tuple[int, str, dict[str, Any]]:
    return seconds, "ended", {"ended_by": by}


@pytest.fixture
def source(cast: Cast) -> Source:
    """A telephone system of Billing's, with Alice on 101."""
    presence.take_extension(person=cast.alice, extension="101")
    return source_of(cast)


def said(cast: Cast, outcome: str = "complaint", **details: Any) -> Call:
    """Return the only call, wrapped up by Alice unless somebody else does it."""
    return wrap_ups.wrap_up(call=the_call().pk, **{"by": cast.alice, "outcome": outcome, **details})


def test_a_stranger_with_a_complaint_is_a_ticket_in_one_step(cast: Cast, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.05), ANSWERED, ended(60, "caller"), caller=STRANGER))
    assert list(Call.objects.to_wrap_up()) == [the_call()]

    call = said(cast, text="The kettle came broken.", subject="Broken kettle", next_contact_at=in_hours(2))

    ticket = Ticket.objects.get()
    assert (call.ticket, ticket.owner, ticket.status) == (ticket, cast.alice, "open")
    assert ticket.customer.contact_points.get().value == STRANGER
    assert Promise.objects.get(ticket=ticket).due_at.minute == in_hours(2).minute
    assert {"opened", "call_linked", "contact", "acknowledged"} <= set(entries(ticket))
    assert not Call.objects.to_wrap_up().exists()
    assert broken_invariants() == []


def test_one_says_complaint_while_the_caller_is_on_the_line(cast: Cast, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.01), ANSWERED, HELD, caller=STRANGER))
    said_so = {"subject": "Broken kettle", "description": "It came broken."}
    call = wrap_ups.complain(call=the_call().pk, by=cast.alice, **said_so)
    ticket = Ticket.objects.get()
    assert (call.ticket, ticket.owner, Hold.objects.get().ticket) == (ticket, cast.alice, ticket)
    with pytest.raises(errors.HasTicket):
        wrap_ups.complain(call=call.pk, by=cast.alice, **said_so)
    report(source, event("c1", "ended", in_hours(0), ended_by="agent"))
    assert flags_of(ticket) == {"dropped_by_us": "red"}


def test_on_a_known_ticket_it_is_a_contact_and_a_chase_if_it_was_one(
    cast: Cast, ticket: Ticket, source: Source
) -> None:
    report(source, *call_story("c1", in_hours(-0.05), ANSWERED, ended(60, "caller")))
    said(cast, text="Where is my money?", chase=True)
    contact = ticket.entries.get(kind="contact")
    assert (contact.by, contact.data["chase"], str(contact.text)) == (cast.alice, True, "Where is my money?")


def test_a_colleague_who_answered_promises_what_they_do_themselves(cast: Cast, source: Source) -> None:
    ticket = cast.open_ticket(by=cast.bob)
    report(source, *call_story("c1", in_hours(-0.05), ANSWERED, ended(60, "caller")))
    said(cast, text="I send her the form myself.", next_contact_at=in_hours(2))
    assert Promise.objects.get(ticket=ticket).made_by == cast.alice
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.status) == (cast.bob, "new")


@pytest.mark.parametrize("outcome", ["not_a_complaint", "wrong_number", "spam"])
def test_what_was_no_complaint_raises_nothing(cast: Cast, source: Source, outcome: str) -> None:
    began = in_hours(-0.05)
    report(source, *call_story("c1", began, ANSWERED, HELD, ended(80, "agent"), caller=STRANGER))
    ticket = Ticket.objects.get()
    assert flags_of(ticket) == {"dropped_by_us": "red"}

    said(cast, outcome)

    ticket.refresh_from_db()
    assert (ticket.status, ticket.outcome, flags_of(ticket)) == ("closed", outcome, {})
    report(source, event("c1", "summary", began + timedelta(seconds=90), text="Late."))
    assert (Ticket.objects.count(), Conclusion.objects.filter(withdrawn_at=None).count()) == (1, 0)
    assert broken_invariants() == []


def test_a_wrong_number_is_taken_off_the_ticket_it_was_linked_to(cast: Cast, ticket: Ticket, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.05), ANSWERED, HELD, ended(80, "caller")))
    call = said(cast, "wrong_number")
    assert (call.ticket, flags_of(ticket)) == (None, {})
    assert entries(ticket)[-1] == "call_unlinked"
    ticket.refresh_from_db()
    assert ticket.status == "new"
    hold = Hold.objects.get()
    assert hold.ended_at == hold.started_at


def test_the_rep_corrects_the_link_and_what_went_wrong_goes_with_it(
    cast: Cast, ticket: Ticket, source: Source
) -> None:
    report(source, *call_story("c1", in_hours(-0.05), ANSWERED, HELD, ended(80, "caller")))
    other = cast.open_ticket()
    wrap_ups.link(call=the_call().pk, by=cast.alice, ticket=other.pk)
    assert (flags_of(ticket), flags_of(other)) == ({}, {"abandoned_on_hold": "red"})
    assert [promise.state for promise in Promise.objects.order_by("ticket")] == ["withdrawn", "open"]
    assert the_call().linked == Call.Linked.BY_REP
    strange = cast.open_ticket(by=cast.luis, team=cast.logistics)
    with pytest.raises(UnknownTicket):
        wrap_ups.link(call=the_call().pk, by=cast.alice, ticket=strange.pk)
    assert broken_invariants() == []


def test_whoever_answered_wraps_up_or_a_manager_once(cast: Cast, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.05), ANSWERED, caller=STRANGER))
    with pytest.raises(errors.NotToWrapUp):
        said(cast, "spam")
    report(source, event("c1", "ended", in_hours(0), ended_by="caller"))
    with pytest.raises(errors.NotYourCall):
        said(cast, "spam", by=cast.bob)
    with pytest.raises(errors.UnknownCall):
        said(cast, "spam", by=cast.luis)
    with pytest.raises(Incomplete) as refused:
        said(cast, text="  ")
    assert list(refused.value.fields) == ["text"]
    said(cast, "spam", by=cast.maya)
    with pytest.raises(errors.NotToWrapUp):
        said(cast, "spam")


def test_a_call_that_nobody_has_signed_in_for_is_the_teams(cast: Cast) -> None:
    report(source_of(cast), *call_story("c1", in_hours(-0.05), ANSWERED, ended(60, "caller"), caller=STRANGER))
    assert the_call().answered_by is None
    said(cast, "spam", by=cast.bob)


def test_the_agent_ended_it_and_nobody_says_what_it_was(cast: Cast, ticket: Ticket, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.05), ANSWERED, ended(60, "agent")))
    over = the_call().ended_at
    assert over is not None
    assert wrap_ups.sweep(at=over + timedelta(minutes=9)) == 0
    assert wrap_ups.lag(at=over + timedelta(minutes=12)) == timedelta(minutes=2)
    assert wrap_ups.sweep(at=over + timedelta(minutes=10)) == 1
    assert flags_of(ticket) == {"dropped_by_us": "amber"}
    assert wrap_ups.sweep(at=over + timedelta(minutes=11)) == 0
    report(source, event("c1", "summary", over + timedelta(seconds=1), text="Late."))
    assert flags_of(ticket) == {"dropped_by_us": "amber"}
    said(cast, "not_a_complaint")
    assert flags_of(ticket) == {}


def test_late_news_that_the_agent_had_passed_it_on_take_that_back(cast: Cast, ticket: Ticket, source: Source) -> None:
    left = (60, "ended", {"ended_by": "agent", "agent": "101"})
    report(source, *call_story("c1", in_hours(-0.5), ANSWERED, left))
    wrap_ups.sweep()
    assert flags_of(ticket) == {"dropped_by_us": "amber"}
    passed_on = {"kind": "attended", "by": "101", "target": "102"}
    report(source, event("c1", "transferred", in_hours(-0.5) + timedelta(seconds=59), **passed_on))
    assert flags_of(ticket) == {}
    report(source, event("c1", "ended", in_hours(-0.4), ended_by="agent", agent="102"))
    wrap_ups.sweep()
    assert flags_of(ticket) == {"dropped_by_us": "amber"}


def test_a_call_back_in_time_is_an_answer(cast: Cast, ticket: Ticket, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.1), ANSWERED, ended(60, "agent")))
    out = {"from": "101", "to": "+12125550100", "direction": "outbound"}
    report(source, event("c2", "ringing", in_hours(-0.01), **out), event("c2", "answered", in_hours(0), agent="101"))
    wrap_ups.sweep(at=in_hours(0.2))
    assert flags_of(ticket) == {}


def test_passed_on_blind_and_nobody_said_why_becomes_a_ticket(cast: Cast, source: Source) -> None:
    blind = (30, "transferred", {"kind": "blind", "by": "101", "target": "102"})
    picked_up = (35, "answered", {"agent": "102"})
    report(
        source, *call_story("c1", in_hours(-0.05), ANSWERED, blind, picked_up, ended(60, "caller"), caller=STRANGER)
    )
    assert not Ticket.objects.exists()
    wrap_ups.sweep(at=in_hours(0.2))
    assert Ticket.objects.get().category == "cold_transfer"


def test_silence_ends_a_call(cast: Cast, ticket: Ticket, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.05), ANSWERED, HELD))
    wrap_ups.sweep(at=in_hours(4.1))
    assert the_call().ended_by == "unknown"
    assert Hold.objects.get().how == "closed"
