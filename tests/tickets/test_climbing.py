"""Red flags that nobody takes on climb: manager and deputy first, then the managers above."""

from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from handoffs import presence
from people import lines
from people.models import Team
from tests.cast import MONDAY, Cast, entries, told
from tickets import climbing, flags, resolution, sweeps
from tickets.bounces import Finding
from tickets.kinds import FlagKind, Level
from tickets.models import Flag, Ticket
from tickets.states import Outcome

HOUR = timedelta(hours=1)


def raised(ticket: Ticket, level: Level = Level.RED) -> Flag:
    """Return a flag, raised on Monday at nine."""
    return flags.raise_for(ticket, [Finding(FlagKind.BOUNCED, level, {"owners": 4})], at=MONDAY)[0]


@pytest.fixture
def complaint(monday: TimeMachineFixture, cast: Cast) -> Ticket:
    """Alice's."""
    return cast.open_ticket()


def test_an_amber_flag_is_the_managers(cast: Cast, complaint: Ticket) -> None:
    raised(complaint, Level.AMBER)
    assert (told(cast.maya), told(cast.dora)) == (["flag_raised"], [])
    assert climbing.sweep(at=MONDAY + 9 * HOUR) == 0


def test_when_the_manager_is_away_the_deputy_is_told(cast: Cast, complaint: Ticket) -> None:
    presence.set_presence(person=cast.maya, presence_now="away")
    complaint.team.manager.refresh_from_db()
    raised(complaint, Level.AMBER)
    assert told(cast.dora) == ["flag_raised"]


def test_a_red_one_is_the_deputys_too_and_after_an_hour_the_next_managers(cast: Cast, complaint: Ticket) -> None:
    raised(complaint)
    assert told(cast.maya) == told(cast.dora) == ["flag_raised"]
    assert climbing.sweep(at=MONDAY + HOUR - timedelta(seconds=1)) == 0
    assert climbing.sweep(at=MONDAY + HOUR) == 1
    assert climbing.sweep(at=MONDAY + HOUR) == 0
    assert told(cast.petra) == ["flag_climbed"]
    assert entries(complaint)[-1] == "flag_climbed"


def test_a_climb_that_nobody_sees_to_is_a_lag(cast: Cast, complaint: Ticket) -> None:
    raised(complaint)
    Ticket.objects.filter(pk=complaint.pk).update(check_at=None)
    assert sweeps.lag(at=MONDAY + HOUR) == timedelta()
    assert sweeps.lag(at=MONDAY + 3 * HOUR) == 2 * HOUR


def test_it_ends_at_the_top(cast: Cast, complaint: Ticket) -> None:
    top = Team.objects.create(slug="company", name="Company", manager=cast.lars)
    Team.objects.filter(pk=cast.care.pk).update(parent=top)
    flag = raised(complaint)
    for hour in range(1, 6):
        climbing.sweep(at=MONDAY + hour * HOUR)
    flag.refresh_from_db()
    assert (flag.climbs_at, told(cast.petra), told(cast.lars)) == (None, ["flag_climbed"], ["flag_climbed"])
    # More evidence for the same flag does not begin it again.
    flags.raise_for(complaint, [Finding(FlagKind.BOUNCED, Level.RED, {"owners": 5})], at=MONDAY + 6 * HOUR)
    assert Flag.objects.get().climbs_at is None


def test_one_that_rises_climbs_from_then_on(cast: Cast, complaint: Ticket) -> None:
    raised(complaint, Level.AMBER)
    rose = flags.raise_for(complaint, [Finding(FlagKind.BOUNCED, Level.RED)], at=MONDAY + 3 * HOUR)[0]
    assert rose.climbs_at == MONDAY + 4 * HOUR


@pytest.mark.parametrize("deal", ["take_on", "close", "end_the_ticket"])
def test_whoever_deals_with_it_ends_the_climb(cast: Cast, complaint: Ticket, deal: str) -> None:
    flag = raised(complaint)
    if deal == "take_on":
        flags.take_on(flag=flag.pk, by=cast.dora)
    elif deal == "close":
        flags.close(flag=flag.pk, by=cast.maya, note="Spoke with both.")
    else:
        resolution.close(ticket=complaint.pk, by=cast.alice, outcome=Outcome.SPAM)
    climbing.sweep(at=MONDAY + 9 * HOUR)
    assert told(cast.petra) == []


def test_the_hour_is_one_of_work(cast: Cast, complaint: Ticket) -> None:
    cast.billing.hours = {"tue": [["09:00", "17:00"]]}
    cast.billing.save()
    complaint.team.refresh_from_db()
    assert raised(complaint).climbs_at == MONDAY + 25 * HOUR


def test_a_circle_of_teams_ends_the_walk(cast: Cast) -> None:
    Team.objects.filter(pk=cast.care.pk).update(parent=cast.billing)
    billing = Team.objects.get(pk=cast.billing.pk)
    assert lines.managers_above(billing) == [cast.petra]
    assert lines.ladder(billing) == [cast.maya, cast.dora, cast.petra]
