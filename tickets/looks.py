"""Who looked at a ticket when: logged once a person, ticket and hour."""

from datetime import datetime

from django.core.cache import cache

from people.models import Person
from tickets.models import Look, Ticket

HOUR = 3600


def log(ticket: Ticket | int, by: Person, *, at: datetime) -> None:
    """Log that `by` looked at a ticket at `at`.

    The cache spares the database a write on every further look of the hour; when it has forgotten, the
    unique key of the table says the same once more.
    """
    number = ticket if isinstance(ticket, int) else ticket.pk
    hour = at.replace(minute=0, second=0, microsecond=0)
    if cache.add(f"look:{number}:{by.pk}:{hour:%Y%m%d%H}", 1, timeout=HOUR):
        Look.objects.bulk_create([Look(ticket_id=number, person=by, hour=hour)], ignore_conflicts=True)
