"""What happened to a team's tickets: read in a few statements, told ticket by ticket.

Read are the facts: tickets, tenures, holds, promises, handoffs, questions, managers who were asked for, and
the entries that say what has no row (contacts, endings, what was put off). Of flags only what no threshold
decides is read: who ended one, and what a telephone system has found.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from handoffs import overdue, ringing
from handoffs.models import Handoff, HelpRequest, ManagerRequest
from handoffs.protocol import Kind, Ring, State
from insights.replays import Happened, Replay
from people import working_time
from people.models import Team
from people.working_time import Calendar
from tickets.bounces import Finding, Link
from tickets.holds import LOST_ON_THE_LINE
from tickets.kinds import BeganBy, EntryKind, FlagKind, HoldEnd, HoldKind, Level
from tickets.limits import Owed, Waiting
from tickets.models import Entry, Hold, Promise, Tenure, Ticket
from tickets.states import Channel
from tickets.thresholds import Thresholds

# Entries that say what no row says: of an extension, what it was before.
TELLING = (
    EntryKind.CONTACT,
    EntryKind.ACKNOWLEDGED,
    EntryKind.RESOLVED,
    EntryKind.CLOSED,
    EntryKind.REOPENED,
    EntryKind.HOLD_EXTENDED,
    EntryKind.PROMISE_RENEGOTIATED,
    EntryKind.HANDOFF_COMPLETED,
    EntryKind.FLAG_CLOSED,
)
# What a telephone system has found stands in the entries of its flags: no threshold decides it.
FOUND_BY_PHONES = Q(kind__in=[EntryKind.FLAG_RAISED, EntryKind.FLAG_ROSE]) & (
    Q(data__has_key="call") | Q(data__has_key="transferred_at")
)
LEVELS = {Ring.AMBER: Level.AMBER, Ring.RED: Level.RED}


@dataclass
class History:
    """The rows of one ticket, by kind."""

    ticket: Ticket
    tenures: list[Tenure] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    handoffs: list[Handoff] = field(default_factory=list)
    questions: list[HelpRequest] = field(default_factory=list)
    wanted: list[ManagerRequest] = field(default_factory=list)


def of_team(team: Team, *, since: datetime, until: datetime) -> list[History]:
    """Return the histories of a team's tickets that were live at some time between two others."""
    lived = Q(live=True) | Q(resolved_at__gte=since)
    tickets: QuerySet[Ticket] = Ticket.objects.filter(lived, team=team, historical=False, opened_at__lt=until)
    histories = {ticket.pk: History(ticket) for ticket in tickets}
    numbers = {"ticket__in": numbered(histories)}
    telling = Q(kind__in=TELLING) | FOUND_BY_PHONES
    read: dict[str, QuerySet[Any]] = {
        "tenures": Tenure.objects.filter(**numbers).order_by("seq"),
        "entries": Entry.objects.filter(telling, **numbers).order_by("at", "pk"),
        "holds": Hold.objects.filter(**numbers),
        "promises": Promise.objects.filter(**numbers),
        "handoffs": Handoff.objects.filter(**numbers, ended_at__isnull=False),
        "questions": HelpRequest.objects.filter(**numbers),
        "wanted": ManagerRequest.objects.filter(**numbers),
    }
    for name, rows in read.items():
        for row in rows:
            getattr(histories[row.ticket_id], name).append(row)
    return list(histories.values())


def numbered(tickets: Iterable[int]) -> RawSQL:
    """Return the tickets of those numbers, to be looked up one by one: so many, through an index, and no others."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(tickets)])


@dataclass
class Telling:
    """Tells a history under thresholds of one's choice, in a team's working time."""

    history: History
    calendar: Calendar
    thresholds: Thresholds

    def begin(self) -> Replay:
        """Return the ticket as it began."""
        first, ticket = self.history.tenures[0], self.history.ticket
        imported = first.began_by == BeganBy.IMPORTED
        return Replay(
            calendar=self.calendar,
            thresholds=self.thresholds,
            chain=[_link(first)],
            opened_at=ticket.opened_at,
            acknowledge_by=None if imported else self._acknowledge_by(ticket.opened_at),
            live=not imported,
        )

    def happened(self) -> Iterator[Happened]:
        """Yield what happened since, in no order; what happened at once, in the order in which it counts."""
        yield from self._moves()
        yield from self._entries()
        yield from self._holds()
        yield from self._promises()
        yield from self._owed()

    def _acknowledge_by(self, since: datetime) -> datetime:
        by_phone = self.history.ticket.channel == Channel.PHONE
        seconds = self.thresholds.acknowledge_phone_seconds if by_phone else self.thresholds.acknowledge_other_seconds
        return working_time.add(self.calendar, since, timedelta(seconds=seconds))

    def _moves(self) -> Iterator[Happened]:
        live = {handoff.pk for handoff in self.history.handoffs if handoff.on_call}
        for tenure in self.history.tenures[1:]:
            yield tenure.started_at, _do(Replay.move, _link(tenure), met=tenure.handoff_id in live)
        for handoff in self.history.handoffs:
            if handoff.kind == Kind.OFFER and handoff.state in (State.DECLINED, State.EXPIRED):
                yield _at(handoff.ended_at), _do(Replay.refuse, at=_at(handoff.ended_at))

    def _entries(self) -> Iterator[Happened]:
        acknowledged = False
        for entry in self.history.entries:
            at, data = entry.at, entry.data
            if entry.kind == EntryKind.CONTACT:
                yield at, _do(Replay.contact, by=entry.by_id, at=at, chase=data["chase"])
            elif entry.kind == EntryKind.ACKNOWLEDGED:
                acknowledged = True
                yield at, _do(Replay.acknowledged, by=entry.by_id, at=at)
            elif entry.kind in (EntryKind.RESOLVED, EntryKind.CLOSED):
                acknowledged = acknowledged or entry.kind == EntryKind.RESOLVED
                yield at, _do(Replay.end)
            elif entry.kind == EntryKind.REOPENED:
                by = None if acknowledged else self._acknowledge_by(at)
                yield at, _do(Replay.reopen, at=at, acknowledge_by=by)
            elif entry.kind == EntryKind.FLAG_CLOSED:
                yield at, _do(Replay.end_flag, FlagKind(data["flag_kind"]))
            elif "transferred_at" in data:
                since = datetime.fromisoformat(data["transferred_at"])
                yield since, _do(Replay.pass_on_cold, since=since)
            elif "call" in data:
                found = Finding(FlagKind(data["flag_kind"]), Level(data["level"]), {"call": data["call"]})
                yield at, _do(Replay.find, found, at=at)

    def _told(self, kind: EntryKind, name: str) -> dict[int, list[Entry]]:
        """Return the entries of a kind by the number that they name, in order."""
        told: dict[int, list[Entry]] = defaultdict(list)
        for entry in self.history.entries:
            if entry.kind == kind:
                told[entry.data[name]].append(entry)
        return told

    def _holds(self) -> Iterator[Happened]:
        extended = self._told(EntryKind.HOLD_EXTENDED, "hold")
        for hold in self.history.holds:
            later = extended[hold.pk]
            first = datetime.fromisoformat(later[0].data["was"]) if later else hold.return_by
            waiting = Waiting(hold.pk, hold.kind, hold.started_at, first)
            yield hold.started_at, _do(Replay.hold, waiting)
            for entry in later:
                return_by = datetime.fromisoformat(entry.data["return_by"])
                yield entry.at, _do(Replay.hold, Waiting(hold.pk, hold.kind, hold.started_at, return_by))
            if hold.ended_at is not None:
                yield hold.ended_at, _do(Replay.end_hold, hold.pk)
                lost = LOST_ON_THE_LINE.get(HoldEnd(hold.how)) if hold.kind == HoldKind.CALL else None
                if lost is not None:
                    yield hold.ended_at, _do(Replay.find, Finding(lost, Level.RED), at=hold.ended_at)

    def _promises(self) -> Iterator[Happened]:
        put_off = self._told(EntryKind.PROMISE_RENEGOTIATED, "promise")
        for promise in self.history.promises:
            yield promise.made_at, _do(Replay.promise, Owed(promise.pk, promise.first_due_at))
            for place, entry in enumerate(put_off[promise.pk]):
                due_at = datetime.fromisoformat(entry.data["due_at"])
                yield entry.at, _do(Replay.put_off, promise.pk, due_at=due_at, again=entry.at if place else None)
            if promise.ended_at is not None:
                yield promise.ended_at, _do(Replay.end_promise, promise.pk)

    def _owed(self) -> Iterator[Happened]:
        """Yield what colleagues and managers owed: when it was overdue, and when it came."""
        ours, calendar = self.thresholds, self.calendar
        completed = self._told(EntryKind.HANDOFF_COMPLETED, "handoff")
        for handoff in self.history.handoffs:
            ended_at = _at(handoff.ended_at)
            came = completed[handoff.pk][0].at if completed[handoff.pk] else None
            if handoff.on_call and handoff.state == State.ACCEPTED and (came is None or came > ended_at):
                amber = ended_at + timedelta(seconds=ours.packet_owed_amber_seconds)
                red = overdue.packet_red_at(ended_at, calendar, ours)
                yield from _overdue(FlagKind.PACKET_OWED, handoff.pk, amber, red, came)
        for question in self.history.questions:
            red = overdue.help_red_at(question.answer_by, calendar, ours)
            yield from _overdue(FlagKind.HELP_UNANSWERED, question.pk, question.answer_by, red, question.ended_at)
        for wanted in self.history.wanted:
            rings = {ring: at for at, ring in ringing.steps(wanted.asked_at, calendar, ours)}
            yield from _overdue(FlagKind.MANAGER_ASKED, wanted.pk, rings[Ring.AMBER], rings[Ring.RED], wanted.ended_at)


def _overdue(kind: FlagKind, number: int, amber: datetime, red: datetime, came: datetime | None) -> Iterator[Happened]:
    for at, level in ((amber, Level.AMBER), (red, Level.RED)):
        if came is None or at <= came:
            yield at, _do(Replay.owe, kind, number, level, at=at)
    if came is not None:
        yield came, _do(Replay.pay, kind, number)


def _do(verb: Callable[..., None], *args: Any, **kwargs: Any) -> Callable[[Replay], None]:
    return lambda replay: verb(replay, *args, **kwargs)


def _link(tenure: Tenure) -> Link:
    return Link(tenure.owner_id, tenure.started_at, tenure.began_by, tenure.reason, tenure.counted)


def _at(moment: datetime | None) -> datetime:
    assert moment is not None, "only what has ended is asked when it did"
    return moment
