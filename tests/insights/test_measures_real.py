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
from tests.handoffs.test_import_history_real import HELPDESK, HISTORIES, imported
from tickets.models import Tenure, Ticket

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not HISTORIES.is_dir(), reason="the real histories (../shared/data/history) are not here"),
]


def test_the_helpdesk_log_is_measured_as_it_was_counted(tmp_path: Path) -> None:
    report = imported(tmp_path, "helpdesk.xes.gz", HELPDESK)
    scope = Scope(Span(utc(2009, 1, 1), utc(2016, 1, 1)), None)

    changes, by_month = tally(measures.CHANGES, scope, Group.MONTH)
    holds, _ = tally(measures.HOLDS, scope, Group.TEAM)
    opened, _ = tally(measures.OPENED, scope, Group.TEAM)

    assert changes.count == sum(month.count for month in by_month.values()) == 8648
    assert (holds.count, holds.parts) == (report["holds"]["count"], {"promised": 0, "overdue": 0, "lost": 0})
    # Three distinct persons or more: 2,364 + 611 + 48 + 1 + 1.
    assert opened == Tally(4580, {"bounced": 3025})
    assert flows.flows(scope, Cast(by_team=False, seen=None)).total() == 8648
    first = dict(Tenure.objects.filter(seq=1).values_list("ticket", "owner"))
    resolved = Ticket.objects.filter(resolved_at__isnull=False)
    had_it_first = sum(first[number] == owner for number, owner in resolved.values_list("pk", "owner"))
    assert tally(measures.RESOLVED, scope, Group.TEAM)[0] == Tally(resolved.count(), {"first_owner": had_it_first})
