"""Sweeps that have fallen behind, that meet each other, that meet somebody at work, and one that breaks off.

What is due is made with the last hours' due times; each sweep is the product's own, with small batches.
"""

import functools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Model, QuerySet
from django.test import Client
from time_machine import TimeMachineFixture

from handoffs import covers, expiry, help_requests, manager_requests, overdue, ringing
from handoffs.models import Handoff, HelpRequest, ManagerRequest
from handoffs.protocol import Urgency
from notices.models import Notice
from people.models import Cover
from people.roles import Role
from tests.cast import Cast, in_hours, person
from tests.invariants import broken_invariants
from tests.races.harness import PATIENCE, assert_collided, commits, race
from tickets import climbing, contacts, flags, sweeps
from tickets.bounces import Finding
from tickets.kinds import FlagKind, Level
from tickets.models import Entry, Flag, Promise, Ticket

MINUTE = timedelta(minutes=1)
# By then all that is made here has fallen due, and nothing of it for a second time.
LATER = 90 * MINUTE
TABLES: tuple[type[Model], ...] = (Ticket, Entry, Flag, Promise, Notice, Handoff, HelpRequest, ManagerRequest, Cover)

pytestmark = commits


class Sweep(NamedTuple):
    """make: makes something at a time. sweep: deals with at most so many that are due. due: those that are."""

    make: Callable[[Cast, datetime], Model]
    sweep: Callable[[datetime, int], int]
    due: Callable[[datetime], QuerySet[Any]]


def forget_to_acknowledge(cast: Cast, at: datetime) -> Ticket:
    return cast.open_ticket(at=at)


def flag(cast: Cast, at: datetime) -> Flag:
    return flags.raise_for(cast.open_ticket(at=at), [Finding(FlagKind.BOUNCED, Level.RED)], at=at)[0]


def offer(cast: Cast, at: datetime) -> Handoff:
    return cast.offer(cast.open_ticket(at=at), cast.bob, urgency=Urgency.NOW, at=at)


def ask(cast: Cast, at: datetime) -> HelpRequest:
    question = {"question": "Where is the parcel?", "answer_by": at + 10 * MINUTE}
    return help_requests.ask(ticket=cast.open_ticket(at=at).pk, by=cast.alice, asked=cast.lars, at=at, **question)


def want_manager(cast: Cast, at: datetime) -> ManagerRequest:
    return manager_requests.ask(ticket=cast.open_ticket(at=at).pk, by=cast.alice, at=at)


def go_home(cast: Cast, at: datetime) -> Cover:
    absent = person(f"rep-{Cover.objects.count()}", Role.REP, cast.billing)
    return covers.ask(by=absent, covering=cast.lena, until=at + timedelta(hours=8), at=at)


SWEEPS = {
    "tickets": Sweep(
        forget_to_acknowledge,
        lambda at, most: sweeps.judge_batch(at=at, size=most),
        lambda at: Ticket.objects.filter(check_at__lte=at).order_by("check_at"),
    ),
    "flags": Sweep(
        flag,
        lambda at, most: climbing.climb_batch(at=at, size=most),
        lambda at: Flag.objects.filter(climbs_at__lte=at).order_by("climbs_at"),
    ),
    "offers": Sweep(
        offer,
        lambda at, most: expiry.sweep(at=at, limit=most),
        lambda at: Handoff.objects.in_progress().filter(due_at__lte=at).order_by("due_at"),
    ),
    "questions": Sweep(
        ask,
        lambda at, most: overdue.sweep(at=at, limit=most),
        lambda at: HelpRequest.objects.filter(check_at__lte=at).order_by("check_at"),
    ),
    "managers": Sweep(
        want_manager,
        lambda at, most: ringing.sweep(at=at, limit=most),
        lambda at: ManagerRequest.objects.filter(check_at__lte=at).order_by("check_at"),
    ),
    "covers": Sweep(
        go_home,
        lambda at, most: covers.sweep(at=at, limit=most),
        lambda at: Cover.objects.filter(check_at__lte=at).order_by("check_at"),
    ),
}


@pytest.fixture(params=SWEEPS)
def one(request: pytest.FixtureRequest) -> Sweep:
    """One of the sweeps."""
    found: Sweep = SWEEPS[request.param]
    return found


def make_due(one: Sweep, cast: Cast, many: int) -> tuple[list[Any], datetime]:
    """Return what one sweep has to deal with, made minute by minute, and a moment at which all of it is due."""
    start = in_hours(-4)
    with transaction.atomic():
        # What is made later falls due earlier: the order is that of the due times, not of the numbers.
        made = [one.make(cast, start + (many - place) * MINUTE) for place in range(many)][::-1]
    at = start + many * MINUTE + LATER
    assert list(one.due(at)) == made
    return made, at


def written() -> dict[str, list[Any]]:
    """Return everything that a sweep may write."""
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in TABLES}


@contextmanager
def held(row: Any) -> Iterator[None]:
    """Let somebody else work, during the block, on the ticket of something; or on a cover, which has none."""
    rows: QuerySet[Any] = Ticket.objects.filter(pk=getattr(row, "ticket_id", row.pk))
    if isinstance(row, Cover):
        rows = Cover.objects.filter(pk=row.pk)
    locked, done = threading.Event(), threading.Event()

    def work() -> None:
        try:
            with transaction.atomic():
                list(rows.select_for_update())
                locked.set()
                done.wait(PATIENCE)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as pool:
        somebody = pool.submit(work)
        try:
            assert locked.wait(PATIENCE)
            yield
        finally:
            done.set()
            somebody.result()


def test_the_oldest_come_first_and_no_more_than_a_batch(one: Sweep, cast: Cast) -> None:
    made, at = make_due(one, cast, 5)
    for left in (made[2:], made[4:], []):
        one.sweep(at, 2)
        assert list(one.due(at)) == left
    assert broken_invariants() == []


def test_twice_over_the_same_instant_nothing_doubles(one: Sweep, cast: Cast) -> None:
    _, at = make_due(one, cast, 3)
    assert one.sweep(at, 10) == 3
    once = written()
    assert one.sweep(at, 10) == 0
    assert written() == once


def test_any_number_at_once_deal_with_each_once(one: Sweep, cast: Cast) -> None:
    made, at = make_due(one, cast, 12)
    Notice.objects.all().delete()

    rounds = race(range(12), lambda _: one.sweep(at, 2), lambda _: one.sweep(at, 2), head_start=0.002)

    assert sum(side.value for each in rounds for side in (each.first, each.second)) == len(made)
    assert list(one.due(at)) == []
    told = Notice.objects.values("kind", "about", "person").annotate(times=Count("*"))
    assert {each["times"] for each in told} == {1}
    assert len({each["about"] for each in told}) == len(made)
    assert broken_invariants() == []
    assert_collided(rounds[:4])


def test_what_somebody_is_working_on_is_left_to_the_next_sweep(one: Sweep, cast: Cast) -> None:
    made, at = make_due(one, cast, 3)
    with held(made[0]):
        assert one.sweep(at, 10) == 2
        assert list(one.due(at)) == made[:1]
    assert one.sweep(at, 10) == 1
    assert list(one.due(at)) == []


def test_it_catches_up_and_the_health_page_says_how_far_it_is(
    monday: TimeMachineFixture, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_due(SWEEPS["tickets"], cast, 10)
    monkeypatch.setattr(sweeps, "BATCH", 2)
    monkeypatch.setattr(sweeps, "MOST_BATCHES", 3)
    monkeypatch.setattr(sweeps, "judge_batch", functools.partial(sweeps.judge_batch, size=2))
    # The first was opened 239 minutes ago, and had half an hour before it was amber.
    assert minutes_behind() == 209
    assert sweeps.sweep() == 6
    assert minutes_behind() == 203
    assert sweeps.sweep() == 4
    assert minutes_behind() == 0


def minutes_behind() -> float:
    behind: float = Client().get("/health/ready").json()["sweep_lag_seconds"] / 60
    return behind


def test_judged_twice_for_the_same_instant_a_ticket_stays_as_it_is(cast: Cast) -> None:
    cast.open_ticket(at=in_hours(-2))
    promised = cast.open_ticket()
    contacts.acknowledge(ticket=promised.pk, by=cast.alice, message="I call.", next_contact_at=in_hours(1))
    at = in_hours(0.9)
    assert sweeps.sweep(at=at) == 2
    assert (Flag.objects.count(), Notice.objects.filter(kind="promise_due_soon").count()) == (1, 1)
    once = written()
    Ticket.objects.update(check_at=at)
    assert sweeps.sweep(at=at) == 2
    assert written() == once


def test_a_batch_that_breaks_off_has_written_nothing(cast: Cast) -> None:
    made, at = make_due(SWEEPS["tickets"], cast, 3)
    before = written()
    with refusing(made[-1]), pytest.raises(IntegrityError, match="refused_here"):
        sweeps.sweep(at=at)
    assert written() == before
    assert sweeps.sweep(at=at) == 3


def test_what_was_judged_before_the_batch_that_breaks_off_stays_judged(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, at = make_due(SWEEPS["tickets"], cast, 5)
    monkeypatch.setattr(sweeps, "BATCH", 2)
    monkeypatch.setattr(sweeps, "judge_batch", functools.partial(sweeps.judge_batch, size=2))
    with refusing(made[-2]), pytest.raises(IntegrityError, match="refused_here"):
        sweeps.sweep(at=at)
    assert list(SWEEPS["tickets"].due(at)) == made[2:]
    assert Flag.objects.count() == 2


@contextmanager
def refusing(ticket: Ticket) -> Iterator[None]:
    """Let the database refuse, during the block, that one ticket has been judged: the last that a batch writes."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""ALTER TABLE tickets_ticket ADD CONSTRAINT refused_here
                CHECK (id <> {ticket.pk} OR judged_at IS NULL) NOT VALID"""
        )
        try:
            yield
        finally:
            cursor.execute("ALTER TABLE tickets_ticket DROP CONSTRAINT refused_here")
