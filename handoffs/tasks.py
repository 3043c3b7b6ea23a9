"""What the clock starts. Due times are rows, so a task that is lost, late or doubled changes nothing."""

from celery import shared_task

from handoffs import covers, expiry, overdue, ringing


@shared_task  # type: ignore[untyped-decorator]
def expire_handoffs() -> None:
    """Expire the handoffs that nobody answered in time."""
    expiry.sweep()


@shared_task  # type: ignore[untyped-decorator]
def flag_overdue() -> None:
    """Flag packets that are owed and questions that are unanswered."""
    overdue.sweep()


@shared_task  # type: ignore[untyped-decorator]
def ring_managers() -> None:
    """Go on with the customers who want a manager and have not got one."""
    ringing.sweep()


@shared_task  # type: ignore[untyped-decorator]
def end_covers() -> None:
    """End the covers whose time is over, and call the managers to those that nobody accepted."""
    covers.sweep()
