"""Time that passes with its sweeps, and what other thresholds would have given meanwhile."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from insights import previews
from tests.cast import Cast
from tests.week.stage import SWEEPS

Wait = Callable[[timedelta], None]
Given = Callable[..., dict[str, tuple[int, int, int]]]


@pytest.fixture
def wait(monday: TimeMachineFixture) -> Wait:
    """A function that lets time pass, and every sweep come by at its end."""

    def pass_time(length: timedelta) -> None:
        monday.shift(length)
        for sweep in SWEEPS:
            sweep()

    return pass_time


@pytest.fixture
def given(cast: Cast) -> Given:
    """A function that returns Billing's preview, as {"kind level": (raised, now, then)}, for some thresholds."""

    def preview(**thresholds_now: int) -> dict[str, tuple[int, int, int]]:
        team = type(cast.billing).objects.get(pk=cast.billing.pk)
        found = previews.last_week(team=team, by=cast.maya, thresholds_now=thresholds_now)
        return {f"{row.kind} {row.level}": (row.raised, row.now, row.then) for row in found.rows}

    return preview
