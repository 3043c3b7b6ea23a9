"""The inbox: stored first, applied after, and the same whatever the order and however often."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import DataObject, data, lists, permutations, sampled_from

from people import presence
from phones import inbox, wrap_ups
from phones.inbox import Status
from phones.models import Call, Conclusion, PhoneEvent, Source
from tests.cast import Cast, entries, flags_of, in_hours
from tests.invariants import broken_invariants
from tests.phones.lines import CALLER, call_story, event, report, source_of, the_call
from tickets import sweeps
from tickets.kinds import PromiseState
from tickets.models import Customer, Flag, Hold, Promise, Ticket

ANSWERED = (5, "answered", {"agent": "101"})
HELD = (20, "held", {"by": "101"})
BLIND = (30, "transferred", {"kind": "blind", "by": "101", "target": "102"})


def ended(seconds: int, by: str, **more: str) -> tuple[int, str, dict[str, Any]]:
    return seconds, "ended", {"ended_by": by, **more}


@pytest.fixture
def source(cast: Cast) -> Source:
    """A telephone system of Billing's, with Alice on 101 and Bob on 102."""
    presence.take_extension(person=cast.alice, extension="101")
    presence.take_extension(person=cast.bob, extension="102")
    return source_of(cast)


def test_a_call_is_linked_to_the_customers_only_open_ticket(cast: Cast, ticket: Ticket, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.1), ANSWERED))
    call = the_call()
    assert (call.customer, call.ticket, call.linked) == (cast.customer, ticket, Call.Linked.BY_NUMBER)
    assert (call.number, call.answered_by) == (CALLER, cast.alice)
    assert entries(ticket)[-1] == "call_linked"


def test_of_several_the_rep_chooses(cast: Cast, ticket: Ticket, source: Source) -> None:
    cast.open_ticket()
    report(source, *call_story("c1", in_hours(-0.1), ANSWERED))
    assert (the_call().customer, the_call().ticket) == (cast.customer, None)


def test_a_call_is_no_ticket(cast: Cast, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.1), ANSWERED, ended(60, "caller"), caller="+12125550199"))
    assert not Ticket.objects.exists()
    assert the_call().wrap_up == Call.WrapUp.WAITING


def test_a_hold_on_the_line_has_its_clock_on_the_ticket(cast: Cast, ticket: Ticket, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.05), ANSWERED, HELD))
    hold = Hold.objects.get()
    assert (hold.ticket, hold.by, hold.ended_at) == (ticket, cast.alice, None)
    sweeps.sweep(at=hold.started_at + timedelta(seconds=125))
    assert flags_of(ticket) == {"hold_overdue": "amber"}
    report(source, event("c1", "unheld", hold.started_at + timedelta(seconds=130), reason="resumed"))
    hold.refresh_from_db()
    assert hold.how == "returned"


@pytest.mark.parametrize(
    ("by", "flag"), [("caller", {"abandoned_on_hold": "red"}), ("agent", {"dropped_by_us": "red"}), ("unknown", {})]
)
def test_whoever_is_lost_on_hold_is_flagged_and_called_back(
    cast: Cast, ticket: Ticket, source: Source, by: str, flag: dict[str, str]
) -> None:
    report(source, *call_story("c1", in_hours(-0.05), ANSWERED, HELD, ended(80, by)))
    assert flags_of(ticket) == flag
    promised = Promise.objects.filter(ticket=ticket)
    assert promised.count() == bool(flag)
    assert all(promise.made_by == cast.alice and promise.due_at <= in_hours(0.25) for promise in promised)


def test_a_stranger_lost_on_hold_becomes_a_ticket_of_whoever_had_them(cast: Cast, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.05), ANSWERED, HELD, ended(80, "caller"), caller="(212) 555-0177"))
    ticket = Ticket.objects.get()
    assert (ticket.owner, ticket.customer.contact_points.get().value) == (cast.alice, "+12125550177")
    assert flags_of(ticket) == {"abandoned_on_hold": "red"}
    assert Hold.objects.get().ticket == ticket


def test_a_withheld_number_is_somebody_each_time(cast: Cast, source: Source) -> None:
    for call in ("c1", "c2"):
        report(source, *call_story(call, in_hours(-0.05), ANSWERED, HELD, ended(80, "caller"), caller=""))
    assert Customer.objects.filter(anonymous=True).count() == Ticket.objects.count() == 2


def test_a_blind_transfer_moves_no_ownership_and_is_amber_at_once(cast: Cast, source: Source) -> None:
    ticket = cast.open_ticket(channel="web", at=in_hours(-1))
    began = in_hours(-0.05)
    report(source, *call_story("c1", began, ANSWERED, BLIND, (35, "answered", {"agent": "102"})))
    sweeps.sweep()
    ticket.refresh_from_db()
    assert (ticket.owner, flags_of(ticket)) == (cast.alice, {"cold_transfer": "amber"})
    sweeps.sweep(at=began + timedelta(seconds=30, minutes=15))
    assert flags_of(ticket) == {"cold_transfer": "red"}
    cast.hand(ticket, cast.bob, on_call=True, packet={"need": "Her money back.", "next_action": "Bob rings the bank."})
    sweeps.sweep()
    assert flags_of(ticket) == {}


def test_giving_up_in_the_queue_with_a_ticket_is_flagged_without_one_called_back(
    cast: Cast, ticket: Ticket, source: Source
) -> None:
    waiting = ((1, "queued", {"queue": "complaints"}), ended(40, "caller"))
    report(source, *call_story("c1", in_hours(-1), *waiting))
    assert flags_of(ticket) == {"queue_abandoned": "amber"}
    report(source, *call_story("c2", in_hours(-0.5), *waiting))
    assert flags_of(ticket) == {"queue_abandoned": "red"}
    report(source, *call_story("c3", in_hours(-0.1), *waiting, caller="+12125550199"))
    assert Call.objects.to_call_back().get().call_id == "c3"
    assert Ticket.objects.count() == 1


def test_sent_twice_it_is_a_duplicate_and_changed_it_is_refused(cast: Cast, ticket: Ticket, source: Source) -> None:
    story = call_story("c1", in_hours(-0.05), ANSWERED, HELD, ended(80, "caller"))
    assert {result.status for result in report(source, *story)} == {Status.ACCEPTED}
    before = entries(ticket)
    again = report(source, *story)
    assert {result.status for result in again} == {Status.DUPLICATE}
    assert {result.call for result in again} == {the_call().pk}
    changed = report(source, {**story[-1], "data": {"ended_by": "agent"}})
    assert [(result.status, list(result.errors)) for result in changed] == [(Status.REFUSED, ["id"])]
    assert entries(ticket) == before


def test_one_that_is_wrong_keeps_no_other_back(cast: Cast, source: Source) -> None:
    good = event("c1", "ringing", in_hours(-0.1))
    results = inbox.take_in(source, [{"id": "x"}, good, 7, {**good, "id": "y", "occurred_at": "noon"}])
    assert [result.status for result in results] == ["refused", "accepted", "refused", "refused"]
    assert list(results[3].errors) == ["occurred_at"]
    source.refresh_from_db()
    assert (source.refused, source.refused_why.partition(":")[0]) == (3, "occurred_at")


@pytest.mark.parametrize("hours", [-25, 0.1])
def test_what_claims_to_be_far_from_now_bothers_nobody(
    cast: Cast, ticket: Ticket, source: Source, hours: float
) -> None:
    results = report(source, *call_story("c1", in_hours(hours), ANSWERED, HELD, ended(80, "caller")))
    assert all(result.suspect for result in results)
    assert (flags_of(ticket), entries(ticket)) == ({}, ["opened"])
    assert PhoneEvent.objects.count() == 4


def test_late_news_take_back_what_was_concluded(cast: Cast, ticket: Ticket, source: Source) -> None:
    began = in_hours(-0.05)
    report(source, *call_story("c1", began, ANSWERED, HELD, ended(80, "caller")))
    assert flags_of(ticket) == {"abandoned_on_hold": "red"}
    report(source, event("c1", "unheld", began + timedelta(seconds=70), reason="resumed"))

    assert flags_of(ticket) == {}
    assert Conclusion.objects.get().withdrawn_at is not None
    assert Promise.objects.get().state == PromiseState.WITHDRAWN
    assert Hold.objects.get().how == "returned"
    assert entries(ticket)[-4:] == ["call_corrected", "call_corrected", "flag_cleared", "promise_withdrawn"]


def test_a_flag_that_something_else_supports_stays(cast: Cast, ticket: Ticket, source: Source) -> None:
    began = in_hours(-0.5)
    report(source, *call_story("c1", began, ANSWERED, HELD, ended(80, "caller")))
    report(source, *call_story("c2", in_hours(-0.2), ANSWERED, HELD, ended(80, "caller")))
    report(source, event("c1", "unheld", began + timedelta(seconds=70)))
    assert flags_of(ticket) == {"abandoned_on_hold": "red"}


def test_four_hours_later_a_call_is_over(cast: Cast, ticket: Ticket, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.05), ANSWERED, HELD))
    assert the_call().check_at is not None
    assert the_call().check_at - the_call().heard_at == timedelta(hours=4)


STORY = (ANSWERED, HELD, (40, "unheld", {}), BLIND, (35, "answered", {"agent": "102"}), (50, "held", {"by": "102"}))


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=data())
def test_any_order_and_repetition_end_in_the_same_call_spells_and_flags(
    drawn: DataObject, cast: Cast, ticket: Ticket, source: Source
) -> None:
    began = timezone.now().replace(microsecond=0) - timedelta(minutes=3)
    story = call_story("c1", began, *STORY, ended(90, drawn.draw(sampled_from(["caller", "agent", "system"]))))

    def outcome(arrived: list[Any]) -> Any:
        with transaction.atomic():
            report(source, *arrived)
            sweeps.sweep()
            call = the_call()
            holds = sorted(Hold.objects.exclude(ended_at__lte=began).values_list("started_at", "ended_at", "how"))
            lasted = [hold for hold in holds if hold[0] != hold[1]]
            concluded = sorted(Conclusion.objects.filter(withdrawn_at=None).values_list("cause", "number"))
            assert broken_invariants() == []
            open_flags = sorted(Flag.objects.filter(status__in=Flag.OPEN).values_list("kind", "level"))
            transaction.set_rollback(True)
        return call.told, lasted, concluded, open_flags

    doubled = story + drawn.draw(lists(sampled_from(story), max_size=3))
    assert outcome(drawn.draw(permutations(doubled))) == outcome(story)


def test_who_called_may_be_known_last(cast: Cast, ticket: Ticket, source: Source) -> None:
    story = call_story("c1", in_hours(-0.02), ANSWERED, HELD, ended(60, "caller"))
    report(source, *reversed(story))
    assert (the_call().ticket, flags_of(ticket)) == (ticket, {"abandoned_on_hold": "red"})
    assert Ticket.objects.count() == 1


def test_whoever_called_is_not_waited_for_for_ever(cast: Cast, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.02), ANSWERED, HELD, ended(60, "caller"))[1:])
    assert not Ticket.objects.exists()
    wrap_ups.sweep(at=in_hours(0.1))
    assert flags_of(Ticket.objects.get()) == {"abandoned_on_hold": "red"}


def test_whoever_changes_their_mind_in_the_queue_bothers_nobody(cast: Cast, ticket: Ticket, source: Source) -> None:
    waited = ((1, "queued", {"queue": "complaints"}), ended(15, "caller"))
    report(source, *call_story("c1", in_hours(-0.1), *waited))
    report(source, *call_story("c2", in_hours(-0.1), *waited, caller="+12125550199"))
    assert Conclusion.objects.filter(cause="queue_abandoned").count() == 2
    assert flags_of(ticket) == {}
    assert not Call.objects.to_call_back().exists()
