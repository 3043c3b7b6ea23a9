"""The product's own settings, with a beat that strikes every second: for processes that tests start."""

from datetime import timedelta

from ownership_tracker.settings import *  # noqa: F403 - everything else as it is
from ownership_tracker.settings import CELERY_BEAT_SCHEDULE

CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": timedelta(seconds=1)} for name, entry in CELERY_BEAT_SCHEDULE.items()
}
