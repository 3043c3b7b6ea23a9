"""What the clock starts. Due times are rows, so a task that is lost, late or doubled changes nothing."""

from celery import shared_task

from tickets import climbing, sweeps


@shared_task  # type: ignore[untyped-decorator]
def sweep_tickets() -> None:
    """Judge the tickets on which something has fallen due."""
    sweeps.sweep()


@shared_task  # type: ignore[untyped-decorator]
def climb_flags() -> None:
    """Tell the next manager above of red flags that nobody has taken on."""
    climbing.sweep()
