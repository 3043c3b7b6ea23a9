"""Housekeeping that the clock starts."""

from celery import shared_task

from people.api import idempotency


@shared_task  # type: ignore[untyped-decorator]
def forget_old_keys() -> None:
    """Delete the idempotency keys whose day has passed."""
    idempotency.forget_old()
