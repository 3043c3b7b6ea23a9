"""What the clock starts. Due times are rows, so a task that is lost, late or doubled changes nothing."""

from celery import shared_task

from phones import bodies, wrap_ups


@shared_task  # type: ignore[untyped-decorator]
def forget_bodies() -> None:
    """Delete what telephone systems sent a while ago."""
    bodies.forget_old()


@shared_task  # type: ignore[untyped-decorator]
def judge_calls() -> None:
    """See which calls silence has ended, and of which nobody has said what they were."""
    wrap_ups.sweep()
