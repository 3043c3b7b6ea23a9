"""Teams: who leads which, and when they are at work."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from people.models import Closed, Team, check_hours, office_hours
from people.working_time import add
from tests.cast import Cast, utc


@pytest.mark.parametrize(
    ("who", "teams"),
    [
        ("petra", {"care", "billing", "logistics"}),
        ("maya", {"billing"}),
        ("dora", {"billing"}),
        ("lars", {"logistics"}),
        ("alice", set()),
        ("adam", set()),
    ],
)
def test_managers_and_deputies_lead_their_teams_and_all_below(cast: Cast, who: str, teams: set[str]) -> None:
    person = getattr(cast, who)
    assert set(Team.objects.led_by(person).values_list("slug", flat=True)) == teams
    assert person.led_team_ids == set(Team.objects.filter(slug__in=teams).values_list("id", flat=True))


def test_however_deep(cast: Cast) -> None:
    below = Team.objects.create(slug="deep", name="Deep", manager=cast.maya, parent=cast.logistics)
    assert below in Team.objects.led_by(cast.petra)
    assert below in Team.objects.led_by(cast.lars)


def test_a_circle_of_parents_ends(cast: Cast) -> None:
    Team.objects.filter(pk=cast.care.pk).update(parent=cast.billing)
    assert {team.slug for team in Team.objects.led_by(cast.maya)} == {"care", "billing", "logistics"}


def test_it_works_in_its_own_hours_and_zone(cast: Cast) -> None:
    cast.billing.hours, cast.billing.time_zone = {"mon": [["09:00", "12:30"]]}, "Asia/Kolkata"
    calendar = cast.billing.calendar
    assert add(calendar, utc(2027, 3, 1), timedelta(hours=1)) == utc(2027, 3, 1, 4, 30)
    assert calendar.week[1:] == ((),) * 6


def test_who_says_nothing_works_from_nine_to_five_on_weekdays() -> None:
    hours = office_hours()
    assert [day for day, shifts in hours.items() if shifts == [["09:00", "17:00"]]] == [
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
    ]
    assert hours["sat"] == hours["sun"] == []


def test_it_is_closed_on_the_public_holidays_where_it_works(cast: Cast) -> None:
    cast.billing.country, cast.billing.subdivision = "DE", "BY"
    closed = Closed(cast.billing)
    assert date(2027, 12, 25) in closed
    assert date(2027, 1, 6) in closed  # Epiphany, in Bavaria
    assert date(2027, 1, 7) not in closed
    cast.billing.subdivision = "BE"
    assert date(2027, 1, 6) not in Closed(cast.billing)


def test_it_is_closed_on_days_of_its_own(cast: Cast) -> None:
    cast.billing.closed_on = [date(2027, 3, 1)]
    assert date(2027, 3, 1) in Closed(cast.billing)
    assert date(2027, 12, 25) not in Closed(cast.billing)
    assert add(cast.billing.calendar, utc(2027, 3, 1, 12), timedelta(hours=1)) == utc(2027, 3, 2, 1)


@pytest.mark.parametrize(
    "week",
    [
        {"mon": [["09:00", "17:00"]]},
        {"mon": [["22:00", "06:00"]], "tue": []},
        {"sun": [["00:00", "00:00"]]},
        {"wed": [["09:00", "12:00"], ["13:00", "17:00"]]},
    ],
)
def test_hours_like_these_are_fine(week: Any) -> None:
    check_hours(week)


@pytest.mark.parametrize(
    "week",
    [
        {},
        {"mon": []},
        {"monday": [["09:00", "17:00"]]},
        {"mon": [["9", "17"]]},
        {"mon": [["09:00"]]},
        {"mon": [["09:00", "25:00"]]},
        {"mon": ["09:00", "17:00"]},
        {"mon": "09:00-17:00"},
        {"mon": None},
        [["09:00", "17:00"]],
        None,
        {"mon": [[9, 17]]},
    ],
)
def test_hours_like_these_are_not(week: Any) -> None:
    with pytest.raises(ValidationError):
        check_hours(week)
