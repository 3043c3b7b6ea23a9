"""What all processes remember together for a short while, in Valkey: bearers of tokens, and counts.

Nothing here is the only copy of anything. When Valkey is away nothing is remembered and nothing is
counted: requests are answered from the database, and the log says so (not in the words of the error, which
may hold a key, and so an address).
"""

import functools
import os
import pickle
import threading
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


_own = threading.local()


def _one_way(valkey: Redis) -> Any:
    """Return this thread's connection on which Valkey answers nothing: what is said there costs no waiting."""
    connection = getattr(_own, "connection", None)
    if connection is None or connection.pid != os.getpid():
        ways = {**valkey.get_connection_kwargs(), "redis_connect_func": _expect_no_answer}
        connection = _own.connection = valkey.connection_pool.connection_class(**ways)
    elif connection.is_connected and _has_ended(connection):
        connection.disconnect()  # it opens again by itself
    return connection


def _has_ended(connection: Any) -> bool:
    try:
        return bool(connection.can_read())  # nothing is answered, so what can be read is a farewell
    except RedisError:
        return True


def _expect_no_answer(connection: Any) -> None:
    connection.on_connect()
    connection.send_command("CLIENT", "REPLY", "OFF")


def ask(question: Callable[[Redis], T], *, even_if_resting: bool = False) -> T | None:
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
    ask(lambda valkey: valkey.set(key, pickle.dumps(value), ex=seconds))


def recall(key: str) -> Any:
    """Return what is remembered under `key`, or None."""
    kept = ask(lambda valkey: valkey.get(key))
    # Only we write there; whoever else could write to our Valkey could do worse.
    return None if kept is None else pickle.loads(kept)  # type: ignore[arg-type]  # noqa: S301


def forget(keys: Iterable[str]) -> None:
    """Forget what is remembered under `keys`; what cannot be forgotten now ends by itself."""
    names = list(keys)
    if names:
        # A token that was revoked is worth the wait.
        ask(lambda valkey: valkey.delete(*names), even_if_resting=True)


def count(key: str, *, seconds: int) -> int:
    """Count one more under `key`, which lasts so many seconds from its first, and return the count."""

    def count_one(valkey: Redis) -> int:
        with valkey.pipeline(transaction=False) as steps:
            # Not EXPIRE NX, which Redis 6 does not know.
            steps.set(key, 0, ex=seconds, nx=True)
            steps.incr(key)
            return int(steps.execute()[1])

    return ask(count_one) or 0


def publish(channel: str, message: str) -> None:
    """Publish a message to whoever listens to `channel` at this moment; who does, nobody waits to hear."""
    ask(lambda valkey: _one_way(valkey).send_command("PUBLISH", channel, message))
