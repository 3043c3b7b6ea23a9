"""Where things fail: an installation, those who work with it, and those whom it tells."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from celery import Celery
from django.utils import timezone

from notices.models import Notice
from ownership_tracker import lag, local
from tests.cast import Cast
from tests.faults import checks, duties
from tests.faults.callers import Caller, assert_done_once
from tests.faults.installation import Installation
from tests.faults.lengths import LENGTHS
from tests.faults.letters import Letters
from tests.notices.receivers import Receiver
from tickets.models import Entry, Flag, Ticket

State = Notice.State


@dataclass
class World:
    """All of it; `figures` are told at the end of a soak."""

    installation: Installation
    cast: Cast
    receiver: Receiver
    letters: Letters
    figures: Counter[str] = field(default_factory=Counter)
    latest: float = 0  # seconds by which the latest clock was late

    @contextlib.contextmanager
    def load(self) -> Iterator[list[Caller]]:
        """Two reps at work, in two teams, until the block ends; then what they did is checked."""
        cast, port = self.cast, self.installation.port
        callers = [
            Caller(port, rep=cast.alice, colleague=cast.bob, team=cast.billing),
            Caller(port, rep=cast.luis, colleague=cast.lena, team=cast.logistics),
        ]
        for caller in callers:
            caller.start()
        try:
            self.wait_until_answered(callers, since=0)
            yield callers
        except BaseException:
            for caller in callers:
                caller.given_up.set()
            raise
        finally:
            for caller in callers:
                caller.leaving.set()
            for caller in callers:
                caller.join()
        self._count(callers)
        assert_done_once(callers)

    def wait_until_answered(self, callers: list[Caller], *, since: float, requests: int = 5) -> None:
        """Wait until each of the callers has got so many answers to what they sent since a moment."""
        what = f"each caller has {requests} answers"
        self.installation.wait_until(lambda: all(each.answered(since) >= requests for each in callers), what)

    def _count(self, callers: list[Caller]) -> None:
        for request in (request for caller in callers for request in caller.journal):
            self.figures["requests answered"] += 1
            self.figures["requests repeated"] += len(request.tries) - 1
            self.figures["requests that had been done when they were repeated"] += request.replayed
            for each in request.tries[:-1]:
                self.figures["lines that broke" if each.status == 0 else f"answers of {each.status}"] += 1

    def settle(self) -> None:
        """Wait until nothing is due and nothing is queued any more."""
        if LENGTHS.hurried:
            # What a killed worker had claimed, and what is to be tried again, need not take its minutes.
            Notice.objects.filter(state=State.QUEUED).update(next_attempt_at=timezone.now())
        self.installation.wait_until(self._calm, "all is calm", seconds=60 if LENGTHS.hurried else 600)

    def _calm(self) -> bool:
        return lag.of_sweeps() == timedelta() and not Notice.objects.filter(state=State.QUEUED).exists()

    def assert_all_is_well(self, fell_due: list[duties.Duty]) -> None:
        """Once all is calm: nothing was lost, nothing was done twice, and everybody was told."""
        self.settle()
        self.latest = max(self.latest, duties.assert_seen_once(fell_due))
        assert checks.broken() == []
        checks.assert_arrived(self.receiver, self.letters)
        self.figures["steps that fell due"] += len(fell_due)
        posts = {each.id for each in self.receiver.received}
        self.figures |= Counter(
            {
                "tickets": Ticket.objects.count(),
                "entries": Entry.objects.count(),
                "flags": Flag.objects.count(),
                "messages to a webhook": len(posts),
                "letters": len(set(self.letters.ids)),
                "messages and letters that came once more": (
                    len(self.receiver.received) - len(posts) + len(self.letters.ids) - len(set(self.letters.ids))
                ),
            }
        )

    def wait_until_seen(self, fell_due: list[duties.Duty]) -> float:
        """Wait until all of these have been seen; return how many seconds that took."""
        return self.installation.wait_until(lambda: duties.seen(fell_due), "all that fell due is seen")

    @contextlib.contextmanager
    def locked(self, table: str, number: int) -> Iterator[int]:
        """Keep one row locked during the block; yields the process id of who holds it."""
        with self.installation.connect() as holder:
            holder.execute(f"SELECT FROM {table} WHERE id = %s FOR UPDATE", [number])
            yield holder.info.backend_pid
            holder.rollback()

    def wait_until_waits(self, holder: int, statement: str) -> None:
        """Wait until a statement that begins so waits for the row that `holder` keeps locked."""
        asked = "SELECT true FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid)) AND query LIKE %s"
        with self.installation.connect() as other:
            other.autocommit = True
            self.installation.wait_until(
                lambda: other.execute(asked, [holder, f"{statement}%"]).fetchone(), f"{statement} waits"
            )

    def sweeps_begun(self) -> int:
        """How many sweeps of tickets the running worker has begun."""
        broker = local.broker_url(self.installation.environment["REDIS_URL"])
        # Beside the product's own application, which stays the one that tasks belong to.
        asking = Celery(broker=broker, set_as_current=False)
        with asking.connection_for_write() as line:
            answers: dict[str, Any] = asking.control.inspect(connection=line, timeout=5, limit=1).stats() or {}
        return sum(each["total"].get("tickets.tasks.sweep_tickets", 0) for each in answers.values())
