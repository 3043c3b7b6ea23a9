"""A simulated ordinary week of a team of twelve with fifty calls a day each: a handful of flags a day.

If one of the numbers here changes, either the product now tells managers of more (or less) than it did, or the
week is another one: then look at `Flag` before you write down the new number. How it is played: `tests.week`.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from handoffs.models import Handoff, HelpRequest, ManagerRequest
from insights import previews
from notices.models import Notice
from people.models import Cover
from tests.games.floor import check_deferred_keys
from tests.invariants import broken_invariants
from tests.week.rates import ORDINARY
from tests.week.simulation import LEFT_OVER_EACH, Week, simulate
from tickets import limits
from tickets.kinds import PromiseState
from tickets.models import Entry, Flag, Hold, Promise, Ticket

# It is played once for all of them, in one worker.
pytestmark = [pytest.mark.xdist_group("week"), pytest.mark.django_db]

A_HANDFUL = 6


@pytest.fixture(scope="module")
def week(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Week]:
    """The week, in a transaction that is rolled back when its tests are over."""
    with django_db_blocker.unblock(), transaction.atomic():
        try:
            yield simulate(ORDINARY, seed=2)
        finally:
            transaction.set_rollback(True)


def flags_a_day(week: Week) -> dict[str, int]:
    """Return how many flags were raised on each day of the week, by the team's clock."""
    zone = week.team.calendar.zone
    raised = Flag.objects.filter(raised_at__gte=week.since).order_by("raised_at").values_list("raised_at", flat=True)
    return dict(Counter(at.astimezone(zone).strftime("%a") for at in raised))


def test_a_manager_sees_between_one_and_four_flags_a_day(week: Week) -> None:
    a_day = flags_a_day(week)
    assert a_day == {"Mon": 3, "Tue": 4, "Wed": 2, "Thu": 3, "Fri": 1}
    assert max(a_day.values()) <= A_HANDFUL


def test_and_is_told_of_each_flag_when_it_is_raised_and_when_it_rises(week: Week) -> None:
    raised, rose = Flag.objects.count(), Flag.objects.filter(rose_at__isnull=False).count()
    told = Notice.objects.filter(person=week.team.manager, kind__in=["flag_raised", "flag_rose", "flag_climbed"])
    assert told.count() == raised + rose


def test_most_of_them_are_amber_and_about_promises(week: Week) -> None:
    assert Counter(Flag.objects.values_list("kind", "level")) == {
        ("promise_broken", "amber"): 4,
        ("promise_broken", "red"): 3,
        ("unacknowledged", "amber"): 2,
        ("unacknowledged", "red"): 2,
        ("help_unanswered", "amber"): 1,
        ("repeat_contact", "amber"): 1,
    }


def test_nobody_is_overloaded(week: Week) -> None:
    assert not Flag.objects.exclude(capacity=None).exists()


def test_it_was_an_ordinary_week(week: Week) -> None:
    calls = week.calls
    assert sum(calls[kind] for kind in ORDINARY.kinds) == 12 * 5 * 50
    # A seventh of the calls are complaints; the others ask something, or want somebody else.
    assert calls["complaint"] == 399
    assert Ticket.objects.count() == calls["complaint"] + calls["by_mistake"] + 12 * LEFT_OVER_EACH
    assert Ticket.objects.filter(status="resolved").count() > 0.9 * calls["complaint"]
    assert Promise.objects.filter(state=PromiseState.KEPT).count() > 400
    assert Handoff.objects.filter(state="accepted").count() > 10
    assert HelpRequest.objects.filter(state="answered").count() > 20
    assert ManagerRequest.objects.filter(state="answered").count() >= 2
    assert Hold.objects.filter(kind="call").count() > 80
    assert Hold.objects.filter(kind="ticket").count() > 20
    assert Cover.objects.exclude(accepted_at=None).count() > 50


def test_wrong_numbers_enquiries_and_who_is_no_complaint_raised_nothing(week: Week) -> None:
    calls = week.calls
    assert calls["wrong_number"] + calls["enquiry"] > 2000
    # What touched no ticket left nothing at all: everything that is there is a complaint's, or a mistake.
    none = Ticket.objects.filter(outcome__in=["wrong_number", "not_a_complaint"]).values_list("pk", flat=True)
    assert len(none) == calls["by_mistake"] == 27
    assert not Flag.objects.filter(ticket__in=list(none)).exists()
    kinds = Entry.objects.filter(ticket__in=list(none)).values_list("kind", flat=True)
    assert set(kinds) == {"opened", "closed"}


def test_what_had_an_end_has_no_flag_that_should_have_cleared(week: Week) -> None:
    ended = Flag.objects.filter(status__in=Flag.OPEN, ticket__live=None)
    assert [flag for flag in ended if limits.clears(flag.kind, flag.level)] == []


def test_the_preview_of_the_present_thresholds_gives_exactly_what_was_raised(week: Week) -> None:
    found = previews.preview(week.team, {}, since=week.since, until=week.until).rows
    raised = Flag.objects.filter(raised_at__gte=week.since).values_list("kind", "level")
    assert {(row.kind, row.level): row.raised for row in found} == Counter(raised)
    assert [row.now for row in found] == [row.then for row in found] == [row.raised for row in found]


def test_stricter_thresholds_would_have_given_more_and_laxer_ones_fewer(week: Week) -> None:
    def total(**thresholds_now: int) -> int:
        found = previews.preview(week.team, thresholds_now, since=week.since, until=week.until)
        return sum(row.then for row in found.rows)

    present = sum(flags_a_day(week).values())
    assert total(acknowledge_phone_seconds=20 * 60) > 2 * present
    assert total(acknowledge_phone_seconds=2 * 60 * 60) < present
    # A team that reads of every second chase, and of everybody who is on hold for longer than a minute.
    assert total(repeat_contact_amber_chases=1, call_hold_amber_seconds=60) > 2 * present


def test_after_it_everything_is_as_promised(week: Week) -> None:
    check_deferred_keys()
    assert broken_invariants() == []
