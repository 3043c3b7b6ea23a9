"""Ownership Tracker: one complaint, one owner, all the way."""

from ownership_tracker.celery import app as celery_app

__all__ = ["celery_app"]
