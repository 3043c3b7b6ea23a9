"""Expiry: offers that nobody answered in time, whenever a sweep comes by and however often."""

from datetime import timedelta

from handoffs import expiry, tasks
from handoffs.models import Handoff
from handoffs.protocol import State, Urgency
from notices.models import Notice
from tests.cast import Cast, entries, flags_of, told
from tests.invariants import broken_invariants
from tickets.models import Entry, Flag, Ticket, Viewer

LATE = timedelta(seconds=15)


def test_unanswered_an_offer_expires_and_the_owner_stays(cast: Cast, ticket: Ticket, offer: Handoff) -> None:
    assert expiry.sweep(at=offer.due_at + LATE) == 1
    offer.refresh_from_db()
    ticket.refresh_from_db()
    assert (offer.state, offer.cause, offer.ended_at) == (State.EXPIRED, "not_answered", offer.due_at + LATE)
    assert ticket.owner == cast.alice
    assert entries(ticket) == ["opened", "handoff_offered", "handoff_expired"]
    assert not Viewer.objects.exists()
    assert broken_invariants() == []


def test_both_are_told_and_the_manager_is_called(cast: Cast, offer: Handoff) -> None:
    expiry.sweep(at=offer.due_at + LATE)
    assert told(cast.alice) == ["handoff_expired"]
    assert told(cast.bob) == ["handoff_offered", "handoff_expired"]
    assert told(cast.maya) == ["manager_called"]


def test_until_it_is_due_it_waits(offer: Handoff) -> None:
    assert expiry.sweep(at=offer.due_at) == 0
    assert expiry.expire(handoff=offer.pk, at=offer.due_at) is False
    offer.refresh_from_db()
    assert offer.state == State.OFFERED


def test_a_second_sweep_over_the_same_instant_does_nothing(cast: Cast, ticket: Ticket) -> None:
    for _ in range(2):
        offer = cast.offer(ticket, cast.bob, urgency=Urgency.NOW)
        expiry.sweep(at=offer.due_at + LATE)
    written = [list(model.objects.order_by("pk").values()) for model in (Entry, Notice, Flag, Handoff, Ticket)]
    assert expiry.sweep(at=offer.due_at + LATE) == 0
    assert expiry.expire(handoff=offer.pk, at=offer.due_at + LATE) is False
    assert [list(model.objects.order_by("pk").values()) for model in (Entry, Notice, Flag, Handoff, Ticket)] == written


def test_what_was_answered_meanwhile_is_left_alone(cast: Cast, offer: Handoff) -> None:
    cast.accept(offer)
    assert expiry.expire(handoff=offer.pk, at=offer.due_at + LATE) is False
    offer.refresh_from_db()
    assert offer.state == State.ACCEPTED


def test_twice_expired_is_amber_like_twice_declined(cast: Cast, ticket: Ticket) -> None:
    for receiver in (cast.bob, cast.carol):
        expiry.sweep(at=cast.offer(ticket, receiver).due_at + LATE)
    assert flags_of(ticket) == {"refused": "amber"}


def test_the_oldest_come_first_and_no_more_than_asked_for(cast: Cast) -> None:
    today = cast.offer(cast.open_ticket(), cast.bob, urgency=Urgency.TODAY)
    hour = cast.offer(cast.open_ticket(), cast.bob, urgency=Urgency.HOUR)
    assert expiry.sweep(at=today.due_at + LATE, limit=1) == 1
    assert list(Handoff.objects.filter(state=State.OFFERED)) == [today]
    assert Handoff.objects.get(pk=hour.pk).state == State.EXPIRED


def test_with_the_customer_on_the_line_somebody_else_to_try_is_named(cast: Cast, ticket: Ticket) -> None:
    live = cast.offer(ticket, cast.bob, on_call=True)
    expiry.sweep(at=live.due_at + LATE)
    notice = Notice.objects.get(person=cast.alice, kind="handoff_expired")
    assert notice.payload["try"] not in ("alice", "bob")


def test_the_task_sweeps_what_is_due_now(offer: Handoff) -> None:
    Handoff.objects.update(due_at=offer.made_at - LATE)
    tasks.expire_handoffs()
    offer.refresh_from_db()
    assert offer.state == State.EXPIRED
