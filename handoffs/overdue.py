"""What is owed between colleagues and falls due: the rest of a live packet, the answer to a question."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from handoffs import help_requests
from handoffs.models import Handoff, HelpRequest
from handoffs.protocol import State
from people import working_time
from people.transactions import verb
from people.working_time import Calendar
from tickets import clocks, flags, thresholds
from tickets.bounces import Finding
from tickets.kinds import FlagKind, Level
from tickets.models import Ticket
from tickets.thresholds import Thresholds

BATCH = 500


def packet_red_at(ended_at: datetime, calendar: Calendar, ours: Thresholds) -> datetime:
    """Return when the packet of a live handoff that was accepted at `ended_at` is owed for too long. Pure."""
    return working_time.add(calendar, ended_at, timedelta(seconds=ours.packet_owed_red_seconds))


def help_red_at(answer_by: datetime, calendar: Calendar, ours: Thresholds) -> datetime:
    """Return when a question whose answer was due at `answer_by` has waited for too long. Pure."""
    return working_time.add_days(calendar, answer_by, ours.help_unanswered_red_days)


def _free(**found_by: int) -> bool:
    """Lock a ticket unless somebody is just working on it, and say whether it is ours."""
    return Ticket.objects.filter(**found_by).select_for_update(of=("self",), skip_locked=True).exists()


@verb
def judge_packet(*, handoff: int, at: datetime) -> bool:
    """Flag a live handoff whose packet is still owed at `at`; say whether there was anything to do."""
    if not _free(handoffs=handoff):
        return False
    found = Handoff.objects.under_lock(handoff)
    if found.check_at is None or found.check_at > at or found.ended_at is None:
        return False
    team = found.ticket.team
    red_at = packet_red_at(found.ended_at, team.calendar, thresholds.of(team.thresholds))
    evidence = {"handoff": found.pk, "giver": found.giver.username}
    _flag(found, found.ticket, FlagKind.PACKET_OWED, evidence, red_at=red_at, at=at)
    return True


@verb
def judge_help(*, help_request: int, at: datetime) -> bool:
    """Flag a question that is still unanswered at `at`, or withdraw it when its ticket has ended.

    Says whether there was anything to do.
    """
    if not _free(help_requests=help_request):
        return False
    found = HelpRequest.objects.select_related("asked", "asked_by").get(pk=help_request)
    if found.check_at is None or found.check_at > at:
        return False
    ticket = found.ticket = Ticket.objects.lock(found.ticket_id)
    if not ticket.live:
        # Nobody waits for the answer any more: whoever was asked should know.
        help_requests.withdraw_for(found, by=None, cause="ticket_ended", at=at)
        clocks.save(ticket)
        return True
    red_at = help_red_at(found.answer_by, ticket.team.calendar, thresholds.of(ticket.team.thresholds))
    evidence = {"help_request": found.pk, "asked": found.asked.username}
    _flag(found, ticket, FlagKind.HELP_UNANSWERED, evidence, red_at=red_at, at=at)
    return True


def _flag(
    owed: Handoff | HelpRequest,
    ticket: Ticket,
    kind: FlagKind,
    evidence: dict[str, Any],
    *,
    red_at: datetime,
    at: datetime,
) -> None:
    """Flag what is owed, amber until `red_at`; on a ticket that has ended it is owed to nobody any more."""
    level, next_check = (Level.RED, None) if at >= red_at else (Level.AMBER, red_at)
    owed.check_at = next_check if ticket.live else None
    owed.save(update_fields=["check_at"])
    if ticket.live:
        flags.raise_for(ticket, [Finding(kind, level, evidence)], at=at)


def packet_paid(handoff: Handoff, *, at: datetime) -> None:
    """Clear the flag for a packet that has been completed, unless another one is owed on the ticket."""
    others = Handoff.objects.filter(ticket=handoff.ticket, state=State.ACCEPTED, packet_owed_by__lte=at)
    if not others.exclude(pk=handoff.pk).exists():
        flags.clear_kind(handoff.ticket, FlagKind.PACKET_OWED, at=at)


def sweep(*, at: datetime | None = None, limit: int = BATCH) -> int:
    """Judge what is due, the oldest first, at most `limit` of each; return how many were dealt with.

    Reads only rows that are due, through partial indexes; each in a transaction of its own.
    """
    now = at or timezone.now()
    packets = Handoff.objects.filter(check_at__lte=now).order_by("check_at").values_list("pk", flat=True)[:limit]
    questions = HelpRequest.objects.filter(check_at__lte=now).order_by("check_at").values_list("pk", flat=True)[:limit]
    judged = [judge_packet(handoff=number, at=now) for number in list(packets)]
    judged += [judge_help(help_request=number, at=now) for number in list(questions)]
    return sum(judged)
