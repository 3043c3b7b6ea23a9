"""The whole play: who there is, what happens, and what a manager would ask about it afterwards."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from handoffs import expiry
from handoffs.models import Handoff, HelpRequest
from notices import outbox
from notices.models import Notice
from ownership_tracker.demo import company, story, weeks
from ownership_tracker.demo.callers import Callers
from ownership_tracker.demo.stage import Plot, Stage
from people import tokens
from people.models import Person
from tickets.models import ContactPoint, Customer, Entry, Flag, Hold, Promise, Tenure, Text, Ticket

GROWING = (Customer, ContactPoint, Entry, Flag, Handoff, HelpRequest, Hold, Notice, Promise, Tenure, Text, Ticket)

# As whom one looks at it, a rep, a manager, an auditor and an administrator: what they see is different.
SIGN_INS = ("rosa", "maud", "ada", "kai")


@dataclass(frozen=True)
class Played:
    """What there is now, and with which tokens to look at it."""

    story: str
    tokens: dict[str, str]


def play(*, seed: int, now: datetime, tell: Callable[[float], None]) -> Played:
    """Write the demonstration: three weeks up to `now`, the same for the same seed and moment.

    tell: hears how much of it is done, from 0 to 1. The caller owns the transaction, and has seen to it
    that the database is empty.
    """
    dice = random.Random(seed)  # noqa: S311 - a play, not a secret
    everybody = company.found(now, dice)
    begin = now - timedelta(weeks=3)
    stage = Stage(everybody, Callers(dice, at=begin), dice=dice, now=now)
    told = story.Story(stage)
    stage.enter(told.first, told.plot())
    weeks.plan(stage)
    stage.enter(begin, _statistics(stage))
    stage.play(lambda clock: tell((clock - begin) / (now - begin)))
    expiry.sweep(at=now)
    # What the people of a play were told in three weeks is no mail of today.
    outbox.skip_queued("a demonstration")
    return Played(
        story=Ticket(pk=told.ticket).reference,
        tokens={username: tokens.create(everybody[username]) for username in SIGN_INS},
    )


def _statistics(stage: Stage) -> Plot:
    """Tell PostgreSQL, now and then, how much there is: what one transaction writes it does not count by itself.

    Without that it would plan for empty tables, and each move would take longer than the one before.
    """
    for days in (1, 3, 9):
        yield stage.start + timedelta(days=days)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE " + ", ".join(model._meta.db_table for model in GROWING))


def figures(now: datetime) -> list[tuple[str, str]]:
    """Return what was written, as lines of what and how much."""

    def by(rows: list[str]) -> str:
        return ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in Counter(rows).most_common())

    tickets, live = Ticket.objects.count(), Ticket.objects.live()
    flags = Flag.objects.filter(status__in=Flag.OPEN)
    return [
        ("people, customers", f"{Person.objects.count()}, {Customer.objects.count()}"),
        ("tickets", f"{tickets}: {by(list(Ticket.objects.values_list('status', flat=True)))}"),
        ("owned by one person throughout", str(Ticket.objects.filter(owner_count=1).count())),
        ("moves of ownership", by(list(Tenure.objects.filter(seq__gt=1).values_list("began_by", flat=True)))),
        ("handoffs and claims", by(list(Handoff.objects.values_list("state", flat=True)))),
        ("questions to colleagues", by(list(HelpRequest.objects.values_list("state", flat=True)))),
        ("promises", by(list(Promise.objects.values_list("state", flat=True)))),
        ("holds", by(list(Hold.objects.values_list("kind", flat=True)))),
        ("flags", by([f"{kind} {level}" for kind, level in Flag.objects.values_list("kind", "level")])),
        ("flags that wait for a manager", str(flags.filter(status="raised").count())),
        ("overdue now", str(live.filter(next_due_at__lt=now).count())),
    ]
