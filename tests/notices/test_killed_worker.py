"""A real worker, killed in the middle of a delivery: nothing is lost, and the receiver can tell."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import F

from notices import delivery
from notices.models import Notice, Webhook
from notices.tasks import deliver_notices
from tests.children import database_url
from tests.notices.conftest import Tell
from tests.notices.receivers import Receiver

PATIENCE = 30  # seconds: mostly for a Python to start on a busy machine

pytestmark = pytest.mark.django_db(transaction=True)


@contextlib.contextmanager
def worker(log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker in processes of its own, which are gone when the block ends."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.notices.worker_settings",
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
    }
    command = [sys.executable, "-m", "celery", "-A", "ownership_tracker", "worker", "--concurrency", "1"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--loglevel", "WARNING"],
            env=environment,
            cwd=settings.BASE_DIR,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(true: Callable[[], bool], log: Path) -> None:
    """Wait until something is true, and not for ever."""
    limit = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < limit, log.read_text()
        time.sleep(0.05)


def test_a_worker_killed_while_it_delivers_loses_nothing(
    webhook: Webhook, receiver: Receiver, tell: Tell, tmp_path: Path
) -> None:
    tell("reopened")
    tell("taken_over")
    of_webhook = Notice.objects.filter(webhook=webhook)
    log = tmp_path / "log"
    receiver.answering.clear()  # it has got the message, but does not say so yet
    with worker(log) as first:
        deliver_notices.delay()
        wait_until(lambda: len(receiver.received) == 1, log)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    assert list(of_webhook.values_list("state", "attempts")) == [("queued", 0)] * 2

    receiver.answering.set()
    with worker(log):
        # The clock of another process cannot be moved: let the dead worker's claim run out here.
        Notice.objects.filter(state="queued").update(next_attempt_at=F("next_attempt_at") - delivery.CLAIMED_FOR)
        deliver_notices.delay()
        wait_until(lambda: of_webhook.filter(state="delivered").count() == 2, log)

    assert receiver.kinds() == ["reopened", "reopened", "taken_over"]
    assert receiver.received[0].id == receiver.received[1].id
    assert list(of_webhook.order_by("number").values_list("attempts", flat=True)) == [1, 1]
