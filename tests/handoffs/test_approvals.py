"""Approval: from the third counted change on a manager looks at an offer before its receiver does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from handoffs import answers, approvals, errors, expiry
from handoffs.models import Handoff
from handoffs.protocol import Reason, State, Urgency
from people import presence
from people.models import Team
from tests.cast import READ_BACK, Cast, client_of, entries, in_hours, told, utc
from tests.invariants import broken_invariants
from tickets.models import Ticket


@pytest.fixture
def third(cast: Cast, ticket: Ticket) -> Handoff:
    """Alice's ticket went to Bob and Carol; Carol would give it to Luis of Logistics."""
    return cast.offer(cast.hand(ticket, cast.bob, cast.carol), cast.luis)


def test_the_first_two_changes_need_no_approval(cast: Cast, ticket: Ticket) -> None:
    assert cast.offer(cast.hand(ticket, cast.bob), cast.carol).state == State.OFFERED


def test_the_third_waits_for_the_manager_of_the_tickets_team(cast: Cast, third: Handoff) -> None:
    assert (third.state, third.approver) == (State.REQUESTED, cast.maya)
    assert told(cast.maya)[-1] == "handoff_approval_asked"


def test_the_receiver_neither_sees_it_nor_hears_of_it(cast: Cast, third: Handoff) -> None:
    assert told(cast.luis) == []
    assert not Ticket.objects.visible_to(cast.luis).exists()
    with pytest.raises(errors.UnknownHandoff):
        answers.accept(handoff=third.pk, by=cast.luis, read_back=READ_BACK, next_contact_at=in_hours(1))


def test_a_receiver_who_sees_the_ticket_anyway_cannot_accept_it_yet(cast: Cast, ticket: Ticket) -> None:
    third = cast.offer(cast.hand(ticket, cast.bob, cast.carol), cast.alice)
    with pytest.raises((errors.HandoffHasEnded, errors.UnknownHandoff)):
        cast.accept(third)


def test_once_approved_it_goes_to_the_receiver(cast: Cast, ticket: Ticket, third: Handoff) -> None:
    approved = approvals.approve(handoff=third.pk, by=cast.maya)
    assert (approved.state, approved.approver) == (State.OFFERED, cast.maya)
    assert told(cast.luis) == ["handoff_offered"]
    assert told(cast.carol)[-1] == "handoff_approved"
    assert Ticket.objects.visible_to(cast.luis).get() == ticket
    assert cast.accept(approved).accepted_by == cast.luis
    assert broken_invariants() == []


def test_the_receivers_clock_starts_with_the_approval(
    cast: Cast, third: Handoff, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(third.made_at + timedelta(hours=3), tick=False)
    approved = approvals.approve(handoff=third.pk, by=cast.maya)
    assert approved.approved_at is not None
    assert approved.due_at - approved.approved_at == timedelta(hours=4)


def test_the_approval_has_a_clock_of_the_same_length_in_the_approvers_hours(
    cast: Cast, ticket: Ticket, time_machine: TimeMachineFixture
) -> None:
    cast.hand(ticket, cast.bob, cast.carol)
    cast.billing.hours = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    cast.billing.save()
    time_machine.move_to(utc(2027, 3, 1, 16, 30), tick=False)  # a Monday
    assert cast.offer(ticket, cast.luis, urgency=Urgency.HOUR).due_at == utc(2027, 3, 2, 9, 30)


def test_approved_it_runs_in_the_receivers_hours(cast: Cast, ticket: Ticket, time_machine: TimeMachineFixture) -> None:
    cast.hand(ticket, cast.bob, cast.carol)
    cast.logistics.hours = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    cast.logistics.save()
    time_machine.move_to(utc(2027, 3, 1, 16, 30), tick=False)  # a Monday
    third = cast.offer(ticket, cast.luis, urgency=Urgency.HOUR)
    assert approvals.approve(handoff=third.pk, by=cast.maya).due_at == utc(2027, 3, 2, 9, 30)


@pytest.mark.parametrize("who", ["maya", "dora", "petra"])
def test_whoever_leads_the_team_may_approve(cast: Cast, third: Handoff, who: str) -> None:
    assert approvals.approve(handoff=third.pk, by=getattr(cast, who)).approver == getattr(cast, who)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("carol", errors.NotForYou),
        ("bob", errors.NotForYou),
        ("ada", errors.NotForYou),
        ("luis", errors.UnknownHandoff),
        ("lars", errors.UnknownHandoff),
    ],
)
def test_nobody_else_approves(cast: Cast, third: Handoff, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        approvals.approve(handoff=third.pk, by=getattr(cast, who))


def test_the_parent_teams_manager_approves_when_the_manager_receives(cast: Cast, ticket: Ticket) -> None:
    offer = cast.offer(cast.hand(ticket, cast.bob, cast.carol), cast.maya)
    assert (offer.state, offer.approver) == (State.REQUESTED, cast.petra)
    with pytest.raises((errors.NotForYou, errors.UnknownHandoff)):
        approvals.approve(handoff=offer.pk, by=cast.maya)


@pytest.mark.parametrize("who", ["maya", "dora", "petra"])
def test_what_a_manager_offers_is_approved(cast: Cast, ticket: Ticket, who: str) -> None:
    cast.hand(ticket, cast.bob, cast.carol)
    offer = cast.offer(ticket, cast.luis, by=getattr(cast, who))
    assert (offer.state, offer.approver) == (State.OFFERED, None)


def test_a_change_that_does_not_count_needs_none(cast: Cast, ticket: Ticket) -> None:
    cast.hand(ticket, cast.bob, cast.carol)
    assert ticket.acknowledged_at is None
    assert cast.offer(ticket, cast.luis, reason=Reason.WRONG_OWNER).state == State.OFFERED


def test_refused_it_stays_and_only_the_giver_is_told(cast: Cast, ticket: Ticket, third: Handoff) -> None:
    refused = approvals.refuse(handoff=third.pk, by=cast.maya, reason="Carol can solve this with the bank.")
    ticket.refresh_from_db()
    assert (refused.state, ticket.owner) == (State.REFUSED, cast.carol)
    assert told(cast.carol)[-1] == "handoff_refused"
    assert told(cast.luis) == []
    assert entries(ticket)[-2:] == ["handoff_requested", "handoff_refused"]


def refused(cast: Cast, third: Handoff) -> None:
    approvals.refuse(handoff=third.pk, by=cast.maya, reason="Carol can solve this with the bank.")


def taken_back(cast: Cast, third: Handoff) -> None:
    answers.withdraw(handoff=third.pk, by=cast.carol)


@pytest.mark.parametrize("ended", [refused, taken_back], ids=["refused", "taken_back"])
def test_what_was_never_approved_its_receiver_never_reads(
    cast: Cast, third: Handoff, ended: Callable[[Cast, Handoff], None]
) -> None:
    ended(cast, third)
    assert client_of(cast.luis).get("/api/v1/handoffs/").json()["results"] == []
    with pytest.raises(errors.UnknownHandoff):
        answers.correct(handoff=third.pk, by=cast.luis, correction="What does it say?")


def test_taken_back_unapproved_the_receiver_never_hears_of_it(cast: Cast, third: Handoff) -> None:
    answers.withdraw(handoff=third.pk, by=cast.carol)
    assert told(cast.luis) == []


def test_unapproved_it_is_in_progress_all_the_same(cast: Cast, ticket: Ticket, third: Handoff) -> None:
    with pytest.raises(errors.HandoffInProgress):
        cast.offer(ticket, cast.bob)


def test_late_approval_is_refused(cast: Cast, third: Handoff, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(third.due_at + timedelta(seconds=1))
    with pytest.raises(errors.HandoffExpired):
        approvals.approve(handoff=third.pk, by=cast.maya)


def test_unanswered_it_climbs_to_the_parents_manager_with_a_new_clock(
    cast: Cast, ticket: Ticket, third: Handoff
) -> None:
    later = third.due_at + timedelta(seconds=15)
    assert expiry.sweep(at=later) == 1
    third.refresh_from_db()
    assert (third.state, third.approver, third.due_at) == (State.REQUESTED, cast.petra, later + timedelta(hours=4))
    assert told(cast.petra) == ["handoff_approval_asked"]
    assert entries(ticket)[-1] == "approval_climbed"


def test_unanswered_at_the_top_it_ends_and_everybody_is_told(cast: Cast, ticket: Ticket, third: Handoff) -> None:
    for _ in range(2):
        third.refresh_from_db()
        expiry.sweep(at=third.due_at + timedelta(seconds=15))
    third.refresh_from_db()
    ticket.refresh_from_db()
    assert (third.state, third.cause, ticket.owner) == (State.EXPIRED, "not_approved", cast.carol)
    assert told(cast.carol)[-1] == "handoff_expired"
    assert told(cast.petra)[-1] == "handoff_expired"
    assert told(cast.maya)[-1] == "manager_called"
    assert told(cast.luis) == []


def test_it_never_climbs_to_the_receiver(cast: Cast, ticket: Ticket) -> None:
    offer = cast.offer(cast.hand(ticket, cast.bob, cast.carol), cast.petra)
    expiry.sweep(at=offer.due_at + timedelta(seconds=15))
    offer.refresh_from_db()
    assert (offer.approver, offer.state) == (cast.maya, State.EXPIRED)
    assert told(cast.petra) == []


def climbs(offer: Handoff, times: int) -> list[str]:
    """Let an approval go unanswered so many times; return who was asked, and how it ended if it did."""
    asked = []
    for _ in range(times):
        expiry.sweep(at=offer.due_at + timedelta(seconds=15))
        offer.refresh_from_db()
        asked.append(offer.approver.username if offer.approver and offer.state == State.REQUESTED else offer.state)
    return asked


def test_a_manager_of_two_teams_is_asked_once(cast: Cast, third: Handoff) -> None:
    cast.care.parent = Team.objects.create(slug="house", name="House", manager=cast.maya)
    cast.care.save()
    assert climbs(third, 2) == ["petra", "expired"]


def test_a_circle_of_teams_ends(cast: Cast, third: Handoff) -> None:
    cast.care.parent, cast.billing.manager = cast.billing, cast.dora
    cast.care.save()
    cast.billing.save()
    assert climbs(third, 3) == ["dora", "petra", "expired"]


def test_approved_while_its_receiver_is_away_the_giver_is_told(cast: Cast, third: Handoff) -> None:
    presence.set_presence(person=cast.luis, presence="away")
    approvals.approve(handoff=third.pk, by=cast.maya)
    assert told(cast.carol)[-2:] == ["handoff_approved", "receiver_away"]
