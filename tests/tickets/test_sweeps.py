"""The sweep: what falls due is flagged once, told once, and cleared when its cause is gone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from notices.models import Notice
from tests.cast import MONDAY, Cast, utc
from tests.invariants import broken_invariants
from tickets import contacts, flags, holds, promises, resolution, sweeps
from tickets.kinds import HoldKind
from tickets.models import Flag, Ticket

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def complaint(monday: TimeMachineFixture, cast: Cast) -> Ticket:
    """Alice's, opened on Monday at nine and acknowledged, with a call promised for eleven."""
    ticket = cast.open_ticket()
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I call.", next_contact_at=MONDAY + 2 * HOUR)
    return ticket


def standing(ticket: Ticket) -> list[tuple[str, str, str]]:
    """Return the ticket's flags as (kind, level, status)."""
    return list(Flag.objects.filter(ticket=ticket).order_by("pk").values_list("kind", "level", "status"))


def test_nothing_is_due_before_its_time(complaint: Ticket, monday: TimeMachineFixture) -> None:
    monday.shift(HOUR)
    assert sweeps.sweep() == 0
    assert standing(complaint) == []


def test_a_new_ticket_that_nobody_acknowledges(cast: Cast, monday: TimeMachineFixture) -> None:
    ticket = cast.open_ticket()  # by phone: an hour
    monday.shift(30 * MINUTE)
    sweeps.sweep()
    assert standing(ticket) == [("unacknowledged", "amber", "raised")]
    monday.shift(30 * MINUTE)
    sweeps.sweep()
    assert standing(ticket) == [("unacknowledged", "red", "raised")]


def test_acknowledged_late_it_clears_by_itself(cast: Cast, monday: TimeMachineFixture) -> None:
    ticket = cast.open_ticket()
    monday.shift(HOUR)
    sweeps.sweep()
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I call.", next_contact_at=MONDAY + 8 * HOUR)
    sweeps.sweep()
    assert standing(ticket) == [("unacknowledged", "red", "cleared")]
    assert [entry.kind for entry in ticket.entries.order_by("pk")][-1] == "flag_cleared"


def test_a_promise_is_reminded_of_then_amber_then_red(
    complaint: Ticket, cast: Cast, monday: TimeMachineFixture
) -> None:
    monday.move_to(MONDAY + 2 * HOUR - 15 * MINUTE, tick=False)
    sweeps.sweep()
    assert standing(complaint) == []
    assert list(Notice.objects.filter(kind="promise_due_soon").values_list("person__username", flat=True)) == ["alice"]
    monday.move_to(MONDAY + 2 * HOUR, tick=False)
    sweeps.sweep()
    assert standing(complaint) == [("promise_broken", "amber", "raised")]
    monday.shift(15 * MINUTE)
    sweeps.sweep()
    assert standing(complaint) == [("promise_broken", "red", "raised")]
    told = Notice.objects.filter(kind__in=["flag_raised", "flag_rose"], person=cast.maya)
    assert [notice.kind for notice in told.order_by("number")] == ["flag_raised", "flag_rose"]


@pytest.mark.parametrize(("late", "status"), [(5, "cleared"), (20, "raised")])
def test_kept_late_amber_clears_and_red_stays(
    late: int, status: str, complaint: Ticket, cast: Cast, monday: TimeMachineFixture
) -> None:
    monday.move_to(MONDAY + 2 * HOUR + late * MINUTE, tick=False)
    sweeps.sweep()
    promises.keep(promise=complaint.promises.get().pk, by=cast.alice)
    sweeps.sweep()
    assert [flag[2] for flag in standing(complaint)] == [status]


def test_a_customer_left_on_the_line(complaint: Ticket, cast: Cast, monday: TimeMachineFixture) -> None:
    hold = holds.start(ticket=complaint.pk, by=cast.alice, kind=HoldKind.CALL)
    monday.shift(timedelta(seconds=65))
    sweeps.sweep()
    assert standing(complaint) == []
    assert Notice.objects.filter(kind="hold_return_due", person=cast.alice).count() == 1
    monday.shift(timedelta(seconds=60))
    sweeps.sweep()
    assert standing(complaint) == [("hold_overdue", "amber", "raised")]
    assert Notice.objects.filter(kind="hold_return_due", person=cast.alice).count() == 1
    holds.end(hold=hold.pk, by=cast.alice)
    sweeps.sweep()
    assert standing(complaint) == [("hold_overdue", "amber", "cleared")]


def test_a_return_that_was_put_off_and_passed_again(complaint: Ticket, cast: Cast, monday: TimeMachineFixture) -> None:
    hold = holds.start(ticket=complaint.pk, by=cast.alice, kind=HoldKind.TICKET, return_by=MONDAY + HOUR)
    for hours in (1, 2):
        monday.shift(HOUR)
        sweeps.sweep()
        holds.extend(hold=hold.pk, by=cast.alice, return_by=MONDAY + (hours + 1) * HOUR)
        sweeps.sweep()
    overdue = [flag for flag in standing(complaint) if flag[0] == "hold_overdue"]
    assert overdue == [("hold_overdue", "amber", "cleared")] * 2


def test_a_new_owner_whom_the_customer_has_not_met(complaint: Ticket, cast: Cast, monday: TimeMachineFixture) -> None:
    complaint.refresh_from_db()
    cast.accept(cast.offer(complaint, cast.bob), next_contact_at=MONDAY + 20 * HOUR)
    monday.shift(4 * HOUR)
    sweeps.sweep()
    assert ("cold_transfer", "red", "raised") in standing(complaint)
    contacts.contact(ticket=complaint.pk, by=cast.bob, direction="outbound", summary="I have it now.")
    sweeps.sweep()
    assert ("cold_transfer", "red", "cleared") in standing(complaint)


def test_silence(complaint: Ticket, cast: Cast, monday: TimeMachineFixture) -> None:
    promises.keep(promise=complaint.promises.get().pk, by=cast.alice)
    monday.move_to(MONDAY + timedelta(days=5), tick=False)
    sweeps.sweep()
    assert standing(complaint) == [("silent", "amber", "raised")]
    contacts.contact(ticket=complaint.pk, by=cast.alice, direction="outbound", summary="Still on it.")
    sweeps.sweep()
    assert standing(complaint) == [("silent", "amber", "cleared")]


def test_what_a_manager_closed_is_not_raised_again_for_the_same(
    complaint: Ticket, cast: Cast, monday: TimeMachineFixture
) -> None:
    monday.shift(2 * HOUR)
    sweeps.sweep()
    flags.close(flag=Flag.objects.get(ticket=complaint).pk, by=cast.maya, note="He is on the phone with her.")
    monday.shift(MINUTE)
    sweeps.sweep()
    assert standing(complaint) == [("promise_broken", "amber", "closed")]


def test_the_same_instant_twice_doubles_nothing(complaint: Ticket, monday: TimeMachineFixture) -> None:
    monday.shift(3 * HOUR)
    assert sweeps.sweep() == 1
    before = (standing(complaint), complaint.entries.count(), Notice.objects.count())
    assert sweeps.sweep() == 0
    assert sweeps.judge_batch(at=MONDAY + 3 * HOUR) == 0
    assert (standing(complaint), complaint.entries.count(), Notice.objects.count()) == before


def test_a_late_sweep_loses_no_step(complaint: Ticket, cast: Cast, monday: TimeMachineFixture) -> None:
    monday.shift(2 * HOUR + MINUTE)
    contacts.note(ticket=complaint.pk, by=cast.alice, text="Saved between the due time and the sweep.")
    sweeps.sweep()
    assert standing(complaint) == [("promise_broken", "amber", "raised")]


def test_resolved_nothing_is_due_any_more(complaint: Ticket, cast: Cast, monday: TimeMachineFixture) -> None:
    promises.keep(promise=complaint.promises.get().pk, by=cast.alice)
    resolution.resolve(
        ticket=complaint.pk, by=cast.alice, resolution="Paid.", root_cause="booking", customer_agreed=True
    )
    monday.shift(timedelta(days=30))
    assert sweeps.sweep() == 0


def test_reopened_it_is_not_blamed_for_the_time_between(
    complaint: Ticket, cast: Cast, monday: TimeMachineFixture
) -> None:
    promises.keep(promise=complaint.promises.get().pk, by=cast.alice)
    resolution.resolve(
        ticket=complaint.pk, by=cast.alice, resolution="Paid.", root_cause="booking", customer_agreed=True
    )
    monday.shift(timedelta(days=30))
    resolution.reopen(ticket=complaint.pk, by=cast.alice, reason="The money never came.")
    sweeps.sweep()
    assert standing(complaint) == []


def test_it_says_how_far_behind_it_is(complaint: Ticket, monday: TimeMachineFixture) -> None:
    assert sweeps.lag() == timedelta()
    monday.shift(2 * HOUR)
    assert sweeps.lag() == 15 * MINUTE
    sweeps.sweep()
    assert sweeps.lag() == timedelta()


def test_a_sweep_with_nothing_due_reads_nothing(complaint: Ticket, cast: Cast) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        sweeps.sweep()
    assert len([each for each in asked if "SAVEPOINT" not in each["sql"]]) == 1


def test_all_that_was_written_holds_together(complaint: Ticket, cast: Cast, monday: TimeMachineFixture) -> None:
    cast.open_ticket()
    monday.shift(timedelta(days=10))
    sweeps.sweep()
    assert broken_invariants() == []


def test_the_customer_asks_again_and_again(complaint: Ticket, cast: Cast) -> None:
    for _ in range(3):
        contacts.contact(ticket=complaint.pk, by=cast.bob, direction="inbound", chase=True)
    raised = complaint.entries.filter(kind__in=["flag_raised", "flag_rose"]).order_by("pk")
    assert [(entry.kind, entry.data["level"]) for entry in raised] == [("flag_raised", "amber"), ("flag_rose", "red")]
    assert standing(complaint) == [("repeat_contact", "red", "raised")]


def test_nobody_is_reminded_of_what_is_overdue_already(complaint: Ticket, monday: TimeMachineFixture) -> None:
    monday.shift(5 * HOUR)
    sweeps.sweep()
    assert standing(complaint) == [("promise_broken", "red", "raised")]
    assert not Notice.objects.filter(kind="promise_due_soon").exists()


def test_of_two_overdue_promises_neither_is_reminded_of(
    complaint: Ticket, cast: Cast, monday: TimeMachineFixture
) -> None:
    promises.make(ticket=complaint.pk, by=cast.alice, what="The money is back.", due_at=MONDAY + 3 * HOUR)
    monday.shift(5 * HOUR)
    sweeps.sweep()
    assert not Notice.objects.filter(kind="promise_due_soon").exists()


def test_nobody_comes_back_to_a_customer_on_hold(complaint: Ticket, cast: Cast) -> None:
    hold = holds.start(ticket=complaint.pk, by=cast.alice, kind=HoldKind.CALL)
    sweeps.sweep(at=MONDAY + 4 * MINUTE)
    assert standing(complaint) == [("hold_overdue", "red", "raised")]
    sweeps.sweep(at=MONDAY + 10 * MINUTE)
    holds.end(hold=hold.pk, by=cast.alice)
    sweeps.sweep(at=MONDAY + 11 * MINUTE)
    # That she waited ends with the hold; that she was left alone is for a manager to close.
    assert standing(complaint) == [("hold_overdue", "red", "cleared"), ("abandoned_on_hold", "red", "raised")]


def test_put_off_once_is_agreed_put_off_twice_is_amber(
    complaint: Ticket, cast: Cast, monday: TimeMachineFixture
) -> None:
    promise = complaint.promises.get()
    for hours, flagged in ((3, []), (4, [("promise_broken", "amber", "raised")])):
        monday.shift(MINUTE)
        later = {"due_at": MONDAY + hours * HOUR, "told": "By telephone."}
        promises.renegotiate(promise=promise.pk, by=cast.alice, **later)
        sweeps.sweep()
        assert standing(complaint) == flagged
    flags.close(flag=Flag.objects.get().pk, by=cast.maya, note="She agreed gladly.")
    monday.shift(HOUR)
    sweeps.sweep()
    assert len(standing(complaint)) == 1, "once closed, the same is not raised again"
    promises.keep(promise=promise.pk, by=cast.alice)
    sweeps.sweep()
    assert [status for *_, status in standing(complaint)] == ["closed"]


def test_what_is_left_to_acknowledge_runs_on_in_the_next_teams_hours(cast: Cast, monday: TimeMachineFixture) -> None:
    """Handed from Berlin (at nine in the evening, with an hour to go) to New York, where it is afternoon."""
    cast.billing.time_zone, cast.billing.hours = "Europe/Berlin", {"mon": [["08:00", "23:00"]]}
    cast.logistics.time_zone, cast.logistics.hours = (
        "America/New_York",
        {"mon": [["09:00", "16:30"]], "tue": [["09:00", "17:00"]]},
    )
    cast.billing.save()
    cast.logistics.save()
    monday.move_to(utc(2027, 3, 1, 20), tick=False)
    ticket = cast.open_ticket(channel="web")  # four working hours: two on Monday, two a week later
    assert ticket.acknowledge_by == utc(2027, 3, 8, 9)
    monday.move_to(utc(2027, 3, 1, 21), tick=False)

    moved = cast.hand(ticket, cast.luis, urgency="now", reason="wrong_owner")
    # Three hours were left: half of one on Monday afternoon, the rest on Tuesday from nine in New York.
    assert moved.team == cast.logistics
    assert moved.acknowledge_by == utc(2027, 3, 2, 16, 30)


def reminded(kind: str) -> set[str]:
    """Return who was reminded."""
    return set(Notice.objects.filter(kind=kind, webhook=None).values_list("person__username", flat=True))


def test_whoever_has_the_customer_on_the_line_is_nudged_with_the_owner(complaint: Ticket, cast: Cast) -> None:
    holds.start(ticket=complaint.pk, by=cast.bob, kind=HoldKind.CALL)
    sweeps.sweep(at=MONDAY + MINUTE)
    assert reminded("hold_return_due") == {"alice", "bob"}


def test_whoever_promised_what_they_do_themselves_is_reminded_until_the_ticket_moves(
    complaint: Ticket, cast: Cast, monday: TimeMachineFixture
) -> None:
    promises.make(ticket=complaint.pk, by=cast.maya, what="I call her.", due_at=MONDAY + HOUR)
    sweeps.sweep(at=MONDAY + 45 * MINUTE)
    assert reminded("promise_due_soon") == {"alice", "maya"}
    monday.shift(HOUR)
    cast.hand(complaint, cast.carol, urgency="now")
    sweeps.sweep(at=MONDAY + 2 * HOUR - 15 * MINUTE)
    assert reminded("promise_due_soon") == {"alice", "maya", "carol"}
