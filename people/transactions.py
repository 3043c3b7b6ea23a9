"""One verb, one transaction: commit whole or not at all, and say no in words."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

from people.errors import Busy, Refusal

P = ParamSpec("P")
R = TypeVar("R")

# PostgreSQL ends one of two transactions that wait for each other; whoever loses may simply try again.
DEADLOCK_DETECTED = "40P01"
SERIALIZATION_FAILURE = "40001"
TRIES = 4


def refusal_of(error: IntegrityError) -> Refusal | None:
    """Return the refusal behind a violated constraint, or None when no refusal is known for it."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    refusal = Refusal.by_constraint.get(name or "")
    return refusal() if refusal else None


def in_transaction(work: Callable[[], R]) -> R:
    """Run `work` in a transaction and return its result.

    Within another transaction this is a savepoint. Outermost, it is retried when PostgreSQL ended it to
    break a deadlock, at most three times, then refused as Busy. A violated constraint that stands for a
    refusal is raised as that refusal.
    """
    tries = 1 if connection.in_atomic_block else TRIES
    for attempt in range(1, tries + 1):
        try:
            with transaction.atomic():
                return work()
        except IntegrityError as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            raise refusal from error
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in (DEADLOCK_DETECTED, SERIALIZATION_FAILURE):
                raise
            if tries == 1:
                raise
            if attempt == tries:
                raise Busy from error
    raise AssertionError("unreachable")


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function one of the product's verbs: it commits whole or not at all (see `in_transaction`)."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return in_transaction(lambda: function(*args, **kwargs))

    return run
