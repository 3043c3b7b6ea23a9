"""What the clock starts. What is due are rows, so a task that is lost, late or doubled changes nothing."""

from celery import shared_task

from notices import delivery


@shared_task  # type: ignore[untyped-decorator]
def deliver_notices() -> None:
    """Deliver the notices that are due."""
    delivery.sweep()
