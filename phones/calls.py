"""What became of a call, worked out from its events. Pure.

The same events give the same call, in whatever order and however often they came: they are put in order
first, and told from there (`fold`). The server concludes what went wrong, never the telephone system.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from phones.events import Direction, EndedBy, Event, HeldKind, TransferKind, Type, UnheldReason, in_order

# A call of which nothing has been heard for so long has ended, nobody knows how.
SILENCE = timedelta(hours=4)
# Somebody who gives up in the queue sooner than that has changed their mind.
PATIENCE = timedelta(seconds=20)


class SpellEnd(StrEnum):
    """How a spell on hold ended."""

    RETURNED = "returned"
    TRANSFERRED = "transferred"
    CALLER_HUNG_UP = "caller_hung_up"
    DROPPED_BY_US = "dropped_by_us"
    CLOSED = "closed"


class Cause(StrEnum):
    """What went wrong with a call."""

    HELD_CALLER_HUNG_UP = "held_caller_hung_up"
    DROPPED_ON_HOLD = "dropped_on_hold"
    DROPPED_AFTER_TRANSFER = "dropped_after_transfer"
    QUEUE_ABANDONED = "queue_abandoned"
    COLD_TRANSFER = "cold_transfer"
    # Not from the events alone: time has shown it (see `wrap_ups.sweep`).
    ENDED_UNRESOLVED = "ended_unresolved"


@dataclass(frozen=True)
class Spell:
    """The caller waits on the line. number: its place among the call's spells, from 1."""

    number: int
    kind: HeldKind
    by: str
    started_at: datetime
    ended_at: datetime | None = None
    how: SpellEnd | None = None


@dataclass(frozen=True)
class Transfer:
    """The call was passed on. picked_up_by: the extension that answered then; "" while nobody has."""

    number: int
    kind: TransferKind
    by: str
    target: str
    at: datetime
    picked_up_by: str = ""
    picked_up_at: datetime | None = None
    failed: bool = False


@dataclass(frozen=True)
class Conclusion:
    """Something that went wrong: once a call, cause and spell (or transfer; 0 is the call itself).

    slight: it is written down, and nobody is bothered with it.
    """

    cause: Cause
    number: int
    at: datetime
    slight: bool = False


@dataclass(frozen=True)
class Call:
    """A call as its events tell it.

    caller: the number it came from. agents: the extensions that answered, in their order. agent: the one
    who has the caller now, or had at the end. present: those who are on the line with the caller, as they
    came. provisional: its beginning is not known (yet).
    """

    began_at: datetime
    heard_at: datetime
    caller: str = ""
    called: str = ""
    direction: Direction = Direction.INBOUND
    rang_at: datetime | None = None
    queue: str = ""
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    agents: tuple[str, ...] = ()
    agent: str = ""
    present: tuple[str, ...] = ()
    spells: tuple[Spell, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    ended_at: datetime | None = None
    ended_by: EndedBy | None = None
    cause: str = ""
    provisional: bool = False
    conclusions: tuple[Conclusion, ...] = field(default=())

    @property
    def held(self) -> Spell | None:
        """The spell that goes on, if the caller is on hold."""
        return self.spells[-1] if self.spells and self.spells[-1].ended_at is None else None

    @property
    def waited_in_queue(self) -> timedelta:
        """How long the caller waited in a queue before giving up; nothing when they did not."""
        gave_up = self.answered_at is None and self.ended_by == EndedBy.CALLER
        if not gave_up or self.queued_at is None or self.ended_at is None:
            return timedelta()
        return self.ended_at - self.queued_at

    @property
    def ringing_on(self) -> Transfer | None:
        """The blind transfer that nobody has picked up yet, if there is one."""
        last = self.transfers[-1] if self.transfers else None
        waits = last is not None and last.kind == TransferKind.BLIND and not last.failed and not last.picked_up_by
        return last if waits else None


def fold(events: Iterable[Event], *, at: datetime) -> Call:
    """Return the call that these events tell, as it stands at `at`. There is at least one event."""
    ordered = in_order({event.id: event for event in events})
    call = Call(began_at=ordered[0].occurred_at, heard_at=ordered[0].occurred_at)
    call = replace(call, provisional=ordered[0].type != Type.RINGING)
    for event in ordered:
        call = _until(call, event.occurred_at)
        if call.ended_at is None:
            step = _STEPS.get(event.type)
            call = replace(step(call, event) if step else call, heard_at=event.occurred_at)
    call = _until(call, at)
    return replace(call, conclusions=tuple(_conclusions(call)))


def _until(call: Call, at: datetime) -> Call:
    """Return the call as it stands at `at` if nothing more is heard of it before."""
    if call.ended_at is None and at - call.heard_at >= SILENCE:
        return _over(call, at=call.heard_at + SILENCE, by=EndedBy.UNKNOWN, cause="silence")
    return call


def _ringing(call: Call, event: Event) -> Call:
    if call.rang_at is not None:  # it rings somewhere else by now
        return call
    direction = Direction(event.says("direction", Direction.INBOUND))
    return replace(
        call, caller=event.says("from"), called=event.says("to"), direction=direction, rang_at=event.occurred_at
    )


def _queued(call: Call, event: Event) -> Call:
    return replace(call, queue=event.says("queue"), queued_at=call.queued_at or event.occurred_at)


def _answered(call: Call, event: Event) -> Call:
    agent = event.says("agent")
    transfers = call.transfers
    if call.ringing_on is not None:
        picked_up = replace(transfers[-1], picked_up_by=agent, picked_up_at=event.occurred_at)
        transfers = (*transfers[:-1], picked_up)
    return replace(
        call,
        answered_at=call.answered_at or event.occurred_at,
        agents=call.agents if agent in call.agents else (*call.agents, agent),
        agent=agent,
        present=call.present if agent in call.present else (*call.present, agent),
        transfers=transfers,
    )


def _held(call: Call, event: Event) -> Call:
    if call.held is not None:  # pressed twice: the caller has waited since the first
        return call
    spell = Spell(
        len(call.spells) + 1,
        HeldKind(event.says("kind", HeldKind.HOLD)),
        event.says("by", call.agent),
        event.occurred_at,
    )
    return replace(call, spells=(*call.spells, spell))


def _end_spell(call: Call, *, at: datetime, how: SpellEnd) -> Call:
    if call.held is None:
        return call
    return replace(call, spells=(*call.spells[:-1], replace(call.held, ended_at=at, how=how)))


def _unheld(call: Call, event: Event) -> Call:
    resumed = event.says("reason", UnheldReason.RESUMED) == UnheldReason.RESUMED
    return _end_spell(call, at=event.occurred_at, how=SpellEnd.RETURNED if resumed else SpellEnd.TRANSFERRED)


def _transferred(call: Call, event: Event) -> Call:
    kind, by, target = TransferKind(event.says("kind")), event.says("by", call.agent), event.says("target")
    others = tuple(each for each in call.present if each != by)
    if kind == TransferKind.BLIND and not target and by in call.present and others:
        return _left(call, by, others, at=event.occurred_at)
    if not target and by not in call.present and _passed_on(call, by):  # they leave, and had done so already
        return call
    call = replace(_end_spell(call, at=event.occurred_at, how=SpellEnd.TRANSFERRED), present=others)
    transfer = Transfer(len(call.transfers) + 1, kind, by, target, event.occurred_at)
    if kind == TransferKind.ATTENDED:
        # Whoever was consulted has been speaking with the transferor: they have the caller from now on.
        transfer = replace(transfer, picked_up_by=target, picked_up_at=event.occurred_at)
        agents = call.agents if not target or target in call.agents else (*call.agents, target)
        present = others if not target or target in others else (*others, target)
        call = replace(call, agents=agents, agent=target or call.agent, present=present)
    return replace(call, transfers=(*call.transfers, transfer))


def _left(call: Call, by: str, others: tuple[str, ...], *, at: datetime) -> Call:
    """One of several on the line has left. The first to have come has passed the caller on to the next."""
    was_first = call.present[0] == by
    agent = others[0] if was_first or call.agent == by else call.agent
    call = replace(call, present=others, agent=agent)
    if not was_first:  # somebody was asked, and has answered
        return call
    transfer = Transfer(len(call.transfers) + 1, TransferKind.ATTENDED, by, agent, at, agent, at)
    return replace(call, transfers=(*call.transfers, transfer))


def _transfer_failed(call: Call, event: Event) -> Call:
    """Nobody took it: the caller is with whoever passed the call on, or with nobody."""
    if call.ringing_on is None:
        return replace(call, heard_at=event.occurred_at)
    return replace(call, transfers=(*call.transfers[:-1], replace(call.transfers[-1], failed=True)))


def _ended(call: Call, event: Event) -> Call:
    by, agent = EndedBy(event.says("ended_by", EndedBy.UNKNOWN)), event.says("agent")
    # Whoever has passed the caller on hangs up, and the caller talks on with somebody else.
    if by == EndedBy.AGENT and agent and _passed_on(call, agent):
        return call
    return _over(call, at=event.occurred_at, by=by, cause=event.says("cause"))


def _passed_on(call: Call, agent: str) -> bool:
    return bool(call.transfers) and not call.transfers[-1].failed and call.transfers[-1].by == agent


def _over(call: Call, *, at: datetime, by: EndedBy, cause: str) -> Call:
    how = {
        EndedBy.CALLER: SpellEnd.CALLER_HUNG_UP,
        EndedBy.AGENT: SpellEnd.DROPPED_BY_US,
        EndedBy.SYSTEM: SpellEnd.DROPPED_BY_US,
        EndedBy.UNKNOWN: SpellEnd.CLOSED,
    }[by]
    return replace(_end_spell(call, at=at, how=how), ended_at=at, ended_by=by, cause=cause)


_STEPS = {
    Type.RINGING: _ringing,
    Type.QUEUED: _queued,
    Type.ANSWERED: _answered,
    Type.HELD: _held,
    Type.UNHELD: _unheld,
    Type.TRANSFERRED: _transferred,
    Type.TRANSFER_FAILED: _transfer_failed,
    Type.ENDED: _ended,
}


def _conclusions(call: Call) -> Iterable[Conclusion]:
    """Yield what went wrong, as far as the events of an inbound call tell."""
    if call.direction != Direction.INBOUND:
        return
    for transfer in call.transfers:
        if transfer.kind == TransferKind.BLIND and not transfer.failed:
            yield Conclusion(Cause.COLD_TRANSFER, transfer.number, transfer.at)
    if call.ended_at is None:
        return
    last = call.spells[-1] if call.spells else None
    if last is not None and last.how == SpellEnd.CALLER_HUNG_UP:
        yield Conclusion(Cause.HELD_CALLER_HUNG_UP, last.number, call.ended_at)
    elif last is not None and last.how == SpellEnd.DROPPED_BY_US:
        yield Conclusion(Cause.DROPPED_ON_HOLD, last.number, call.ended_at)
    elif call.ringing_on is not None:
        yield Conclusion(Cause.DROPPED_AFTER_TRANSFER, call.ringing_on.number, call.ended_at)
    elif call.waited_in_queue:
        yield Conclusion(Cause.QUEUE_ABANDONED, 0, call.ended_at, slight=call.waited_in_queue < PATIENCE)
