"""The clock, for real: a Celery worker and its beat, in processes of their own, expire what is due."""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from handoffs.models import Handoff
from handoffs.protocol import State, Urgency
from notices.models import Notice
from ownership_tracker.processes import spawn, stop
from tests.cast import Cast
from tests.children import database_url
from tests.invariants import broken_invariants
from tickets.models import Entry

PATIENCE = 15  # seconds: mostly for two Pythons to start on a busy machine
CELERY = [sys.executable, "-m", "celery", "--quiet", "-A", "ownership_tracker"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A worker and a beat that run during the test; yields the file into which they write."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.hasty_settings")
    monkeypatch.setenv("DATABASE_URL", database_url())
    monkeypatch.setenv("REDIS_URL", settings.REDIS_URL)
    commands = (
        [*CELERY, "worker", "--loglevel", "WARNING", "--concurrency", "1"],
        [*CELERY, "beat", "--loglevel", "WARNING", "--schedule", str(tmp_path / "beat")],
    )
    processes = []
    with (tmp_path / "log").open("wb") as log:
        try:
            for command in commands:
                processes.append(spawn(command, home=tmp_path, output=log, cwd=settings.BASE_DIR))
            yield tmp_path / "log"
        finally:
            stop(*processes)


def test_an_offer_that_nobody_answers_expires_by_itself_and_is_told_once(cast: Cast, clock: Path) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    forgotten = cast.offer(cast.open_ticket(at=yesterday), cast.bob, urgency=Urgency.NOW, at=yesterday)
    in_time = cast.offer(cast.open_ticket(), cast.bob)

    limit = time.monotonic() + PATIENCE
    while not Handoff.objects.filter(pk=forgotten.pk, state=State.EXPIRED).exists():
        assert time.monotonic() < limit, f"it does not expire: {clock.read_text()}"
        time.sleep(0.1)
    time.sleep(2)  # two more strikes of the clock, which must find nothing to do

    assert Handoff.objects.get(pk=in_time.pk).state == State.OFFERED
    assert Entry.objects.filter(ticket=forgotten.ticket, kind="handoff_expired").count() == 1
    told = Notice.objects.filter(
        about=forgotten.ticket.reference, kind__in=("handoff_expired", "manager_called", "flag_raised")
    )
    # Alice, who asked, Bob, who was asked, and Maya, who manages the team.
    assert Counter(told.values_list("kind", "person__username")) == {
        ("handoff_expired", "alice"): 1,
        ("handoff_expired", "bob"): 1,
        ("manager_called", "maya"): 1,
        # Nobody had acknowledged it for a day: the other sweep saw that, once as well; red, so Dora is told, too.
        ("flag_raised", "maya"): 1,
        ("flag_raised", "dora"): 1,
    }
    assert broken_invariants() == []
