"""Talking with the customer: acknowledging, notes, contacts, and what a chase means."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from people.errors import Incomplete, NotYours
from tests.cast import Cast, entries, flags_of, in_hours, told
from tests.invariants import broken_invariants
from tickets import contacts, errors
from tickets.models import Promise, Ticket


def acknowledge(cast: Cast, ticket: Ticket, **details: Any) -> Ticket:
    """Let Alice tell the customer that she will do it."""
    said: dict[str, Any] = {"by": cast.alice, "message": "I call you tonight.", "next_contact_at": in_hours(5)}
    return contacts.acknowledge(ticket=ticket.pk, **{**said, **details})


def test_acknowledging_opens_it_and_makes_the_first_promise(cast: Cast, ticket: Ticket) -> None:
    due = in_hours(5)
    found = acknowledge(cast, ticket, next_contact_at=due)
    promise = Promise.objects.get(ticket=ticket)
    assert (found.status, found.acknowledged_at is None) == ("open", False)
    assert (promise.due_at, promise.made_by, promise.state) == (due, cast.alice, "open")
    assert promise.what.content == {"message": "I call you tonight."}
    assert (found.next_due_at, found.next_due_kind) == (due, "promise")
    assert entries(ticket) == ["opened", "acknowledged"]
    assert broken_invariants() == []


def test_it_introduces_the_owner(cast: Cast, ticket: Ticket) -> None:
    found = acknowledge(cast, ticket)
    assert found.introduced_at == found.last_contact_at == found.acknowledged_at


def test_it_is_acknowledged_once(cast: Cast, ticket: Ticket) -> None:
    acknowledge(cast, ticket)
    with pytest.raises(errors.StateDoesNotAllow):
        acknowledge(cast, ticket)


@pytest.mark.parametrize("who", ["bob", "maya", "ada", "form"])
def test_only_the_owner_says_that_they_do_it(cast: Cast, ticket: Ticket, who: str) -> None:
    with pytest.raises(NotYours):
        acknowledge(cast, ticket, by=getattr(cast, who))


def test_the_next_contact_lies_ahead(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(Incomplete) as refused:
        acknowledge(cast, ticket, next_contact_at=in_hours(-1))
    ticket.refresh_from_db()
    assert list(refused.value.fields) == ["next_contact_at"]
    assert (ticket.status, entries(ticket)) == ("new", ["opened"])


def test_a_note_is_kept_and_makes_a_new_version(cast: Cast, ticket: Ticket) -> None:
    found = contacts.note(ticket=ticket.pk, by=cast.bob, text="She sent the statement.")
    entry = ticket.entries.get(kind="note")
    assert entry.text is not None
    assert (entry.by, entry.text.content) == (cast.bob, {"text": "She sent the statement."})
    assert found.version == ticket.version + 1


def test_a_contact_says_who_came_to_whom_and_how(cast: Cast, ticket: Ticket) -> None:
    found = contacts.contact(
        ticket=ticket.pk, by=cast.bob, direction="inbound", channel="email", summary="Sent the statement."
    )
    entry = ticket.entries.get(kind="contact")
    assert (entry.data["direction"], entry.data["channel"], entry.data["chase"]) == ("inbound", "email", False)
    assert found.last_contact_at == entry.at


def test_a_contact_without_a_word_is_one_too(cast: Cast, ticket: Ticket) -> None:
    contacts.contact(ticket=ticket.pk, by=cast.alice, direction="outbound")
    assert ticket.entries.get(kind="contact").text is None


def test_an_earlier_contact_does_not_undo_a_later_one(cast: Cast, ticket: Ticket) -> None:
    last = contacts.contact(ticket=ticket.pk, by=cast.bob, direction="inbound").last_contact_at
    assert (
        contacts.contact(ticket=ticket.pk, by=cast.bob, direction="inbound", at=in_hours(-5)).last_contact_at == last
    )


def test_we_do_not_chase_ourselves(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(Incomplete):
        contacts.contact(ticket=ticket.pk, by=cast.bob, direction="outbound", chase=True)


def test_a_contact_before_the_tenure_introduces_nobody(cast: Cast, ticket: Ticket) -> None:
    cast.hand(ticket, cast.bob)
    contacts.contact(ticket=ticket.pk, by=cast.bob, direction="outbound", at=in_hours(-5))
    ticket.refresh_from_db()
    assert ticket.introduced_at is None


def test_a_chase_at_three_owners_makes_it_red_at_once(cast: Cast, ticket: Ticket) -> None:
    cast.hand(ticket, cast.bob, cast.carol)
    assert flags_of(ticket)["bounced"] == "amber"
    contacts.contact(ticket=ticket.pk, by=cast.form, direction="inbound", chase=True)
    assert flags_of(ticket)["bounced"] == "red"
    assert entries(ticket)[-2:] == ["contact", "flag_rose"]
    assert "flag_rose" in told(cast.maya)


def test_a_chase_at_two_owners_raises_nothing(cast: Cast, ticket: Ticket) -> None:
    contacts.contact(ticket=cast.hand(ticket, cast.bob).pk, by=cast.form, direction="inbound", chase=True)
    assert flags_of(ticket) == {}


@pytest.mark.parametrize(("days", "level"), [(6, "red"), (8, "amber")])
def test_a_chase_counts_for_seven_days(
    cast: Cast, ticket: Ticket, time_machine: TimeMachineFixture, days: int, level: str
) -> None:
    chased = contacts.contact(ticket=ticket.pk, by=cast.form, direction="inbound", chase=True).last_chased_at
    assert chased is not None
    time_machine.move_to(chased + timedelta(days=days))
    assert flags_of(cast.hand(ticket, cast.bob, cast.carol))["bounced"] == level
