"""Seeing in time what only time reveals: flags that fall due, reminders before that, causes that are gone.

A sweep reads the tickets whose `check_at` has come, the longest waiting first, and nothing else: what it
costs grows with what is due, never with what is stored. Any number may run at once, a ticket that
somebody is just working on is left to the next, and a sweep that is killed leaves everything due.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from notices import outbox
from people.transactions import verb
from tickets import clocks, flags, limits
from tickets.kinds import FlagKind
from tickets.limits import Limits, Step
from tickets.models import Flag, Ticket

BATCH = 200
# More than this is left to the next sweep, a few seconds later.
MOST_BATCHES = 25

REMINDERS = {FlagKind.PROMISE_BROKEN: "promise_due_soon", FlagKind.HOLD_OVERDUE: "hold_return_due"}

# What is open on several tickets at once.
OPEN = clocks.OPEN.replace("SELECT ", "SELECT ticket_id, ").replace("= %(ticket)s", "= ANY(%(tickets)s)")

JUDGED = """
UPDATE tickets_ticket ticket SET check_at = judged.check_at, judged_at = %s, version = version + judged.changed
FROM unnest(%s::bigint[], %s::timestamptz[], %s::int[]) judged (id, check_at, changed)
WHERE ticket.id = judged.id"""


def sweep(*, at: datetime | None = None) -> int:
    """Judge what is due, in bounded batches, and return how many tickets were judged."""
    total = 0
    for _ in range(MOST_BATCHES):
        judged = judge_batch(at=at or timezone.now())
        total += judged
        if judged < BATCH:
            break
    return total


@verb
def judge_batch(*, at: datetime, size: int = BATCH) -> int:
    """Judge at most `size` tickets that are due at `at`, in one transaction; return how many.

    Judging the same instant twice changes nothing: each step is judged once, and what has been judged is
    written in the same transaction.
    """
    due = Ticket.objects.filter(live=True, check_at__lte=at).order_by("check_at")
    free = due.select_related("team__manager", "owner").select_for_update(of=("self",), skip_locked=True)
    tickets = list(free[:size])
    if not tickets:
        return 0
    numbers = [ticket.pk for ticket in tickets]
    open_rows: dict[int, list[Any]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"tickets": numbers})
        for number, *row in cursor.fetchall():
            open_rows[number].append(row)
        changed = [int(_judge(ticket, open_rows[ticket.pk], at=at)) for ticket in tickets]
        cursor.execute(JUDGED, [at, numbers, [ticket.check_at for ticket in tickets], changed])
    return len(tickets)


def _judge(ticket: Ticket, open_rows: list[Any], *, at: datetime) -> bool:
    """Raise, let rise and clear the flags of one ticket, remind its owner, and set its next check.

    Says whether its flags changed.
    """
    ahead = limits.steps(clocks.known(ticket, open_rows), ticket.team.calendar, Limits())
    since = ticket.judged_at or ticket.opened_at
    new = [step for step in ahead if since < step.at <= at]
    raised = flags.raise_for(ticket, limits.passed(new, at=at), at=at)
    # What has fallen due already needs no reminder that it will.
    overdue = [step.evidence for step in new if step.level is not None]
    _remind(ticket, [step for step in new if step.level is None and step.evidence not in overdue])
    causes = {finding.kind for finding in limits.passed(ahead, at=at)}
    gone = [
        number
        for number, kind, level in clocks.flags_of(open_rows)
        if limits.clears(kind, level) and kind not in causes
    ]
    for flag in Flag.objects.filter(pk__in=gone) if gone else ():
        flags.clear(flag, ticket, at=at)
    ticket.check_at = limits.next_after(ahead, at=at)
    return bool(raised or gone)


def _remind(ticket: Ticket, steps: list[Step]) -> None:
    for step in steps:
        outbox.queue(REMINDERS[step.kind], to=[ticket.owner], about=ticket.reference, **step.evidence)


def lag(*, at: datetime | None = None) -> timedelta:
    """Return for how long the longest waiting ticket has been due; nothing when none is."""
    now = at or timezone.now()
    due = Ticket.objects.filter(live=True, check_at__lte=now).order_by("check_at")
    oldest = due.values_list("check_at", flat=True).first()
    return now - oldest if oldest else timedelta()
