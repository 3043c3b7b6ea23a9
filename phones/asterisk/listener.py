"""Listens to an Asterisk, and reports to the tracker: each may go away and come back as it likes."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog

from phones.asterisk.line import LostError, Place, Raw, RefusedError, signed_in
from phones.asterisk.spool import Spool, SpoolError
from phones.asterisk.tracker import NotNowError, Tracker, WrongError
from phones.events import Event
from phones.vendors.asterisk import Asterisk, time_of
from phones.vendors.asterisk_transfers import GRACE

log = structlog.get_logger("phones.asterisk")

AT_ONCE = 200  # events in a list
LONGEST_PAUSE = 60  # seconds


class Pauses:
    """How long to wait before trying again: a second, then twice as long each time, never quite the same."""

    def __init__(self) -> None:
        self._next = 1.0

    def next(self) -> float:
        """Return the next pause, in seconds."""
        now, self._next = self._next, min(LONGEST_PAUSE, self._next * 2)
        return now * random.uniform(0.7, 1)  # noqa: S311 - no secret

    def reset(self) -> None:
        """Begin anew: it worked."""
        self._next = 1.0


class Listener:
    """Two loops with the spool between them: one listens to Asterisk, one posts to the tracker."""

    def __init__(self, *, place: Place, asterisk: Asterisk, spool: Spool, tracker: Tracker) -> None:
        self.place, self.asterisk, self.spool, self.tracker = place, asterisk, spool, tracker
        self._heard_at = 0.0
        self._dropped = 0
        self._has_been_in = False
        self._told_of_times = False
        self._more = asyncio.Event()
        self._ending = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Listen and post until told to stop. Raises RefusedError when Asterisk never let us in."""
        listening = [asyncio.create_task(each) for each in (self._listen(), self._settle(), stop.wait())]
        posting = asyncio.create_task(self._post())
        ended, _ = await asyncio.wait([*listening, posting], return_when=asyncio.FIRST_COMPLETED)
        for task in listening:
            task.cancel()
        await asyncio.wait(listening)
        self._keep(self.asterisk.settle())
        self._ending.set()
        self._more.set()
        await asyncio.wait([posting])
        log.info("stopped", waiting=len(self.spool))
        for task in [*ended, posting]:
            task.result()

    async def _listen(self) -> None:
        pauses = Pauses()
        while True:
            try:
                async with signed_in(self.place, hear=self._hear, find=self._find) as line:
                    log.info("asterisk_connected", place=str(self.place))
                    self._has_been_in = True
                    pauses.reset()
                    if not await line.ask_for_channels():
                        log.warning("asterisk_channels_unknown", why="the manager user has no write = reporting")
                        self.asterisk.forget()
                    await line.stay()
            except LostError as lost:
                log.warning("asterisk_lost", place=str(self.place), why=str(lost))
            except RefusedError as refused:
                if not self._has_been_in:
                    raise
                log.error("asterisk_refused", place=str(self.place), user=self.place.user, why=str(refused))
            self._keep(self.asterisk.settle())
            await asyncio.sleep(pauses.next())

    def _find(self, channels: Sequence[Raw]) -> None:
        self._take(lambda: self.asterisk.found(channels, at=datetime.now(UTC)), "CoreShowChannels")

    def _hear(self, raw: Raw) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        if raw.get("Event") == "Newchannel" and time_of(raw) is None and not self._told_of_times:
            self._told_of_times = True
            log.warning("asterisk_says_no_times", why="manager.conf has no timestampevents = yes")
        self._take(lambda: self.asterisk.feed(raw, at=datetime.now(UTC)), raw.get("Event", ""))

    def _take(self, step: Callable[[], list[Event]], name: str) -> None:
        try:
            self._keep(step())
        except Exception:
            # One odd message is no reason to miss the next.
            log.exception("asterisk_message_failed", message_name=name)

    async def _settle(self) -> None:
        quiet = GRACE.total_seconds()
        while True:
            await asyncio.sleep(quiet / 2)
            if asyncio.get_running_loop().time() - self._heard_at >= quiet:
                self._keep(self.asterisk.settle())
            if self._dropped:
                log.error("spool_full", dropped=self._dropped, most=self.spool.most)
                self._dropped = 0

    def _keep(self, events: Sequence[Event]) -> None:
        if not events:
            return
        try:
            self._dropped += self.spool.add([neutral(event) for event in events])
        except SpoolError as why:
            log.error("spool_failed", lost=len(events), why=str(why))
        self._more.set()

    async def _post(self) -> None:
        pauses, count = Pauses(), AT_ONCE
        while True:
            batch = self.spool.oldest(count)
            if not batch:
                if self._ending.is_set():
                    return
                await self._more.wait()
                self._more.clear()
                continue
            try:
                await self._report(batch)
            except WrongError as why:
                count = len(batch) // 2  # one of them is wrong: it is found by halves
                if not count:
                    log.error("event_refused", id=batch[0][1]["id"], why=str(why))
                    self.spool.done(batch[0][0])
                    count = AT_ONCE
            except (NotNowError, SpoolError) as why:
                log.warning("events_wait", why=str(why), waiting=len(self.spool))
                if self._ending.is_set():
                    return
                with contextlib.suppress(TimeoutError):
                    after = why.after if isinstance(why, NotNowError) else 0
                    await asyncio.wait_for(self._ending.wait(), max(after, pauses.next()))
            else:
                pauses.reset()
                count = AT_ONCE

    async def _report(self, batch: list[tuple[int, dict[str, Any]]]) -> None:
        for result in await asyncio.to_thread(self.tracker.post, [event for _, event in batch]):
            if result.get("status") == "refused":
                log.error("event_refused", id=result.get("id"), why=result.get("errors"))
        self.spool.done(batch[-1][0])


def neutral(event: Event) -> dict[str, Any]:
    """Return an event as it is posted."""
    return {
        "id": event.id,
        "type": str(event.type),
        "call_id": event.call_id,
        "occurred_at": event.occurred_at.isoformat(),
        "data": dict(event.data),
    }
