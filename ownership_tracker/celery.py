"""The Celery application: `celery -A ownership_tracker worker` and `… beat`; and what it logs.

Each run of a task is one line. The id of the request that sent a task goes with it, and is on every line
that the task causes; a task that the clock started has its own.
"""

import os
import time
from types import TracebackType
from typing import Any

import structlog
from celery import Celery, Task, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ownership_tracker.settings")

app = Celery("ownership_tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

log = structlog.get_logger("ownership_tracker.tasks")


@signals.setup_logging.connect  # type: ignore[untyped-decorator]
def keep_logging(**_: Any) -> None:
    """Leave logging as the settings have it: that somebody listens is enough to keep Celery's own away."""


@signals.before_task_publish.connect  # type: ignore[untyped-decorator]
def send_request_id(*, headers: dict[str, Any], **_: Any) -> None:
    """Give a task the id of the request that sends it."""
    if sent_by := structlog.contextvars.get_contextvars().get("request_id"):
        headers["request_id"] = sent_by


@signals.task_prerun.connect  # type: ignore[untyped-decorator]
def bind_request_id(*, task_id: str, task: Task, **_: Any) -> None:
    """Put the request's id on every line that the task causes."""
    request_id = getattr(task.request, "request_id", None) or task_id.replace("-", "")
    task.request.bound = structlog.contextvars.bind_contextvars(request_id=request_id)
    task.request.began = time.perf_counter()


@signals.task_failure.connect  # type: ignore[untyped-decorator]
def log_failure(
    *, sender: Task, task_id: str, exception: BaseException, traceback: TracebackType | None, **_: Any
) -> None:
    """Log why a task failed; the line of its run says that it did."""
    # Of a worker that was killed there is no traceback, but a text that says so.
    where = traceback if isinstance(traceback, TracebackType) else None
    log.error("task_failed", task=sender.name, id=task_id, exc_info=(type(exception), exception, where))


@signals.task_postrun.connect  # type: ignore[untyped-decorator]
def log_run(*, task_id: str, task: Task, state: str | None, **_: Any) -> None:
    """Log that a task ran, and forget whose it was."""
    log.info(
        "task",
        task=task.name,
        id=task_id,
        state=state,
        milliseconds=round((time.perf_counter() - task.request.began) * 1000, 1),
    )
    structlog.contextvars.reset_contextvars(**task.request.bound)
