"""When to try again, and when to give up. Pure."""

from datetime import datetime, timedelta

PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
)
TRIED_FOR = timedelta(hours=24)
# After a day in which nothing was sent at all (no worker ran), one bad moment must not be the end.
FEWEST_ATTEMPTS = 6


def next_attempt(*, attempts: int, queued_at: datetime, now: datetime, chance: float) -> datetime | None:
    """Return when to try again after so many attempts that failed, or None when it is time to give up.

    chance: from 0 to 1. It lengthens the pause by up to a fifth, so that what failed together does not come
    back together.
    """
    last = queued_at + TRIED_FOR
    if now >= last and attempts >= FEWEST_ATTEMPTS:
        return None
    pause = PAUSES[min(attempts, len(PAUSES)) - 1]
    then = now + pause * (1 + chance / 5)
    return min(then, last) if now < last else then
