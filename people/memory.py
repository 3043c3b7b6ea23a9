"""What all processes remember together for a short while, in Valkey: bearers of tokens, and counts.

Nothing here is the only copy of anything. When Valkey is away nothing is remembered and nothing is
counted: requests are answered from the database, and the log says so (not in the words of the error, which
may hold a key, and so an address).
"""

import functools
import pickle
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import structlog
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Seconds. Valkey answers within a millisecond or is in trouble; a request does not wait for the latter.
PATIENCE = 0.5
# For so long it is then left alone, so that not every request finds out by waiting.
REST = 5
_resting_until = 0.0


@functools.cache
def valkey() -> Redis:
    """Return the connection that this process keeps."""
    return Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


def _ask(question: Callable[[Redis], T], *, even_if_resting: bool = False) -> T | None:
    """Return what Valkey answers, or None when it is away or was a moment ago."""
    global _resting_until
    if time.monotonic() < _resting_until and not even_if_resting:
        return None
    try:
        return question(valkey())
    except RedisError as error:
        _resting_until = time.monotonic() + REST
        log.warning("memory_is_away", error=type(error).__name__)
        return None


def remember(key: str, value: Any, *, seconds: int) -> None:
    """Remember `value`, anything that can be pickled, for so many seconds."""
    _ask(lambda valkey: valkey.set(key, pickle.dumps(value), ex=seconds))


def recall(key: str) -> Any:
    """Return what is remembered under `key`, or None."""
    kept = _ask(lambda valkey: valkey.get(key))
    # Only we write there; whoever else could write to our Valkey could do worse.
    return None if kept is None else pickle.loads(kept)  # type: ignore[arg-type]  # noqa: S301


def forget(keys: Iterable[str]) -> None:
    """Forget what is remembered under `keys`; what cannot be forgotten now ends by itself."""
    names = list(keys)
    if names:
        # A token that was revoked is worth the wait.
        _ask(lambda valkey: valkey.delete(*names), even_if_resting=True)


def count(key: str, *, seconds: int) -> int:
    """Count one more under `key`, which lasts so many seconds from its first, and return the count."""

    def count_one(valkey: Redis) -> int:
        with valkey.pipeline(transaction=False) as steps:
            # Not EXPIRE NX, which Redis 6 does not know.
            steps.set(key, 0, ex=seconds, nx=True)
            steps.incr(key)
            return int(steps.execute()[1])

    return _ask(count_one) or 0
