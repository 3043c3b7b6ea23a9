"""Each measure against a story whose figures are known."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import TimeMachineFixture

from handoffs import takeovers
from insights import measures, scopes
from insights.measures import MEASURES, Group, Measure, Tally, tally
from insights.scopes import Imported, Scope, Span
from people.models import Person
from tests.cast import MONDAY, Cast, in_hours, utc
from tests.insights.past import import_it
from tickets import contacts, flags, holds, promises, resolution
from tickets.kinds import HoldEnd, HoldKind
from tickets.models import Flag, Promise, Ticket
from tickets.states import Outcome

DAYS = Span(utc(2027, 1, 1), utc(2027, 4, 1))
MINUTE = timedelta(minutes=1)

Count = Callable[..., Tally]


@pytest.fixture
def count(cast: Cast, monday: TimeMachineFixture) -> Count:
    """A function that counts a measure from January to March, as somebody who may see everything."""

    def counted(measure: Measure, **said: object) -> Tally:
        scope: dict[str, object] = {"span": DAYS, "teams": None, **said}
        return tally(measure, Scope(**scope), Group.WEEK)[0]  # type: ignore[arg-type]

    return counted


def resolve(ticket: Ticket, by: Person) -> None:
    resolution.resolve(ticket=ticket.pk, by=by, resolution="Paid back.", root_cause="billing", customer_agreed=True)


def keep_all(ticket: Ticket, by: Person) -> None:
    for promise in Promise.objects.filter(ticket=ticket, state="open"):
        promises.keep(promise=promise.pk, by=by)


def test_every_change_of_owner_counts_and_coming_back_is_a_part_of_them(cast: Cast, count: Count) -> None:
    cast.hand(cast.open_ticket(), cast.bob, cast.alice)
    ticket = cast.open_ticket()
    takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason="I know the case.")
    cast.open_ticket()

    assert count(measures.CHANGES) == Tally(3, {"came_back": 1})


def test_time_to_a_yes_is_that_of_what_was_accepted(cast: Cast, count: Count, monday: TimeMachineFixture) -> None:
    for minutes in (1, 2, 3, 4, 10):
        handoff = cast.offer(cast.open_ticket(), cast.bob)
        monday.shift(minutes * MINUTE)
        cast.accept(handoff)
    cast.offer(cast.open_ticket(), cast.bob)

    found = count(measures.ACCEPTANCES)

    # 90 % lie between the fourth and the fifth: 4 + 0.6 * 6 minutes.
    assert (found.count, found.median, found.ninetieth, found.longest) == (5, 180, pytest.approx(456), 600)


def test_a_hold_is_overdue_once_its_return_has_passed_and_lost_when_the_line_is_cut(
    cast: Cast, count: Count, monday: TimeMachineFixture
) -> None:
    in_time, late, lost, open_late, open_still = (cast.open_ticket() for _ in range(5))
    for ticket in (in_time, late, lost, open_late):
        holds.start(ticket=ticket.pk, by=cast.alice, kind=HoldKind.CALL)
    started = {hold.ticket_id: hold for hold in measures.Hold.objects.all()}
    monday.shift(30 * timedelta(seconds=1))
    holds.end(hold=started[in_time.pk].pk, by=cast.alice)
    holds.end(hold=started[lost.pk].pk, by=cast.alice, how=HoldEnd.CALLER_HUNG_UP)
    monday.shift(90 * timedelta(seconds=1))
    holds.end(hold=started[late.pk].pk, by=cast.alice)
    holds.start(ticket=open_still.pk, by=cast.alice, kind=HoldKind.CALL)

    found = count(measures.HOLDS)

    assert found.parts == {"promised": 5, "overdue": 2, "lost": 1}
    assert (found.count, found.median, found.longest) == (5, 30, 120)


def test_promises_are_kept_put_off_late_or_broken_by_the_time_first_promised(
    cast: Cast, count: Count, monday: TimeMachineFixture
) -> None:
    ticket = cast.open_ticket()

    def promise(hours: float = 1) -> Promise:
        return promises.make(ticket=ticket.pk, by=cast.alice, what="A call.", due_at=in_hours(hours))

    early, put_off, still_put_off, late, broken, withdrawn, ahead = *(promise() for _ in range(6)), promise(9)
    promises.keep(promise=early.pk, by=cast.alice)
    promises.withdraw(promise=withdrawn.pk, by=cast.alice, reason="No longer wanted.")
    for each, hours in ((put_off, 3), (still_put_off, 8)):
        promises.renegotiate(promise=each.pk, by=cast.alice, due_at=in_hours(hours), told="By telephone.")
    monday.shift(2 * timedelta(hours=1))
    promises.keep(promise=put_off.pk, by=cast.alice)
    promises.keep(promise=late.pk, by=cast.alice)

    found = count(measures.PROMISES)

    assert found == Tally(5, {"in_time": 1, "put_off": 2, "late": 1, "broken": 1})
    assert broken.pk != ahead.pk
    assert list(measures.PROMISES.rows(Scope(DAYS, None), part="broken")) == [broken]


def test_a_ticket_bounced_when_it_was_flagged_so_and_that_was_no_false_alarm(cast: Cast, count: Count) -> None:
    cast.hand(cast.open_ticket(), cast.bob, cast.carol)
    wrongly = cast.hand(cast.open_ticket(), cast.bob, cast.carol, cast.alice, cast.luis)
    for flag in Flag.objects.filter(ticket=wrongly, kind="bounced"):
        flags.call_false_alarm(flag=flag.pk, by=cast.lars, note="One family, three shops.")
    cast.hand(cast.open_ticket(), cast.bob)

    assert count(measures.OPENED) == Tally(3, {"bounced": 1})


def test_the_first_owner_resolved_it_when_whoever_resolved_it_had_it_first(cast: Cast, count: Count) -> None:
    straight, passed = cast.open_ticket(), cast.hand(cast.open_ticket(), cast.bob)
    keep_all(passed, cast.bob)
    resolve(straight, cast.alice)
    resolve(passed, cast.bob)
    withdrawn = cast.open_ticket()
    resolution.close(ticket=withdrawn.pk, by=cast.alice, outcome=Outcome.WITHDRAWN, root_cause="billing")

    assert count(measures.RESOLVED) == Tally(2, {"first_owner": 1})


def test_contacts_count_and_chasing_is_a_part_of_them(cast: Cast, count: Count) -> None:
    ticket = cast.open_ticket()
    contacts.contact(ticket=ticket.pk, by=cast.alice, direction="outbound")
    contacts.contact(ticket=ticket.pk, by=cast.alice, direction="inbound", chase=True)
    contacts.note(ticket=ticket.pk, by=cast.alice, text="Not a contact.")

    assert count(measures.CONTACTS) == Tally(2, {"chases": 1})


def test_what_was_no_complaint_is_never_measured(cast: Cast, count: Count) -> None:
    spam = cast.hand(cast.open_ticket(), cast.bob)
    holds.start(ticket=spam.pk, by=cast.bob, kind=HoldKind.CALL)
    contacts.contact(ticket=spam.pk, by=cast.bob, direction="inbound")
    keep_all(spam, cast.bob)
    assert all(count(measure).count for measure in MEASURES if measure not in (measures.RESOLVED, measures.PROMISES))

    for hold in spam.holds.filter(ended_at=None):
        holds.end(hold=hold.pk, by=cast.bob)
    resolution.close(ticket=spam.pk, by=cast.bob, outcome=Outcome.SPAM)

    assert [count(measure).count for measure in MEASURES] == [0] * len(MEASURES)


def test_a_history_is_measured_by_what_it_knows(cast: Cast, count: Count, tmp_path: Path) -> None:
    import_it(tmp_path, manager="maya")

    assert count(measures.CHANGES) == Tally(3, {"came_back": 1})
    assert count(measures.OPENED).count == 3
    assert count(measures.RESOLVED) == Tally(2, {"first_owner": 2})
    # It knows how long a customer waited, but of no promised return.
    waited = count(measures.HOLDS)
    assert (waited.parts, waited.longest) == ({"promised": 0, "overdue": 0, "lost": 0}, 4 * 86400)
    assert count(measures.ACCEPTANCES).count == count(measures.PROMISES).count == 0


def test_a_history_counts_is_left_out_or_stands_alone(cast: Cast, count: Count, tmp_path: Path) -> None:
    cast.open_ticket()
    import_it(tmp_path, manager="maya")

    opened = {imported: count(measures.OPENED, imported=imported).count for imported in Imported}

    assert opened == {Imported.COUNTED: 4, Imported.LEFT_OUT: 1, Imported.ONLY: 3}
    lived = {
        imported: scopes.lived(Scope(DAYS, None, imported=imported).tickets(), now=MONDAY) for imported in Imported
    }
    assert lived[Imported.ONLY] == (utc(2027, 2, 1, 10), utc(2027, 2, 10, 9))
    assert lived[Imported.COUNTED] == (utc(2027, 2, 1, 10), MONDAY)


def test_only_tickets_of_the_teams_the_category_and_the_channel_count(cast: Cast, count: Count) -> None:
    cast.open_ticket(category="refund", channel="email")
    cast.open_ticket(cast.luis, team=cast.logistics)

    said = [
        {"teams": cast.lars.led_team_ids},
        {"teams": cast.petra.led_team_ids},
        {"category": "refund"},
        {"category": ""},
        {"channel": "email"},
        {"teams": frozenset()},
    ]

    assert [count(measures.OPENED, **each).count for each in said] == [1, 2, 1, 1, 1, 0]


def test_a_tally_is_split_by_week_team_and_category(cast: Cast, count: Count, monday: TimeMachineFixture) -> None:
    cast.open_ticket(category="refund")
    cast.open_ticket(cast.luis, team=cast.logistics)
    monday.move_to(MONDAY + timedelta(days=6, hours=14.5), tick=False)  # Sunday night; in Berlin it is Monday
    cast.open_ticket()
    scope = Scope(DAYS, None)

    def groups(by: Group) -> dict[object, int]:
        return {key: found.count for key, found in tally(measures.OPENED, scope, by)[1].items()}

    assert groups(Group.WEEK) == {date(2027, 3, 1): 3}
    with timezone.override("Europe/Berlin"):
        assert groups(Group.WEEK) == {date(2027, 3, 1): 2, date(2027, 3, 8): 1}
    assert groups(Group.MONTH) == {date(2027, 3, 1): 3}
    assert groups(Group.TEAM) == {cast.billing.pk: 2, cast.logistics.pk: 1}
    assert groups(Group.CATEGORY) == {"refund": 1, "": 2}


def test_a_measure_costs_one_statement(cast: Cast, count: Count) -> None:
    for measure in MEASURES:
        with CaptureQueriesContext(connection) as captured:
            count(measure)
        assert len(captured) == 1, measure.slug
