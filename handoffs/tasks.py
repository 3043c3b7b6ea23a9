"""What the clock starts. Due times are rows, so a task that is lost, late or doubled changes nothing."""

from celery import shared_task

from handoffs import expiry, overdue


@shared_task  # type: ignore[untyped-decorator]
def expire_handoffs() -> None:
    """Expire the handoffs that nobody answered in time."""
    expiry.sweep()


@shared_task  # type: ignore[untyped-decorator]
def flag_overdue() -> None:
    """Flag packets that are owed and questions that are unanswered."""
    overdue.sweep()
