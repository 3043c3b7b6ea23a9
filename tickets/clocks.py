"""What falls due on a ticket next, when a sweep must look at it, and saving it with both known."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from people import working_time
from people.models import Team
from people.statements import update
from tickets import limits, thresholds
from tickets.limits import Known, Owed, Step, Waiting
from tickets.models import Ticket
from tickets.states import LIVE, Channel, Status

# What is open on a ticket: holds, promises, and flags.
OPEN = """
SELECT 'hold', id, kind, started_at, return_by FROM tickets_hold WHERE ticket_id = %(ticket)s AND ended_at IS NULL
UNION ALL SELECT 'promise', id, '', moved_again_at, due_at
    FROM tickets_promise WHERE ticket_id = %(ticket)s AND state = 'open'
UNION ALL SELECT 'flag', id, kind || ' ' || level, raised_at, NULL
    FROM tickets_flag WHERE ticket_id = %(ticket)s AND status IN ('raised', 'taken_on')"""


def start_acknowledging(ticket: Ticket, *, at: datetime) -> None:
    """Set by when the ticket must be acknowledged, counted from `at`; nothing is saved."""
    ours = thresholds.of(ticket.team.thresholds)
    by_phone = ticket.channel == Channel.PHONE
    seconds = ours.acknowledge_phone_seconds if by_phone else ours.acknowledge_other_seconds
    ticket.acknowledge_by = working_time.add(ticket.team.calendar, at, timedelta(seconds=seconds))


def move_to(ticket: Ticket, team: Team, *, at: datetime) -> None:
    """Let a locked ticket join another team at `at`; nothing is saved.

    What is left of its time to be acknowledged runs on in the hours of that team.
    """
    if ticket.status == Status.NEW and ticket.acknowledge_by is not None and ticket.acknowledge_by > at:
        left = working_time.between(ticket.team.calendar, at, ticket.acknowledge_by)
        ticket.acknowledge_by = working_time.add(team.calendar, at, left)
    ticket.team = team


def judge_from(ticket: Ticket, since: datetime) -> None:
    """Let the next sweep judge a locked ticket from `since` on: something is known only now; nothing is saved."""
    ticket.judged_at = min(since, ticket.judged_at or since)


def save(ticket: Ticket, *fields: str) -> None:
    """Save the changed `fields` of a locked ticket: a new version, with its next due times worked out."""
    is_live = not ticket.historical and ticket.status in LIVE
    open_rows: list[Any] = []
    if is_live:
        with connection.cursor() as cursor:
            cursor.execute(OPEN, {"ticket": ticket.pk})
            open_rows = cursor.fetchall()
    look_ahead(ticket, open_rows, is_live=is_live)
    ticket.version += 1
    update(ticket, *fields, "version", "next_due_at", "next_due_kind", "check_at")


def look_ahead(ticket: Ticket, open_rows: Sequence[Any], *, is_live: bool = True) -> None:
    """Work out what falls due next on a ticket, from what is open on it (see OPEN); nothing is saved."""
    ticket.next_due_at, ticket.next_due_kind, ticket.check_at = None, "", None
    if not is_live:
        return
    due = [(row[4], row[0]) for row in open_rows if row[4] is not None]
    if ticket.status == Status.NEW and ticket.acknowledge_by is not None:
        due.append((ticket.acknowledge_by, "acknowledge"))
    if due:
        ticket.next_due_at, ticket.next_due_kind = min(due)
    now = timezone.now()
    ahead = steps(ticket, open_rows)
    ticket.check_at = limits.next_after(ahead, at=ticket.judged_at or ticket.opened_at)
    # A flag whose cause is gone clears by itself: let the next sweep see that.
    causes = {finding.kind for finding in limits.passed(ahead, at=now)}
    if any(limits.clears(kind, level) and kind not in causes for _, kind, level in flags_of(open_rows)):
        ticket.check_at = min(now, ticket.check_at or now)


def steps(ticket: Ticket, open_rows: Sequence[Any]) -> list[Step]:
    """Return every step ahead of a live ticket or behind it, by the hours and thresholds of its team."""
    return limits.steps(known(ticket, open_rows), ticket.team.calendar, thresholds.of(ticket.team.thresholds))


def flags_of(open_rows: Sequence[Any]) -> list[tuple[int, str, str]]:
    """Return the open flags among what is open on a ticket, as (number, kind, level)."""
    return [(row[1], *row[2].split()) for row in open_rows if row[0] == "flag"]


def known(ticket: Ticket, open_rows: Sequence[Any]) -> Known:
    """Return what the rules of `limits` know of a live ticket."""
    unmet = ticket.tenure_seq > 1 and ticket.introduced_at is None
    return Known(
        opened_at=ticket.opened_at,
        heard_at=ticket.last_contact_at or ticket.opened_at,
        acknowledge_by=ticket.acknowledge_by if ticket.status == Status.NEW else None,
        moved_at=ticket.owner_since if unmet else None,
        cold_since=ticket.cold_since,
        holds=[Waiting(row[1], row[2], row[3], row[4]) for row in open_rows if row[0] == "hold"],
        promises=[Owed(row[1], row[4], moved_again_at=row[3]) for row in open_rows if row[0] == "promise"],
    )
