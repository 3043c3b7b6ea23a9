"""A telephone system of Billing's, and the tracker behind a door."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pytest_django.live_server_helper import LiveServer

from phones import sources
from phones.models import Source
from tests.cast import Cast, make_cast
from tests.phones.asterisk.ami import Manager, managing
from tests.phones.asterisk.listening import Door


@dataclass
class Line:
    """Both sides of a listener: Asterisk's manager, and the tracker with the source that it knows us by."""

    manager: Manager
    door: Door
    source: Source
    token: str
    cast: Cast


@pytest.fixture
def line(transactional_db: None, live_server: LiveServer) -> Iterator[Line]:
    """Asterisk and the tracker, both running."""
    cast = make_cast()
    source, token = sources.create(by=cast.adam, slug="asterisk", name="Asterisk", team=cast.billing, region="US")
    door = Door(live_server.thread.port)
    door.open()
    with managing() as manager:
        yield Line(manager, door, source, token, cast)
    door.shut()
