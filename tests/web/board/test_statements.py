"""How many statements the board costs: few, however much stands on it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.models import Person
from people.roles import Role
from tests.cast import Cast, person
from tests.web.screens import signed_in
from tickets import flags, promises
from tickets.bounces import Finding
from tickets.kinds import FlagKind, Level
from tickets.models import Flag

HOUR = timedelta(hours=1)


def statements(who: Person, path: str) -> list[str]:
    client = signed_in(who)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.fixture
def crowd(cast: Cast) -> Cast:
    """Thirty people; three hundred flags on a hundred tickets, a third of which is overdue."""
    people = [person(f"rep{number:02}", Role.REP, cast.billing) for number in range(25)]
    now = timezone.now()
    kinds = ((FlagKind.BOUNCED, {"owners": 4}), (FlagKind.HELP_UNANSWERED, {"asked": "bob"}), (FlagKind.SILENT, {}))
    for number in range(100):
        ticket = cast.open_ticket(by=people[number % 25], at=now - 20 * HOUR)
        level = Level.RED if number % 2 else Level.AMBER
        flags.raise_for(ticket, [Finding(kind, level, evidence) for kind, evidence in kinds], at=now - HOUR)
        if number % 3 == 0:
            promises.make(ticket=ticket.pk, by=ticket.owner, what="I call.", due_at=now + HOUR)
    assert Flag.objects.count() == 300
    return cast


@pytest.mark.parametrize("path", ["/board/", "/board/?all=1&sort=overdue"])
def test_the_board_with_three_hundred_flags_and_thirty_people(crowd: Cast, path: str) -> None:
    sent = statements(crowd.petra, path)

    # Session and person, teams, what is led; requests, flags and their names, approvals, holds, promises, offers;
    # members, what they have to do, calls, covers, live tickets.
    assert len(sent) <= 18, "\n".join(sql[:120] for sql in sent)


def test_the_thresholds_page(cast: Cast) -> None:
    assert len(statements(cast.maya, "/board/thresholds/billing/")) <= 6
