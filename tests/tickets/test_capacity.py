"""Capacity is a cause: a team over its load limit marks the flags that are raised meanwhile."""

from django.utils import timezone

from tests.cast import Cast
from tickets import flags, resolution, tuning
from tickets.bounces import Finding
from tickets.kinds import FlagKind, Level
from tickets.models import Flag, Ticket
from tickets.states import Outcome


def flagged(ticket: Ticket) -> Flag:
    """Return a flag that is raised now."""
    return flags.raise_for(ticket, [Finding(FlagKind.SILENT, Level.AMBER)], at=timezone.now())[0]


def limit(cast: Cast, tickets_each: int) -> None:
    """Let each of Billing's three reps carry so many."""
    tuning.change(team=cast.billing.pk, by=cast.maya, thresholds_now={"load_limit_tickets": tickets_each})
    cast.billing.refresh_from_db()


def test_a_team_within_its_limit_marks_nothing(cast: Cast) -> None:
    limit(cast, 1)
    assert flagged([cast.open_ticket() for _ in range(3)][-1]).capacity is None


def test_a_team_over_its_limit_says_by_how_much(cast: Cast) -> None:
    limit(cast, 1)
    assert flagged([cast.open_ticket() for _ in range(4)][-1]).capacity == {
        "live_tickets": 4,
        "reps": 3,
        "limit_each": 1,
    }


def test_only_live_tickets_and_active_reps_are_counted(cast: Cast) -> None:
    limit(cast, 1)
    tickets = [cast.open_ticket() for _ in range(4)]
    resolution.close(ticket=tickets[0].pk, by=cast.alice, outcome=Outcome.SPAM)
    assert flagged(tickets[-1]).capacity is None
    cast.carol.is_active = False
    cast.carol.save()
    assert flagged(tickets[1]).capacity == {"live_tickets": 3, "reps": 2, "limit_each": 1}


def test_it_shows_with_the_flag(cast: Cast, ticket: Ticket) -> None:
    assert flagged(ticket).capacity is None
    cast.billing.members.set([])
    limit(cast, 1)
    cast.open_ticket()
    assert flagged(cast.open_ticket()).capacity == {"live_tickets": 3, "reps": 0, "limit_each": 1}
