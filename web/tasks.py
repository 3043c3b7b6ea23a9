"""Housekeeping that the clock starts."""

from celery import shared_task

from web.accounts import sessions


@shared_task  # type: ignore[untyped-decorator]
def forget_ended_sessions() -> None:
    """Delete the sessions that have ended, and what was known of where they were."""
    sessions.forget_ended()
