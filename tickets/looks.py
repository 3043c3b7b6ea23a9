"""Who looked at a ticket when: logged once a person, ticket and hour."""

import functools
from datetime import datetime

from tickets.models import Look


def log(*, ticket: int, person: int, at: datetime) -> None:
    """Log that a person looked at a ticket at `at`; both are named by their numbers."""
    log_hour(ticket, person, at.replace(minute=0, second=0, microsecond=0))


# Remembered by each process, so that every further look of the hour costs nothing; that two processes
# write the same row is settled by the table's unique key.
@functools.lru_cache(maxsize=65_536)
def log_hour(ticket: int, person: int, hour: datetime) -> None:
    """Write the row of an hour, unless it is there."""
    Look.objects.bulk_create([Look(ticket_id=ticket, person_id=person, hour=hour)], ignore_conflicts=True)
