"""How far behind the clocks between colleagues are."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from handoffs import covers, expiry, help_requests, lags, manager_requests, overdue, ringing
from tests.cast import Cast, in_hours

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _morning(monday: TimeMachineFixture) -> None:
    pass


def test_nothing_waits(cast: Cast) -> None:
    assert lags.lag() == timedelta()
    cast.offer(cast.open_ticket(), cast.bob)
    assert lags.lag() == timedelta(), "an offer that is still in time keeps nobody waiting"


@pytest.mark.parametrize("what", ["offer", "question", "manager", "cover"])
def test_whatever_waits_longest_says_how_long(cast: Cast, what: str) -> None:
    ticket = cast.open_ticket()
    due: dict[str, Any] = {
        "offer": lambda: cast.offer(ticket, cast.bob, urgency="now").due_at,
        "question": lambda: (
            help_requests.ask(
                ticket=ticket.pk, by=cast.alice, asked=cast.bob, question="Which bank?", answer_by=in_hours(2)
            ).check_at
        ),
        "manager": lambda: manager_requests.ask(ticket=ticket.pk, by=cast.alice).check_at,
        "cover": lambda: covers.ask(by=cast.alice, covering=cast.bob, until=in_hours(8)).check_at,
    }
    since = due[what]()
    assert lags.lag(at=since + 7 * MINUTE) == 7 * MINUTE
    for clock in (expiry, overdue, ringing, covers):
        clock.sweep(at=since + 7 * MINUTE)
    assert lags.lag(at=since + 7 * MINUTE) == timedelta()
