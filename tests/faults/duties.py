"""Tickets on which something falls due at a moment that a test chooses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from handoffs import help_requests
from handoffs.protocol import Urgency
from tests.cast import Cast
from tickets import contacts, flags, holds
from tickets.bounces import Finding
from tickets.kinds import EntryKind, FlagKind, HoldKind, Level
from tickets.models import Entry, Flag


@dataclass(frozen=True)
class Duty:
    """What must be seen of a ticket, not before `due`: one entry of a kind, about a flag of a kind if it is one."""

    ticket: int
    due: datetime
    flag: FlagKind | None = None
    entry: EntryKind = EntryKind.FLAG_RAISED


def after(seconds: float) -> datetime:
    """Return the moment in so many seconds."""
    return timezone.now() + timedelta(seconds=seconds)


def fall_due(cast: Cast, *, due: datetime, each: int = 2) -> list[Duty]:
    """Have as many as `each` of every sort fall due at one instant, for all three sweeps; all or none is there."""
    with transaction.atomic():
        between_colleagues = [duty for _ in range(each) for duty in _between_colleagues(cast, due)]
        return [*tickets_fall_due(cast, due=due, each=each), *between_colleagues]


@transaction.atomic
def tickets_fall_due(cast: Cast, *, due: datetime, each: int = 2) -> list[Duty]:
    """Only what one sweep judges together in one transaction: what customers are owed."""
    return [duty for _ in range(each) for duty in _to_customers(cast, due)]


def _to_customers(cast: Cast, due: datetime) -> list[Duty]:
    before = due - timedelta(seconds=60)
    promised = cast.open_ticket(at=before)
    said = "I will see to it."
    contacts.acknowledge(ticket=promised.pk, by=cast.alice, message=said, next_contact_at=due, at=before)
    long_before = due - timedelta(seconds=120)
    waiting = cast.open_ticket(at=long_before)
    holds.start(ticket=waiting.pk, by=cast.alice, kind=HoldKind.CALL, at=long_before)
    unseen = cast.open_ticket(at=due - timedelta(minutes=30))
    return [
        Duty(promised.pk, due, FlagKind.PROMISE_BROKEN),
        Duty(waiting.pk, due, FlagKind.HOLD_OVERDUE),
        Duty(unseen.pk, due, FlagKind.UNACKNOWLEDGED),
    ]


def _between_colleagues(cast: Cast, due: datetime) -> list[Duty]:
    before = due - timedelta(minutes=15)
    asked = cast.open_ticket(at=before)
    question = "Which bank was it?"
    help_requests.ask(ticket=asked.pk, by=cast.alice, asked=cast.luis, question=question, answer_by=due, at=before)
    offered = cast.open_ticket(at=before)
    cast.offer(offered, cast.bob, urgency=Urgency.NOW, at=before)
    return [
        Duty(asked.pk, due, FlagKind.HELP_UNANSWERED),
        Duty(offered.pk, due, entry=EntryKind.HANDOFF_EXPIRED),
    ]


@transaction.atomic
def about_to_rise(cast: Cast, *, due: datetime) -> Flag:
    """An amber flag that turns red at that moment: whoever locks its row stops the sweep that sees to it."""
    late = cast.open_ticket(at=due - timedelta(hours=1))
    return flags.raise_for(late, [Finding(FlagKind.UNACKNOWLEDGED, Level.AMBER)], at=late.opened_at)[0]


def seen(duties: Sequence[Duty]) -> bool:
    """Whether all of them have been seen, however often."""
    return all(_entries(duty) for duty in duties)


def assert_seen_once(duties: Sequence[Duty]) -> float:
    """Each was seen once and not before it was due; returns by how many seconds the latest was late."""
    late = []
    for duty in duties:
        (at,) = _entries(duty)
        assert at >= duty.due
        late.append((at - duty.due).total_seconds())
    return max(late, default=0)


def _entries(duty: Duty) -> list[datetime]:
    found = Entry.objects.filter(ticket=duty.ticket, kind=duty.entry)
    if duty.flag is not None:
        found = found.filter(data__flag_kind=duty.flag)
    return list(found.values_list("at", flat=True))
