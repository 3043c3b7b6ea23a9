"""Answering an offer: accepted with a read-back, declined, withdrawn, corrected."""

from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from handoffs import answers, errors
from handoffs.models import Handoff
from handoffs.protocol import State
from people.errors import Incomplete, NotVisible
from tests.cast import PACKET, READ_BACK, Cast, entries, flags_of, in_hours, told
from tests.invariants import broken_invariants
from tickets import contacts
from tickets.errors import BeforeTheTenure
from tickets.models import Promise, Tenure, Text, Ticket, Viewer


def test_accepting_moves_the_ticket_its_team_and_the_promise_at_one_instant(cast: Cast, ticket: Ticket) -> None:
    due = in_hours(2)
    accepted = cast.accept(cast.offer(ticket, cast.luis), next_contact_at=due)
    ticket.refresh_from_db()
    first, second = Tenure.objects.filter(ticket=ticket)
    promise = Promise.objects.get(ticket=ticket)
    assert (ticket.owner, ticket.team, ticket.tenure_seq) == (cast.luis, cast.logistics, 2)
    assert first.ended_at == second.started_at == ticket.owner_since == accepted.ended_at
    assert (second.owner, second.began_by, second.handoff_id) == (cast.luis, "accepted", accepted.pk)
    assert (promise.made_by, promise.due_at, promise.made_at) == (cast.luis, due, accepted.ended_at)
    assert (accepted.state, accepted.accepted_by) == (State.ACCEPTED, cast.luis)
    assert broken_invariants() == []


def test_the_read_back_is_kept(cast: Cast, offer: Handoff) -> None:
    cast.accept(offer)
    assert Text.objects.get(part="read_back").content == {"read_back": READ_BACK}


def test_the_giver_is_told_and_sees_it_still(cast: Cast, ticket: Ticket) -> None:
    cast.accept(cast.offer(ticket, cast.luis))
    assert told(cast.alice) == ["handoff_accepted"]
    assert Ticket.objects.visible_to(cast.alice).get() == ticket


def test_whoever_accepts_needs_no_guests_ticket_any_more(cast: Cast, offer: Handoff) -> None:
    cast.accept(offer)
    assert not Viewer.objects.exists()


def test_an_offer_is_accepted_once(cast: Cast, offer: Handoff) -> None:
    cast.accept(offer)
    with pytest.raises(errors.HandoffHasEnded):
        cast.accept(offer)


def test_late_is_late_even_before_any_sweep(cast: Cast, offer: Handoff, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(offer.due_at + timedelta(seconds=1))
    with pytest.raises(errors.HandoffExpired):
        cast.accept(offer, next_contact_at=offer.due_at + timedelta(hours=1))
    offer.refresh_from_db()
    assert offer.state == State.OFFERED


def test_at_the_last_moment_it_is_not_late(cast: Cast, offer: Handoff, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(offer.due_at, tick=False)
    assert cast.accept(offer, next_contact_at=offer.due_at + timedelta(hours=1)).state == State.ACCEPTED


@pytest.mark.parametrize(
    "read_back", [PACKET["need"], PACKET["history"].upper(), f"{PACKET['need']} {PACKET['next_action']}", "ok", " - "]
)
def test_a_copy_or_nothing_is_no_read_back(cast: Cast, ticket: Ticket, offer: Handoff, read_back: str) -> None:
    with pytest.raises(errors.ReadBackIsACopy) as refused:
        cast.accept(offer, read_back=read_back)
    ticket.refresh_from_db()
    assert list(refused.value.fields) == ["read_back"]
    assert ticket.owner == cast.alice


def test_the_next_contact_lies_ahead(cast: Cast, ticket: Ticket, offer: Handoff) -> None:
    with pytest.raises(Incomplete) as refused:
        cast.accept(offer, next_contact_at=in_hours(-1))
    ticket.refresh_from_db()
    assert list(refused.value.fields) == ["next_contact_at"]
    assert ticket.owner == cast.alice


@pytest.mark.parametrize("hours", [-48, 1])
def test_ownership_moves_neither_before_the_tenure_nor_in_the_future(cast: Cast, offer: Handoff, hours: int) -> None:
    with pytest.raises(BeforeTheTenure):
        cast.accept(offer, at=in_hours(hours), next_contact_at=in_hours(9))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("alice", errors.NotForYou),
        ("carol", errors.NotForYou),
        ("maya", errors.NotForYou),
        ("ada", errors.NotForYou),
        ("luis", errors.UnknownHandoff),
        ("lars", errors.UnknownHandoff),
    ],
)
def test_only_the_receiver_says_yes(cast: Cast, offer: Handoff, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        answers.accept(handoff=offer.pk, by=getattr(cast, who), read_back=READ_BACK, next_contact_at=in_hours(1))


def test_a_handoff_that_does_not_exist_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotVisible):
        answers.accept(handoff=999, by=cast.bob, read_back=READ_BACK, next_contact_at=in_hours(1))


def test_open_promises_pass_on_with_the_ticket_and_keep_their_maker(cast: Cast, ticket: Ticket) -> None:
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I call tonight.", next_contact_at=in_hours(1))
    cast.hand(ticket, cast.bob)
    first = Promise.objects.filter(ticket=ticket).earliest("pk")
    assert (first.made_by, first.state) == (cast.alice, "open")
    assert (ticket.next_due_at, ticket.next_due_kind) == (first.due_at, "promise")


def test_the_first_contact_introduces_the_new_owner(cast: Cast, ticket: Ticket, offer: Handoff) -> None:
    cast.accept(offer)
    ticket.refresh_from_db()
    assert ticket.introduced_at is None
    contacts.contact(ticket=ticket.pk, by=cast.alice, direction="outbound")
    ticket.refresh_from_db()
    assert ticket.introduced_at is None
    contacts.contact(ticket=ticket.pk, by=cast.bob, direction="outbound")
    ticket.refresh_from_db()
    assert ticket.introduced_at is not None
    assert [entry.data["introduced"] for entry in ticket.entries.filter(kind="contact").order_by("pk")] == [
        False,
        True,
    ]


def test_declining_says_why_and_leaves_the_owner(cast: Cast, ticket: Ticket, offer: Handoff) -> None:
    declined = answers.decline(handoff=offer.pk, by=cast.bob, reason="I have no access to the bank.")
    ticket.refresh_from_db()
    assert (declined.state, ticket.owner) == (State.DECLINED, cast.alice)
    assert declined.answer is not None
    assert declined.answer.content == {"reason": "I have no access to the bank."}
    assert told(cast.alice) == ["handoff_declined"]
    assert not Viewer.objects.exists()


@pytest.mark.parametrize("reason", ["", "no", "..."])
def test_declining_without_a_reason_is_refused(cast: Cast, offer: Handoff, reason: str) -> None:
    with pytest.raises(Incomplete):
        answers.decline(handoff=offer.pk, by=cast.bob, reason=reason)


def test_only_the_receiver_declines(cast: Cast, offer: Handoff) -> None:
    with pytest.raises(errors.NotForYou):
        answers.decline(handoff=offer.pk, by=cast.carol, reason="Not needed any more.")


def test_two_refused_offers_are_amber_and_call_the_manager_three_are_red(cast: Cast, ticket: Ticket) -> None:
    levels = []
    for receiver in (cast.bob, cast.carol, cast.luis):
        answers.decline(handoff=cast.offer(ticket, receiver).pk, by=receiver, reason="Too much on my desk.")
        levels.append(flags_of(ticket).get("refused"))
    assert levels == [None, "amber", "red"]
    assert told(cast.maya).count("manager_called") == 2


def test_refusals_are_counted_for_each_owner_anew(cast: Cast, ticket: Ticket) -> None:
    answers.decline(handoff=cast.offer(ticket, cast.carol).pk, by=cast.carol, reason="Too much on my desk.")
    cast.hand(ticket, cast.bob)
    answers.decline(handoff=cast.offer(ticket, cast.carol).pk, by=cast.carol, reason="Too much on my desk.")
    assert "refused" not in flags_of(ticket)


@pytest.mark.parametrize("who", ["alice", "maya", "dora", "petra"])
def test_the_giver_or_who_leads_the_team_takes_an_offer_back(cast: Cast, offer: Handoff, who: str) -> None:
    withdrawn = answers.withdraw(handoff=offer.pk, by=getattr(cast, who))
    assert (withdrawn.state, withdrawn.cause) == (State.WITHDRAWN, "")
    assert told(cast.bob) == ["handoff_offered", "handoff_withdrawn"]


@pytest.mark.parametrize("who", ["bob", "carol", "ada"])
def test_nobody_else_takes_an_offer_back(cast: Cast, offer: Handoff, who: str) -> None:
    with pytest.raises(errors.NotForYou):
        answers.withdraw(handoff=offer.pk, by=getattr(cast, who))


def test_what_is_late_can_still_be_taken_back(cast: Cast, offer: Handoff, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(offer.due_at + timedelta(hours=1))
    assert answers.withdraw(handoff=offer.pk, by=cast.alice).state == State.WITHDRAWN


def test_correcting_keeps_both_versions(cast: Cast, ticket: Ticket, offer: Handoff) -> None:
    cast.accept(offer)
    meant = "Not the bank: the card issuer must be called."
    corrected = answers.correct(handoff=offer.pk, by=cast.alice, correction=meant)
    assert corrected.read_back is not None
    assert corrected.correction is not None
    assert corrected.read_back.content == {"read_back": READ_BACK}
    assert corrected.correction.content == {"correction": meant}
    assert (entries(ticket)[-1], told(cast.bob)[-1]) == ("handoff_corrected", "handoff_corrected")


def test_it_can_be_corrected_within_a_day(cast: Cast, offer: Handoff, time_machine: TimeMachineFixture) -> None:
    ended_at = cast.accept(offer).ended_at
    assert ended_at is not None
    time_machine.move_to(ended_at + timedelta(days=1, seconds=1))
    with pytest.raises(errors.TooLateToCorrect):
        answers.correct(handoff=offer.pk, by=cast.alice, correction="The card issuer.")
    time_machine.move_to(ended_at + timedelta(hours=23))
    assert answers.correct(handoff=offer.pk, by=cast.alice, correction="The card issuer.")


def test_it_is_corrected_once(cast: Cast, offer: Handoff) -> None:
    cast.accept(offer)
    answers.correct(handoff=offer.pk, by=cast.alice, correction="The card issuer.")
    with pytest.raises(errors.TooLateToCorrect):
        answers.correct(handoff=offer.pk, by=cast.alice, correction="The card issuer, truly.")


def test_what_was_not_accepted_is_not_corrected(cast: Cast, offer: Handoff) -> None:
    with pytest.raises(errors.TooLateToCorrect):
        answers.correct(handoff=offer.pk, by=cast.alice, correction="The card issuer.")


@pytest.mark.parametrize(("who", "refusal"), [("bob", errors.NotForYou), ("luis", errors.UnknownHandoff)])
def test_only_the_giver_corrects(cast: Cast, offer: Handoff, who: str, refusal: type[Exception]) -> None:
    cast.accept(offer)
    with pytest.raises(refusal):
        answers.correct(handoff=offer.pk, by=getattr(cast, who), correction="The card issuer.")
