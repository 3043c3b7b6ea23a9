"""What every test starts from."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient
from time_machine import TimeMachineFixture

from handoffs.models import Handoff
from people import memory
from people.models import Person
from tests.cast import MONDAY, Cast, client_of, make_cast
from tickets import looks
from tickets.models import Ticket


@pytest.fixture(autouse=True)
def _empty_memory() -> None:
    """No remembered token, no count of requests, no logged look is left from the test before."""
    memory.valkey().flushdb()
    looks.log_hour.cache_clear()


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody (see `tests.cast`)."""
    return make_cast()


@pytest.fixture
def monday(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    """It is Monday, nine o'clock, and time stands still until it is moved."""
    time_machine.move_to(MONDAY, tick=False)
    return time_machine


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """A new ticket of Alice's, in Billing."""
    return cast.open_ticket()


@pytest.fixture
def offer(cast: Cast, ticket: Ticket) -> Handoff:
    """Alice's offer of it to Bob."""
    return cast.offer(ticket, cast.bob)


@pytest.fixture
def api(db: None) -> Callable[[Person], APIClient]:
    """A function that returns somebody's API client."""
    return client_of
