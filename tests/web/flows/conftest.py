"""A made-up month, in which everything that the flows count has happened at least once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from time_machine import TimeMachineFixture

from handoffs import takeovers
from tests.cast import Cast, in_hours, utc
from tests.insights.past import import_it
from tickets import contacts, flags, holds, promises, resolution
from tickets.kinds import HoldEnd, HoldKind
from tickets.models import Flag, Hold, Promise, Ticket
from tickets.states import Outcome

BEGINS = utc(2027, 2, 1, 9)
HOUR = timedelta(hours=1)


@pytest.fixture
def month(cast: Cast, time_machine: TimeMachineFixture, tmp_path: Path) -> Cast:
    """February 2027 in Billing and Logistics, and a short history that was imported; it is the 28th."""
    for number, _ in enumerate(_days(time_machine)):
        _a_ticket(cast, time_machine, number)
    # A team above has tickets of its own, too.
    cast.open_ticket(cast.petra, team=cast.care)
    import_it(tmp_path, manager="maya")
    return cast


def _days(clock: TimeMachineFixture) -> Iterator[None]:
    """Come to every other day of the month, and at last to its end."""
    for day in range(0, 27, 2):
        clock.move_to(BEGINS + timedelta(days=day), tick=False)
        yield
    clock.move_to(utc(2027, 2, 28, 18), tick=False)


def _a_ticket(cast: Cast, clock: TimeMachineFixture, number: int) -> None:
    """Play one complaint; what becomes of it follows from its number, so that everything happens to some."""
    opened_by, team = (cast.luis, cast.logistics) if number % 3 == 1 else (cast.alice, cast.billing)
    category = ("refund", "parcel", "")[number % 3]
    ticket = cast.open_ticket(opened_by, team=team, category=category, channel=("phone", "email")[number % 2])
    contacts.acknowledge(ticket=ticket.pk, by=opened_by, message="I see to it.", next_contact_at=in_hours(2))
    _hold(ticket, clock, number)
    contacts.contact(ticket=ticket.pk, by=opened_by, direction="inbound", chase=number % 4 == 0)
    ways = [
        [],
        [cast.lena],
        [cast.bob, cast.alice],
        [cast.carol, cast.luis, cast.lena],
        [cast.luis],
        [cast.bob, cast.carol, cast.luis, cast.bob],
        [],
    ]
    for to in ways[number % len(ways)]:
        if to != ticket.owner:
            cast.hand(ticket, to)
            clock.shift(HOUR * (1 + number % 3))
        ticket.refresh_from_db()
    if number % 5 == 4:
        takeovers.take_over(ticket=ticket.pk, by=ticket.team.manager, reason="She asked for me.")
    _end(ticket, number)


def _hold(ticket: Ticket, clock: TimeMachineFixture, number: int) -> None:
    if number % 2:
        kind, how = (HoldKind.TICKET, HoldEnd.RETURNED) if number % 4 == 1 else (HoldKind.CALL, HoldEnd.CALLER_HUNG_UP)
        hold = holds.start(ticket=ticket.pk, by=ticket.owner, kind=kind)
        clock.shift(timedelta(seconds=30 * number))
        if number % 8 != 5:
            holds.end(hold=hold.pk, by=ticket.owner, how=how)


def _end(ticket: Ticket, number: int) -> None:
    ticket.refresh_from_db()
    if number % 3 == 0:
        return
    for promise in Promise.objects.filter(ticket=ticket, state="open"):
        if number % 4 == 1:
            promises.renegotiate(promise=promise.pk, by=ticket.owner, due_at=in_hours(30), told="By telephone.")
        promises.keep(promise=promise.pk, by=ticket.owner)
    for hold in Hold.objects.filter(ticket=ticket, ended_at=None):
        holds.end(hold=hold.pk, by=ticket.owner)
    if number % 7 == 4:
        resolution.close(ticket=ticket.pk, by=ticket.owner, outcome=Outcome.SPAM)
        return
    said = {"resolution": "Paid back.", "root_cause": "billing", "customer_agreed": True}
    resolution.resolve(ticket=ticket.pk, by=ticket.owner, **said)  # type: ignore[arg-type]
    red = Flag.objects.filter(ticket=ticket, level="red", status__in=Flag.OPEN).first()
    if red is not None and number % 2:
        flags.call_false_alarm(flag=red.pk, by=ticket.team.manager, note="One family, three shops.")
