"""How far behind everything is that the clock starts: growing for minutes, the worker or the beat is gone."""

from datetime import timedelta

from handoffs import lags
from phones import wrap_ups
from tickets import sweeps


def of_sweeps() -> timedelta:
    """Return for how long the longest waiting thing has been due to be looked at; nothing when none is."""
    return max(sweeps.lag(), lags.lag(), wrap_ups.lag())
