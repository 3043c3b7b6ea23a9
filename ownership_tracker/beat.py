"""What Celery beat starts, and how often. Due times are rows: a strike that is lost or doubled changes nothing."""

from datetime import timedelta
from typing import Any

# Task and seconds. What nothing nudges (a notice that was queued) waits for so long at most.
TASKS = {
    "tickets.tasks.sweep_tickets": 15,
    "tickets.tasks.climb_flags": 15,
    "handoffs.tasks.expire_handoffs": 15,
    "handoffs.tasks.flag_overdue": 15,
    "handoffs.tasks.ring_managers": 15,
    "handoffs.tasks.end_covers": 15,
    "phones.tasks.judge_calls": 15,
    "notices.tasks.deliver_notices": 5,
    "phones.tasks.forget_bodies": 60 * 60,
    "people.tasks.forget_old_keys": 60 * 60,
    "web.tasks.forget_ended_sessions": 60 * 60,
}

# A strike that no worker took before the next one is not worth taking any more.
SCHEDULE: dict[str, dict[str, Any]] = {
    task.rpartition(".")[2].replace("_", "-"): {
        "task": task,
        "schedule": timedelta(seconds=seconds),
        "options": {"expires": seconds},
    }
    for task, seconds in TASKS.items()
}
