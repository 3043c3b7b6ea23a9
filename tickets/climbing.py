"""Red flags that nobody takes on: after a while the next manager above is told, and the next.

Nothing is taken from anybody by that: whoever was told before can still take the flag on, which ends it.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from notices import outbox
from people import lines, working_time
from people.models import Person
from people.transactions import verb
from tickets import thresholds, timeline
from tickets.kinds import EntryKind, FlagState
from tickets.models import Flag, Ticket

BATCH = 200


def next_climb(ticket: Ticket, *, at: datetime) -> datetime:
    """Return when a flag that is red at `at` goes to the next manager above, in the team's working time."""
    wait = timedelta(seconds=thresholds.of(ticket.team.thresholds).climb_seconds)
    return working_time.add(ticket.team.calendar, at, wait)


def sweep(*, at: datetime | None = None) -> int:
    """Let the flags climb whose time has come, the longest waiting first; return how many there were."""
    return climb_batch(at=at or timezone.now())


@verb
def climb_batch(*, at: datetime, size: int = BATCH) -> int:
    """Let at most `size` flags climb, in one transaction; any number of these may run at once."""
    due = Flag.objects.filter(status=FlagState.RAISED, climbs_at__lte=at).order_by("climbs_at")
    waiting = list(due.values_list("ticket_id", flat=True)[:size])
    if not waiting:
        return 0
    free = Ticket.objects.filter(pk__in=waiting).order_by("pk").select_related("team__manager", "team__parent")
    tickets = {ticket.pk: ticket for ticket in free.select_for_update(of=("self",), skip_locked=True)}
    # Read under the locks: somebody may have taken one on meanwhile.
    flags = list(due.filter(ticket__in=tickets))
    for flag in flags:
        flag.ticket = tickets[flag.ticket_id]
        above = lines.managers_above(flag.ticket.team) if flag.ticket.live else []
        if flag.climbed < len(above):
            _tell(flag, above[flag.climbed], at=at)
        flag.climbed += 1
        # Where nobody is left above there is nowhere to climb.
        flag.climbs_at = next_climb(flag.ticket, at=at) if flag.climbed < len(above) else None
    Flag.objects.bulk_update(flags, ["climbs_at", "climbed"])
    return len(flags)


def _tell(flag: Flag, manager: Person, *, at: datetime) -> None:
    timeline.record(
        flag.ticket,
        EntryKind.FLAG_CLIMBED,
        at=at,
        by=None,
        flag=flag.pk,
        flag_kind=flag.kind,
        level=flag.level,
        to=manager.username,
    )
    outbox.queue(
        "flag_climbed",
        to=[manager],
        about=flag.ticket.reference,
        flag=flag.pk,
        flag_kind=flag.kind,
        level=flag.level,
    )
