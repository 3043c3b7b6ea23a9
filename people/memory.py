"""What all processes remember together for a short while, in Valkey: bearers of tokens, and counts.

Nothing here is the only copy of anything. When Valkey is away nothing is remembered and nothing is
counted: requests are answered from the database, and the log says so (not in the words of the error, which
may hold a key, and so an address).
"""

import functools
import pickle
from collections.abc import Iterable
from typing import Any

import structlog
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

# Valkey answers within a millisecond or is in trouble; a request does not wait for the latter.
PATIENCE = 0.5


@functools.cache
def valkey() -> Redis:
    """Return the connection that this process keeps."""
    return Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


def remember(key: str, value: Any, *, seconds: int) -> None:
    """Remember `value`, anything that can be pickled, for so many seconds."""
    try:
        valkey().set(key, pickle.dumps(value), ex=seconds)
    except RedisError as error:
        log.warning("memory_is_away", error=type(error).__name__)


def recall(key: str) -> Any:
    """Return what is remembered under `key`, or None."""
    try:
        kept = valkey().get(key)
    except RedisError as error:
        log.warning("memory_is_away", error=type(error).__name__)
        return None
    # Only we write there; whoever else could write to our Valkey could do worse.
    return None if kept is None else pickle.loads(kept)  # type: ignore[arg-type]  # noqa: S301


def forget(keys: Iterable[str]) -> None:
    """Forget what is remembered under `keys`; what cannot be forgotten now ends by itself."""
    names = list(keys)
    try:
        if names:
            valkey().delete(*names)
    except RedisError as error:
        log.warning("memory_is_away", error=type(error).__name__)


def count(key: str, *, seconds: int) -> int:
    """Count one more under `key`, which lasts so many seconds from its first, and return the count."""
    try:
        with valkey().pipeline(transaction=False) as steps:
            # Not EXPIRE NX, which Redis 6 does not know.
            steps.set(key, 0, ex=seconds, nx=True)
            steps.incr(key)
            counted = steps.execute()[1]
    except RedisError as error:
        log.warning("memory_is_away", error=type(error).__name__)
        return 0
    return int(counted)
