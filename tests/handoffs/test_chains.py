"""The chain: who owned a ticket when, what was said, and whether the rows prove it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from time_machine import TimeMachineFixture

from handoffs import answers, chains, claims, takeovers
from handoffs.models import Handoff
from tests.cast import PACKET, READ_BACK, Cast, utc
from tickets import contacts, holds, looks, ownership, promises
from tickets.errors import UnknownTicket
from tickets.kinds import HoldKind
from tickets.models import Promise, Ticket

MORNING = utc(2027, 3, 1, 9)
HOUR = timedelta(hours=1)
HOLDER = {"username": "alice", "name": "Alice"}


def chain(ticket: Ticket, as_of: datetime | None = None) -> Any:
    """Return the chain, as a reader of its JSON has it."""
    return json.loads(chains.chain(ticket.pk, as_of=as_of))


@pytest.fixture
def story(cast: Cast, time_machine: TimeMachineFixture) -> Ticket:
    """9:00 opened, acknowledged. 10:00 on hold. 11:00 back. 12:00 offered, 13:00 accepted. 14:00 corrected."""
    time_machine.move_to(MORNING, tick=False)
    ticket = cast.open_ticket()
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I call you.", next_contact_at=MORNING + 8 * HOUR)
    time_machine.shift(HOUR)
    hold = holds.start(ticket=ticket.pk, by=cast.alice, kind=HoldKind.TICKET, return_by=MORNING + 3 * HOUR)
    time_machine.shift(HOUR)
    holds.end(hold=hold.pk, by=cast.alice)
    time_machine.shift(HOUR)
    ticket.refresh_from_db()
    offer = cast.offer(ticket, cast.luis)
    time_machine.shift(HOUR)
    cast.accept(offer)
    time_machine.shift(HOUR)
    answers.correct(handoff=offer.pk, by=cast.alice, correction="The card issuer, not the bank.")
    ticket.refresh_from_db()
    return ticket


def test_each_tenure_with_its_length_and_how_it_began(story: Ticket) -> None:
    first, second = chain(story)["tenures"]
    assert (first["seq"], first["owner"]["username"], first["began_by"], first["seconds"]) == (
        (1, "alice", "opened", 4 * 3600)
    )
    assert (second["seq"], second["owner"]["username"], second["began_by"]) == (2, "luis", "accepted")
    assert first["ended_at"] == second["started_at"]
    assert (second["ended_at"], second["counted"], second["reason"]) == (None, True, "skill")


def test_the_move_with_its_packet_read_back_and_correction(story: Ticket) -> None:
    handoff = chain(story)["tenures"][1]["handoff"]
    assert (handoff["packet"], handoff["read_back"]) == (PACKET, READ_BACK)
    assert handoff["correction"] == "The card issuer, not the bank."
    assert (handoff["kind"], handoff["giver"], handoff["seconds_to_yes"]) == ("offer", HOLDER, 3600)


def test_the_holds_and_promises_lie_in_the_tenure_in_which_they_were_made(story: Ticket) -> None:
    first, second = chain(story)["tenures"]
    assert [(hold["kind"], hold["how"]) for hold in first["holds"]] == [("ticket", "returned")]
    assert second["holds"] == []
    assert [promise["what"] for promise in first["promises"]] == ["I call you."]
    assert [promise["what"] for promise in second["promises"]] == [READ_BACK]


def test_who_looked_when(cast: Cast, story: Ticket) -> None:
    looks.log(ticket=story.pk, person=cast.ada.pk, at=MORNING + 9 * HOUR)
    assert [look["person"]["username"] for look in chain(story)["looks"]] == ["ada"]
    assert chain(story, MORNING + 8 * HOUR)["looks"] == []


def test_its_figures(story: Ticket) -> None:
    found = chain(story)
    assert (found["length"], found["distinct_owners"], found["counted_changes"]) == (2, 2, 1)
    assert (found["reference"], found["owner"]["username"], found["as_of"]) == (story.reference, "luis", None)


def test_a_claim_shows_what_the_claimer_read_back(cast: Cast, ticket: Ticket) -> None:
    claimed = claims.claim(
        ticket=ticket.pk, by=cast.bob, read_back=READ_BACK, next_contact_at=ticket.opened_at + 5 * HOUR
    )
    claims.release(handoff=claimed.pk, by=cast.alice)
    handoff = chain(ticket)["tenures"][1]["handoff"]
    assert (handoff["kind"], handoff["packet"], handoff["read_back"]) == ("claim", {}, READ_BACK)


def test_a_take_over_shows_its_reason(cast: Cast, ticket: Ticket) -> None:
    takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason="Three days without a word.")
    tenure = chain(ticket)["tenures"][1]
    assert (tenure["began_by"], tenure["said"], tenure["handoff"]) == (
        "taken_over",
        "Three days without a word.",
        None,
    )


def test_before_the_yes_it_stood_with_the_first_owner(story: Ticket) -> None:
    found = chain(story, MORNING + 3.5 * HOUR)
    (tenure,) = found["tenures"]
    assert (found["length"], found["distinct_owners"], found["counted_changes"]) == (1, 1, 0)
    assert found["owner"] == tenure["owner"] == HOLDER
    assert (tenure["ended_at"], tenure["seconds"]) == (None, 3.5 * 3600)


def test_during_the_hold_it_was_on_hold(story: Ticket) -> None:
    (hold,) = chain(story, MORNING + 1.5 * HOUR)["tenures"][0]["holds"]
    assert (hold["ended_at"], hold["how"]) == (None, "")


def test_before_the_correction_there_was_none(story: Ticket) -> None:
    assert chain(story, MORNING + 4.5 * HOUR)["tenures"][1]["handoff"]["correction"] is None


def test_a_promise_stood_as_it_had_been_made(cast: Cast, story: Ticket, time_machine: TimeMachineFixture) -> None:
    promise = Promise.objects.filter(ticket=story).earliest("pk")
    time_machine.move_to(MORNING + 6 * HOUR)
    promises.renegotiate(promise=promise.pk, by=cast.luis, due_at=MORNING + 20 * HOUR, told="By telephone.")
    time_machine.move_to(MORNING + 7 * HOUR)
    promises.keep(promise=promise.pk, by=cast.luis)
    stood = chain(story, MORNING + 5.5 * HOUR)["tenures"][0]["promises"][0]
    stands = chain(story)["tenures"][0]["promises"][0]
    assert (stood["state"], datetime.fromisoformat(stood["due_at"])) == ("open", MORNING + 8 * HOUR)
    assert (stands["state"], datetime.fromisoformat(stands["due_at"])) == ("kept", MORNING + 20 * HOUR)


def test_a_hold_was_to_end_as_was_promised_then(cast: Cast, story: Ticket, time_machine: TimeMachineFixture) -> None:
    hold = holds.start(ticket=story.pk, by=cast.luis, kind=HoldKind.TICKET, return_by=MORNING + 9 * HOUR)
    time_machine.move_to(MORNING + 8 * HOUR)
    holds.extend(hold=hold.pk, by=cast.luis, return_by=MORNING + 30 * HOUR)
    stood = chain(story, MORNING + 7 * HOUR)["tenures"][1]["holds"][0]
    assert datetime.fromisoformat(stood["return_by"]) == MORNING + 9 * HOUR


def test_a_ticket_that_does_not_exist_has_no_chain(cast: Cast) -> None:
    with pytest.raises(UnknownTicket):
        chains.chain(1)


def test_a_whole_chain_is_verified_and_says_how(story: Ticket) -> None:
    found = chain(story)
    assert found["verified"] is True
    assert set(found["checks"].values()) == {True}
    assert len(found["checks"]) == 6


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        ("numbered_without_gap", "UPDATE tickets_tenure SET seq = 3 WHERE seq = 2"),
        (
            "each_begins_when_the_last_ended",
            "UPDATE tickets_tenure SET ended_at = ended_at - interval '1 s' WHERE seq = 1",
        ),
        ("one_open_tenure", "UPDATE tickets_tenure SET ended_at = now() + interval '9 years' WHERE seq = 2"),
        (
            "begins_with_the_opening",
            "ALTER TABLE tickets_tenure DROP CONSTRAINT tenure_only_the_first_is_opened;"
            "UPDATE tickets_tenure SET began_by = 'inherited' WHERE seq = 1",
        ),
        ("accepted_by_the_owner_with_a_read_back", "UPDATE tickets_tenure SET handoff_id = 0 WHERE seq = 2"),
        ("the_ticket_names_the_same_owner", "UPDATE tickets_ticket SET owner_id = 0"),
    ],
)
def test_had_somebody_broken_it_past_all_keys_it_would_show(story: Ticket, check: str, statement: str) -> None:
    ownership.settle()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")
    found = chain(story)
    assert found["checks"][check] is False
    assert found["verified"] is False


def test_an_erased_packet_leaves_the_move(cast: Cast, story: Ticket) -> None:
    handoff = Handoff.objects.get(ticket=story)
    assert handoff.packet is not None
    type(handoff.packet).objects.update(content=None, erased_at=MORNING)
    found = chain(story)
    assert found["tenures"][1]["handoff"]["packet"] == {}
    assert found["verified"] is True


def test_when_the_customer_met_each_owner(story: Ticket, cast: Cast, time_machine: TimeMachineFixture) -> None:
    assert [tenure["introduced_at"] for tenure in chain(story)["tenures"]] == ["2027-03-01T09:00:00+00:00", None]
    time_machine.shift(HOUR)
    contacts.contact(ticket=story.pk, by=cast.luis, direction="outbound", summary="I have it now.")
    assert chain(story)["tenures"][1]["introduced_at"] == "2027-03-01T15:00:00+00:00"
    assert chain(story, as_of=MORNING + 5.5 * HOUR)["tenures"][1]["introduced_at"] is None
