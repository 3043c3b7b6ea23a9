"""Seeing in time what only time reveals: flags that fall due, reminders before that, causes that are gone.

A sweep reads the tickets whose `check_at` has come, the longest waiting first, and nothing else: what it
costs grows with what is due, never with what is stored. Any number may run at once, a ticket that
somebody is just working on is left to the next, and a sweep that is killed leaves everything due.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from notices import outbox
from notices.outbox import Message
from people.transactions import verb
from tickets import clocks, flags, limits
from tickets.bounces import Finding
from tickets.kinds import FlagKind, FlagState, Level
from tickets.limits import Step
from tickets.models import Flag, Hold, Promise, Ticket

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
    written in the same transaction. What is found is written set by set, not ticket by ticket.
    """
    due = Ticket.objects.filter(live=True, check_at__lte=at).order_by("check_at")
    # Nothing is joined: with joins PostgreSQL may read and sort all that is due to find the longest waiting.
    related = due.prefetch_related("team__manager", "team__deputy", "owner")
    tickets = list(related.select_for_update(skip_locked=True)[:size])
    if not tickets:
        return 0
    numbers = [ticket.pk for ticket in tickets]
    open_rows: dict[int, list[Any]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"tickets": numbers})
        for number, *row in cursor.fetchall():
            open_rows[number].append(row)
    dealt_with = _dealt_with(numbers)
    judgements = [_judge(ticket, open_rows[ticket.pk], dealt_with[ticket.pk], at=at) for ticket in tickets]
    flags.raise_all([(each.ticket, finding) for each in judgements for finding in each.findings], at=at)
    flags.clear_all([(flag, each.ticket) for each in judgements for flag in each.gone], at=at)
    _remind([(each.ticket, step) for each in judgements for step in each.reminders])
    with connection.cursor() as cursor:
        changed = [int(bool(each.findings or each.gone)) for each in judgements]
        cursor.execute(JUDGED, [at, numbers, [each.check_at for each in judgements], changed])
    for ticket, raised in zip(tickets, changed, strict=True):
        ticket.version += raised
    return len(tickets)


def _remind(reminders: Sequence[tuple[Ticket, Step]]) -> None:
    """Remind the owners, and whoever has the customer on the line, or promised what they would do themselves.

    On a move the duty to keep a promise passes to the new owner: whoever made it before is not asked.
    """
    holds = Hold.objects.filter(pk__in=[step.evidence.get("hold") for _, step in reminders])
    promised = Promise.objects.filter(pk__in=[step.evidence.get("promise") for _, step in reminders])
    doers = {hold.pk: hold.by for hold in holds.select_related("by")} if reminders else {}
    makers = {promise.pk: promise for promise in promised.select_related("made_by")} if reminders else {}
    messages = []
    for ticket, step in reminders:
        to = [ticket.owner, doers.get(step.evidence.get("hold", 0))]
        promise = makers.get(step.evidence.get("promise", 0))
        if promise is not None and promise.made_at >= ticket.owner_since:
            to.append(promise.made_by)
        messages.append(Message(REMINDERS[step.kind], to=to, about=ticket.reference, payload=step.evidence))
    outbox.queue_all(messages)


def _dealt_with(tickets: Sequence[int]) -> dict[int, list[Flag]]:
    """Return all flags of the tickets, open or ended: what is judged anew is not raised anew.

    That happens when late news tell of something past, and when a team's thresholds change (see `tuning`).
    """
    flags_of: dict[int, list[Flag]] = defaultdict(list)
    for flag in Flag.objects.filter(ticket__in=tickets):
        flags_of[flag.ticket_id].append(flag)
    return flags_of


class Judgement(NamedTuple):
    """What a sweep finds on one ticket: flags to raise, reminders, flags whose cause is gone, its next check."""

    ticket: Ticket
    findings: list[Finding]
    reminders: list[Step]
    gone: list[int]
    check_at: datetime | None


def _judge(ticket: Ticket, open_rows: list[Any], dealt_with: Sequence[Flag], *, at: datetime) -> Judgement:
    """Judge one ticket at `at`: what has fallen due since it was last judged, and whose cause is gone.

    dealt_with: its flags, which are not raised again for the same evidence.
    """
    ahead = clocks.steps(ticket, open_rows)
    since = ticket.judged_at or ticket.opened_at
    new = [step for step in ahead if since < step.at <= at]
    known = [(flag.kind, level, flag.evidence) for flag in dealt_with for level in {flag.level, Level.AMBER}]
    findings = [found for found in limits.passed(new, at=at) if (found.kind, found.level, found.evidence) not in known]
    # What has fallen due already needs no reminder that it will.
    overdue = [step.evidence for step in new if step.level is not None]
    reminders = [step for step in new if step.level is None and step.evidence not in overdue]
    causes = {finding.kind for finding in limits.passed(ahead, at=at)}
    gone = [
        number
        for number, kind, level in clocks.flags_of(open_rows)
        if limits.clears(kind, level) and kind not in causes
    ]
    return Judgement(ticket, findings, reminders, gone, limits.next_after(ahead, at=at))


def lag(*, at: datetime | None = None) -> timedelta:
    """Return for how long the longest waiting ticket, or flag that climbs, has been due; nothing when none is."""
    now = at or timezone.now()
    due = Ticket.objects.filter(live=True, check_at__lte=now).order_by("check_at").values_list("check_at", flat=True)
    climbing = Flag.objects.filter(status=FlagState.RAISED, climbs_at__lte=now).order_by("climbs_at")
    waiting = [due.first(), climbing.values_list("climbs_at", flat=True).first()]
    return max((now - since for since in waiting if since is not None), default=timedelta())
