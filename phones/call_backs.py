"""Calling back: whoever gave up in the queue waits on their team's list until somebody has."""

from datetime import datetime, timedelta

from django.utils import timezone

from people.errors import NotYours
from people.models import Person
from people.roles import OWNERS
from people.transactions import verb
from phones import calls, errors
from phones.events import Direction
from phones.models import Call

# An answered call of ours to that number, within so long, was the call back.
WITHIN = timedelta(days=7)


@verb
def call_back(*, call: int, by: Person, at: datetime | None = None) -> Call:
    """Say that whoever gave up has been called back. Raises UnknownCall, NotYours, NotToCallBack."""
    found = Call.objects.lock(call, by)
    if by.role not in OWNERS or found.team_id not in by.team_ids | by.led_team_ids:
        raise NotYours
    if found.call_back_since is None or found.called_back_at is not None:
        raise errors.NotToCallBack
    found.called_back_at = at or timezone.now()
    found.save(update_fields=["called_back_at"])
    return found


def notice(call: Call, told: calls.Call) -> None:
    """Take whoever has been reached by a call of ours off the list."""
    if told.direction != Direction.OUTBOUND or told.answered_at is None or not call.number:
        return
    waiting = Call.objects.to_call_back().filter(
        number=call.number, call_back_since__gt=told.answered_at - WITHIN, call_back_since__lte=told.answered_at
    )
    waiting.update(called_back_at=told.answered_at)
