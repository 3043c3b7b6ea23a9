"""An understaffed day under other thresholds: the preview of them, and the same day really played with them."""

from collections import Counter
from dataclasses import replace

import pytest
from django.db import transaction

from insights import previews
from tests.week.rates import UNDERSTAFFED
from tests.week.simulation import Week, simulate
from tickets.models import Flag

# Nothing that would have reminded anybody sooner or later: then they would have done something else.
STRICTER = {
    "acknowledge_phone_seconds": 30 * 60,
    "bounced_amber_owners": 2,
    "bounced_red_owners": 3,
    "repeat_contact_amber_chases": 1,
    "refused_amber_offers": 1,
    "promise_red_seconds": 5 * 60,
    "unintroduced_red_seconds": 2 * 60 * 60,
    "packet_owed_amber_seconds": 5 * 60,
}
LAXER = {
    "acknowledge_phone_seconds": 2 * 60 * 60,
    "bounced_amber_owners": 4,
    "bounced_red_owners_chased": 4,
    "ping_pong_amber_returns": 2,
    "hot_potato_amber_owners": 4,
    "promise_red_seconds": 60 * 60,
    "manager_asked_amber_seconds": 30 * 60,
}


# What a manager would have closed, and had again, no preview knows: these have no time to close anything.
RATES = replace(UNDERSTAFFED, manager_closes_flags=0.0)


def play(thresholds: dict[str, int]) -> Week:
    """Play the day."""
    return simulate(RATES, seed=2, reps=4, length=1, left_over_each=8, thresholds=thresholds)


def raised(day: Week) -> Counter[tuple[str, str]]:
    """Return how many flags were raised, by kind and level."""
    return Counter(Flag.objects.filter(raised_at__gte=day.since).values_list("kind", "level"))


@pytest.mark.django_db
def test_a_preview_gives_what_the_day_would_have_given() -> None:
    with transaction.atomic():
        day = play({})
        really = raised(day)
        previewed = {}
        for name, thresholds in (("stricter", STRICTER), ("laxer", LAXER)):
            rows = previews.preview(day.team, thresholds, since=day.since, until=day.until).rows
            assert Counter({(row.kind, row.level): row.now for row in rows if row.now}) == really
            previewed[name] = Counter({(row.kind, row.level): row.then for row in rows if row.then})
        transaction.set_rollback(True)
    assert previewed["stricter"].total() > really.total() > previewed["laxer"].total()
    with transaction.atomic():
        assert previewed["stricter"] == raised(play(STRICTER))
        transaction.set_rollback(True)
    assert previewed["laxer"] == raised(play(LAXER))
