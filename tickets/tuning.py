"""A team sets its own thresholds: by its manager, on the record."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.utils import timezone

from people.errors import Incomplete, NotYours
from people.models import Person, Team
from people.roles import OWNERS
from people.transactions import verb
from tickets import thresholds
from tickets.models import ThresholdChange

# All over again, at the next sweep: what was not too long yet may be by now. What has had its flag gets
# no second one (see `sweeps`). Locked by number, and before the team, as every verb locks them.
_JUDGE_AGAIN = """
UPDATE tickets_ticket SET check_at = %(at)s, judged_at = NULL
WHERE id IN (SELECT id FROM tickets_ticket WHERE team_id = %(team)s AND live ORDER BY id FOR UPDATE)"""


@verb
def change(*, team: int, by: Person, thresholds_now: Mapping[str, int], at: datetime | None = None) -> Team:
    """Set the thresholds of a team: those in `thresholds_now`, and the defaults for all others.

    They hold from now on, for the tickets that are open, too; clocks that run already between colleagues
    (offers, questions, the time to acknowledge) stay as they were set. Raises NotYours unless `by` leads
    the team, Incomplete, which names what cannot be.
    """
    if by.role not in OWNERS or team not in by.led_team_ids:
        raise NotYours
    own = {name: value for name, value in thresholds_now.items() if value != getattr(thresholds.DEFAULTS, name, None)}
    if wrong := thresholds.wrong_with(own):
        raise Incomplete(**wrong)
    now = at or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE_AGAIN, {"at": now, "team": team})
    found = Team.objects.select_for_update(no_key=True).get(pk=team)
    if own != found.thresholds:
        ThresholdChange.objects.create(team=found, at=now, by=by, before=found.thresholds, after=own)
        found.thresholds = own
        found.save(update_fields=["thresholds"])
    return found
