"""A team's own thresholds: what its manager sets holds from then on, on the record."""

from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from people.errors import Incomplete, NotYours
from people.models import Team
from tests.cast import MONDAY, Cast, entries, flags_of
from tickets import contacts, flags, sweeps, thresholds, tuning
from tickets.models import Flag, ThresholdChange, Ticket

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def tune(cast: Cast, **numbers: int) -> Team:
    """Return Billing with thresholds of its own, set by Maya."""
    return tuning.change(team=cast.billing.pk, by=cast.maya, thresholds_now=numbers)


@pytest.fixture
def quiet(monday: TimeMachineFixture, cast: Cast) -> Ticket:
    """Alice's, acknowledged on Monday; nothing is promised that comes before Friday."""
    ticket = cast.open_ticket()
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="Friday.", next_contact_at=MONDAY + 0.1 * DAY)
    for promise in ticket.promises.all():
        promise.state, promise.ended_at = "kept", MONDAY
        promise.save()
    return ticket


def test_what_is_set_holds_for_what_comes(monday: TimeMachineFixture, cast: Cast) -> None:
    tune(cast, acknowledge_phone_seconds=600)
    cast.billing.refresh_from_db()
    ticket = cast.open_ticket()
    assert ticket.acknowledge_by == MONDAY + 10 * MINUTE
    sweeps.sweep(at=MONDAY + 10 * MINUTE)
    assert flags_of(ticket) == {"unacknowledged": "red"}


def test_other_teams_keep_theirs(cast: Cast) -> None:
    tune(cast, acknowledge_phone_seconds=600)
    cast.logistics.refresh_from_db()
    assert thresholds.of(cast.logistics.thresholds) == thresholds.DEFAULTS


def test_what_was_not_too_long_yet_may_be_by_now(monday: TimeMachineFixture, cast: Cast, quiet: Ticket) -> None:
    sweeps.sweep(at=MONDAY + 2 * DAY)
    assert flags_of(quiet) == {}
    monday.shift(2 * DAY)
    tune(cast, silent_amber_days=1)
    sweeps.sweep()
    assert flags_of(quiet) == {"silent": "amber"}


def test_what_has_had_its_flag_gets_no_second_one(monday: TimeMachineFixture, cast: Cast, quiet: Ticket) -> None:
    monday.shift(4 * DAY)
    sweeps.sweep()
    flags.close(flag=Flag.objects.get().pk, by=cast.maya, note="She is on holiday.")
    before = entries(quiet)
    tune(cast, silent_amber_days=2)
    sweeps.sweep()
    assert (flags_of(quiet), entries(quiet)) == ({}, before)
    tune(cast, silent_amber_days=2, silent_red_days=3)
    sweeps.sweep()
    assert flags_of(quiet) == {"silent": "red"}


def test_a_laxer_team_sees_its_flag_clear(monday: TimeMachineFixture, cast: Cast, quiet: Ticket) -> None:
    monday.shift(4 * DAY)
    sweeps.sweep()
    assert flags_of(quiet) == {"silent": "amber"}
    tune(cast, silent_amber_days=20, silent_red_days=30)
    sweeps.sweep()
    assert flags_of(quiet) == {}


def test_the_bounce_rules_follow_too(cast: Cast, ticket: Ticket) -> None:
    tune(cast, bounced_amber_owners=2, bounced_red_owners=2, bounced_red_owners_chased=2)
    moved = cast.hand(ticket, cast.bob)
    assert flags_of(moved) == {"bounced": "red"}


def test_each_change_is_on_the_record_and_none_that_is_none(cast: Cast) -> None:
    tune(cast, silent_amber_days=2)
    tune(cast, silent_amber_days=2, silent_red_days=5)  # five is the default
    tune(cast)
    records = ThresholdChange.objects.order_by("pk")
    assert [(record.by, record.before, record.after) for record in records] == [
        (cast.maya, {}, {"silent_amber_days": 2}),
        (cast.maya, {"silent_amber_days": 2}, {}),
    ]


def test_whoever_leads_the_team_sets_them(cast: Cast) -> None:
    for who in (cast.dora, cast.petra):
        tuning.change(team=cast.billing.pk, by=who, thresholds_now={"silent_amber_days": 2})
    for who in (cast.alice, cast.lars, cast.ada, cast.adam, cast.form):
        with pytest.raises(NotYours):
            tuning.change(team=cast.billing.pk, by=who, thresholds_now={})


@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        ({"silent_amber_days": 0}, "silent_amber_days"),
        ({"silent_amber_days": 61}, "silent_amber_days"),
        ({"silent_amber_days": 6}, "silent_amber_days"),
        ({"silent_red_days": 2}, "silent_red_days"),
        ({"call_hold_reminder_seconds": 130}, "call_hold_reminder_seconds"),
        ({"unheard_of": 3}, "unheard_of"),
    ],
)
def test_what_cannot_be_is_refused_by_name(cast: Cast, numbers: dict[str, int], named: str) -> None:
    with pytest.raises(Incomplete) as refused:
        tune(cast, **numbers)
    assert list(refused.value.fields) == [named]
    assert not ThresholdChange.objects.exists()


@pytest.mark.parametrize("amber", [name for name in thresholds.NAMES if "_amber_" in name])
def test_amber_never_lies_beyond_red(amber: str) -> None:
    assert thresholds.wrong_with({amber: 9, amber.replace("amber", "red"): 8})
