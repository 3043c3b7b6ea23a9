"""The measures on a real history, whose figures others counted from its file.

The data stands beside the repository, in ../shared/data, and is no part of it.
"""

from pathlib import Path

import pytest

from insights import flows, measures
from insights.flows import Cast
from insights.measures import Group, Tally, tally
from insights.scopes import Scope, Span
from tests.cast import utc
from tests.handoffs.test_import_history_real import HISTORIES, INCIDENTS, imported
from tickets.models import Tenure, Ticket

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not HISTORIES.is_dir(), reason="the real histories (../shared/data/history) are not here"),
]


def test_the_incident_log_is_measured_as_it_was_counted(tmp_path: Path) -> None:
    imported(tmp_path, "incident_event_log.zip", INCIDENTS)
    scope = Scope(Span(utc(2016, 1, 1), utc(2018, 1, 1)), None)

    changes, by_month = tally(measures.CHANGES, scope, Group.MONTH)
    holds, _ = tally(measures.HOLDS, scope, Group.TEAM)
    opened, _ = tally(measures.OPENED, scope, Group.TEAM)

    assert changes.count == sum(month.count for month in by_month.values()) == 4873
    came_back = measures.CHANGES.rows(scope, part="came_back")
    assert came_back.values("ticket").distinct().count() == 1367
    assert (holds.count, holds.parts) == (6241, {"promised": 0, "overdue": 0, "lost": 0})
    # Three distinct persons or more: 342 + 80 + 6 + 1.
    assert opened == Tally(24918, {"bounced": 429})
    between_people = flows.flows(scope, Cast(by_team=False, seen=None))
    assert between_people.total() == 4873
    assert max(flow.hop for flow in between_people if flow.hop) == 9
    # One person only, or none, in 22,060 cases; of the others, those that ended with whoever had them first.
    first = dict(Tenure.objects.filter(seq=1).values_list("ticket", "owner"))
    had_it_first = sum(first[number] == owner for number, owner in Ticket.objects.values_list("pk", "owner"))
    assert tally(measures.RESOLVED, scope, Group.TEAM)[0] == Tally(24918, {"first_owner": had_it_first})
    assert had_it_first > 22060
