"""Holds: the customer waits because of us, always with a promised return."""

from datetime import datetime, timedelta

import pytest
from time_machine import TimeMachineFixture

from people.errors import Incomplete, NotYours
from tests.cast import Cast, entries, flags_of, in_hours, utc
from tests.invariants import broken_invariants
from tickets import contacts, errors, holds, resolution
from tickets.kinds import HoldEnd, HoldKind
from tickets.models import Hold, Ticket
from tickets.states import Outcome


@pytest.fixture
def open_ticket(cast: Cast, ticket: Ticket) -> Ticket:
    """A ticket that Alice has acknowledged; she calls back in ten days."""
    return contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="Mine.", next_contact_at=in_hours(240))


def hold(cast: Cast, ticket: Ticket, kind: HoldKind = HoldKind.TICKET, return_by: datetime | None = None) -> Hold:
    """Return a hold by Alice."""
    return holds.start(ticket=ticket.pk, by=cast.alice, kind=kind, return_by=return_by, reason="The bank answers.")


def test_a_ticket_on_hold_is_due_back_when_promised(cast: Cast, open_ticket: Ticket) -> None:
    back = in_hours(30)
    hold(cast, open_ticket, return_by=back)
    open_ticket.refresh_from_db()
    assert (open_ticket.status, open_ticket.next_due_at, open_ticket.next_due_kind) == ("on_hold", back, "hold")
    assert entries(open_ticket)[-1] == "hold_started"
    assert broken_invariants() == []


def test_ended_it_is_open_again(cast: Cast, open_ticket: Ticket) -> None:
    ended = holds.end(hold=hold(cast, open_ticket).pk, by=cast.alice)
    open_ticket.refresh_from_db()
    assert (open_ticket.status, open_ticket.next_due_kind, ended.how) == ("open", "promise", "returned")
    assert broken_invariants() == []


def test_by_default_a_ticket_comes_back_by_the_end_of_the_next_working_day(
    cast: Cast, open_ticket: Ticket, time_machine: TimeMachineFixture
) -> None:
    cast.billing.hours = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    cast.billing.save()
    time_machine.move_to(utc(2027, 3, 5, 12), tick=False)  # a Friday noon
    assert hold(cast, open_ticket).return_by == utc(2027, 3, 8, 17)


def test_by_default_a_call_comes_back_in_a_minute_and_changes_no_status(cast: Cast, open_ticket: Ticket) -> None:
    call = hold(cast, open_ticket, HoldKind.CALL)
    open_ticket.refresh_from_db()
    assert call.return_by - call.started_at == timedelta(seconds=60)
    assert (open_ticket.status, open_ticket.next_due_kind) == ("open", "hold")


@pytest.mark.parametrize(
    ("kind", "hours"), [(HoldKind.TICKET, 30 * 24 + 1), (HoldKind.TICKET, -1), (HoldKind.CALL, 2), (HoldKind.CALL, -1)]
)
def test_nobody_waits_for_ever_nor_into_the_past(cast: Cast, open_ticket: Ticket, kind: HoldKind, hours: int) -> None:
    with pytest.raises(Incomplete) as refused:
        hold(cast, open_ticket, kind, in_hours(hours))
    assert list(refused.value.fields) == ["return_by"]


def test_one_hold_of_a_kind_at_a_time(cast: Cast, open_ticket: Ticket) -> None:
    for kind in HoldKind:
        hold(cast, open_ticket, kind)
    for kind in HoldKind:
        with pytest.raises(errors.HoldIsOpen):
            hold(cast, open_ticket, kind)


def test_a_new_ticket_is_acknowledged_before_it_is_put_on_hold(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(errors.StateDoesNotAllow):
        hold(cast, ticket)
    assert hold(cast, ticket, HoldKind.CALL)


@pytest.mark.parametrize("kind", HoldKind)
def test_a_closed_ticket_is_not_put_on_hold(cast: Cast, ticket: Ticket, kind: HoldKind) -> None:
    resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM)
    with pytest.raises(errors.StateDoesNotAllow):
        hold(cast, ticket, kind)


def test_whoever_has_the_customer_on_the_line_may_hold_the_call_not_the_ticket(
    cast: Cast, open_ticket: Ticket
) -> None:
    assert holds.start(ticket=open_ticket.pk, by=cast.bob, kind=HoldKind.CALL)
    with pytest.raises(NotYours):
        holds.start(ticket=open_ticket.pk, by=cast.bob, kind=HoldKind.TICKET)


def test_extending_promises_a_later_return(cast: Cast, open_ticket: Ticket) -> None:
    started, later = hold(cast, open_ticket, return_by=in_hours(10)), in_hours(20)
    assert holds.extend(hold=started.pk, by=cast.alice, return_by=later, reason="The bank is slow.").return_by == later
    open_ticket.refresh_from_db()
    entry = open_ticket.entries.get(kind="hold_extended")
    assert (open_ticket.next_due_at, entry.data["was"]) == (later, started.return_by.isoformat())


@pytest.mark.parametrize("hours", [5, 31 * 24])
def test_extending_is_neither_earlier_nor_for_ever(cast: Cast, open_ticket: Ticket, hours: int) -> None:
    started = hold(cast, open_ticket, return_by=in_hours(10))
    with pytest.raises(Incomplete):
        holds.extend(hold=started.pk, by=cast.alice, return_by=in_hours(hours))


def test_a_hold_ends_once(cast: Cast, open_ticket: Ticket) -> None:
    started = hold(cast, open_ticket)
    holds.end(hold=started.pk, by=cast.alice, how=HoldEnd.CALLER_HUNG_UP)
    for change in (
        lambda: holds.end(hold=started.pk, by=cast.alice),
        lambda: holds.extend(hold=started.pk, by=cast.alice, return_by=in_hours(90)),
    ):
        with pytest.raises(errors.HoldHasEnded):
            change()


def test_a_hold_that_does_not_exist_is_not_found(cast: Cast) -> None:
    with pytest.raises(errors.UnknownHold):
        holds.end(hold=0, by=cast.alice)


def test_a_hold_passes_on_with_the_ticket(cast: Cast, open_ticket: Ticket) -> None:
    started = hold(cast, open_ticket)
    cast.hand(open_ticket, cast.bob)
    assert open_ticket.status == "on_hold"
    assert holds.end(hold=started.pk, by=cast.bob).how == "returned"


def test_resolving_ends_the_waiting(cast: Cast, ticket: Ticket) -> None:
    call = hold(cast, ticket, HoldKind.CALL)
    resolution.resolve(
        ticket=ticket.pk, by=cast.alice, resolution="Paid back.", root_cause="double", customer_agreed=True
    )
    call.refresh_from_db()
    assert call.how == "closed"
    assert broken_invariants() == []


@pytest.mark.parametrize(
    ("how", "raised"),
    [("caller_hung_up", "abandoned_on_hold"), ("dropped_by_us", "dropped_by_us"), ("returned", None)],
)
def test_a_customer_lost_on_the_line_is_flagged_red(cast: Cast, ticket: Ticket, how: str, raised: str | None) -> None:
    hold = holds.start(ticket=ticket.pk, by=cast.alice, kind=HoldKind.CALL)
    holds.end(hold=hold.pk, by=cast.alice, how=HoldEnd(how))
    assert flags_of(ticket) == ({raised: "red"} if raised else {})


def test_a_ticket_hold_loses_nobody(cast: Cast, ticket: Ticket) -> None:
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I will do it.", next_contact_at=in_hours(5))
    hold = holds.start(ticket=ticket.pk, by=cast.alice, kind=HoldKind.TICKET)
    holds.end(hold=hold.pk, by=cast.alice, how=HoldEnd.CALLER_HUNG_UP)
    assert flags_of(ticket) == {}
