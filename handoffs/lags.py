"""How far behind the clocks between colleagues are: offers, packets, questions, managers and covers."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

# Each branch reads one row, the first of a partial index.
_OLDEST = """SELECT min(due) FROM (
    SELECT min(due_at) AS due FROM handoffs_handoff WHERE state IN ('requested', 'offered', 'claimed')
    UNION ALL SELECT min(check_at) FROM handoffs_handoff WHERE check_at IS NOT NULL
    UNION ALL SELECT min(check_at) FROM handoffs_helprequest WHERE check_at IS NOT NULL
    UNION ALL SELECT min(check_at) FROM handoffs_managerrequest WHERE check_at IS NOT NULL
    UNION ALL SELECT min(check_at) FROM people_cover WHERE ended_at IS NULL
) oldest"""


def lag(*, at: datetime | None = None) -> timedelta:
    """Return for how long the longest waiting of them has been due; nothing when none is."""
    now = at or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST)
        oldest: datetime | None = cursor.fetchone()[0]
    return max(now - oldest, timedelta()) if oldest else timedelta()
