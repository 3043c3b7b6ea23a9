"""Asterisk's manager events (AMI), as neutral events. Pure: it is fed them in the order received.

A call is named by the Uniqueid of the customer's channel, and an event by that, its type and Asterisk's own
timestamp: whoever hears the same again says the same again. What real streams taught is said where it is heeded.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from phones.events import Direction, EndedBy, Event, Type, UnheldReason
from phones.vendors.asterisk_calls import Call, Calls
from phones.vendors.asterisk_channels import NOBODY_TALKS, Leg, Plan
from phones.vendors.asterisk_transfers import GRACE, Transfers

DOWN = "0"  # ChannelState: we are calling it
COMPLETED_BY = {"caller": EndedBy.CALLER, "agent": EndedBy.AGENT}

Raw = Mapping[str, str]


class Asterisk:
    """Listens to one Asterisk."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.forget()

    def forget(self) -> None:
        """Know nothing of what goes on."""
        self.calls = Calls(self.plan)
        self.board = self.calls.board
        transfers = Transfers(self.calls)
        self._steps: dict[str, Callable[[Raw, datetime], None]] = {
            "Newchannel": self._new,
            "DialBegin": self._dial,
            "QueueCallerJoin": self._queued,
            "BridgeEnter": self._entered,
            "BridgeLeave": self._left,
            "Hold": transfers.held,
            "Unhold": transfers.unheld,
            "BlindTransfer": transfers.blind,
            "AttendedTransfer": transfers.attended,
            "ParkedCall": transfers.parked,
            "HangupRequest": self._hangs_up,
            "AgentComplete": self._completed,
            "Hangup": self._hung_up,
        }

    def feed(self, raw: Raw, *, at: datetime) -> list[Event]:
        """Return what is sure now that an event has come. at: the time, if Asterisk does not say it."""
        step = self._steps.get(raw.get("Event", ""))
        if step is None:
            return []
        when = time_of(raw) or at
        self.calls.flush(before=when - GRACE)
        step(raw, when)
        return self.calls.spoken()

    def settle(self) -> list[Event]:
        """Return what was held back, as nothing has come for a second."""
        self.calls.flush()
        return self.calls.spoken()

    def found(self, channels: Sequence[Raw], *, at: datetime) -> list[Event]:
        """Go on with the channels that there are now (CoreShowChannels), after things happened unheard.

        Calls that are gone have ended, nobody knows how; of those that are new the beginning was missed.
        """
        there = {raw.get("Uniqueid", "") for raw in channels}
        for leg in [leg for id_, leg in self.board.legs.items() if id_ not in there]:
            self._gone(leg, at, by=EndedBy.UNKNOWN, cause="not heard")
        legs = [(self.board.know(raw)[0], raw.get("BridgeId", "")) for raw in channels]
        for leg, _ in legs:
            self._find(leg, at)
        for leg, bridge in legs:
            self._connect(leg, bridge, at, seen=False)
        return self.calls.spoken()

    def _find(self, leg: Leg, at: datetime) -> None:
        first = self.board.legs.get(leg.linked, leg)
        if not self.plan.is_trunk(leg) or (first is not leg and self.calls.linked(leg.linked)):
            return
        # A Uniqueid holds the second in which it was given.
        second = re.search(r"(\d{9,})\.\d+$", leg.id)
        when = datetime.fromtimestamp(int(second[1]), UTC) if second else at
        if first is leg:
            self._begin(leg, when, Direction.INBOUND, caller=leg.number, to="", sure=False)
        else:
            caller = self.plan.extension(first)
            self._begin(leg, when, Direction.OUTBOUND, caller=caller, to=leg.number, sure=False)

    def _begin(
        self, leg: Leg, when: datetime, direction: Direction, *, caller: str, to: str, sure: bool = True
    ) -> None:
        call = self.calls.begin(leg, direction, sure=sure)
        if call is not None:
            _ring(call, when, caller=caller, to=to)

    def _new(self, raw: Raw, when: datetime) -> None:
        leg, _ = self.board.know(raw)
        if self.plan.is_trunk(leg) and leg.id == leg.linked and raw.get("ChannelState") != DOWN:
            self._begin(leg, when, Direction.INBOUND, caller=leg.number, to=raw.get("Exten", ""))

    def _dial(self, raw: Raw, when: datetime) -> None:
        origin, (leg, _) = self.calls.leg(raw), self.board.know(raw, "Dest")
        calls = self.calls.linked(leg.linked)
        if self.plan.is_trunk(leg) and not calls:  # else a customer's call is passed to somebody outside
            caller = self.plan.extension(origin)
            dialled = re.search(r"\+?\d{5,}", raw.get("DialString", ""))
            to = dialled[0] if dialled else leg.number or raw.get("Exten", "")
            self._begin(leg, when, Direction.OUTBOUND, caller=caller, to=to)
        extension = self.plan.agent(leg.device)
        for call in calls:
            if extension and extension not in call.rung and call.direction == Direction.INBOUND:
                call.rung.add(extension)
                _ring(call, when, caller=call.number, to=extension)

    def _queued(self, raw: Raw, when: datetime) -> None:
        # A queue's HoldTime, when it lets somebody through, is waiting time and no hold.
        for call in self.calls.linked(self.calls.leg(raw).linked):
            call.say(Type.QUEUED, when, queue=raw.get("Queue", ""))

    def _entered(self, raw: Raw, when: datetime) -> None:
        talks = raw.get("BridgeTechnology") != NOBODY_TALKS
        self._connect(self.calls.leg(raw), raw.get("BridgeUniqueid", "") if talks else "", when)

    def _left(self, raw: Raw, when: datetime) -> None:
        self.board.leave(self.calls.leg(raw))

    def _connect(self, leg: Leg, bridge: str, when: datetime, *, seen: bool = True) -> None:
        """Let a channel be in a bridge. seen: whether it has come there now."""
        if self.board.enter(leg, bridge):
            for each in [leg, *self.board.connected(leg)]:
                if each.id in self.calls.open:
                    self._meet(self.calls.open[each.id], leg, when, seen=seen)

    def _meet(self, call: Call, entered: Leg, when: datetime, *, seen: bool) -> None:
        others = self.calls.agents_with(call)
        if not others:
            return
        call.legs |= {leg.id for leg in others}
        if call.held or (call.held is None and seen):  # back from consulting by feature code, or from parking
            call.hold_back(Type.UNHELD, when, reason=UnheldReason.RESUMED)
            call.held, call.parked_at = False, None
        agent = self.plan.extension(entered if entered in others else others[-1])
        if agent == call.agent:
            return
        if agent == call.passed_by:
            call.say(Type.TRANSFER_FAILED, when, reason="taken back")
        call.agent, call.passed_by, call.hung_up = agent, "", None
        # Whoever comes while an unhold is held back may be the target of the transfer that explains it.
        say = call.hold_back if call.waiting else call.say
        say(Type.ANSWERED, when, agent=agent)

    def _hangs_up(self, raw: Raw, when: datetime) -> None:
        # Whose channel it is tells who hung up: the Cause is 16 whoever did.
        leg = self.calls.leg(raw)
        for call in self.calls.had_by(leg):
            call.hung_up = EndedBy.AGENT, when
        customers = self.calls.open.get(leg.id)
        if customers and not (customers.hung_up and when - customers.hung_up[1] <= GRACE):
            customers.hung_up = EndedBy.CALLER, when

    def _completed(self, raw: Raw, when: datetime) -> None:
        by, id_ = COMPLETED_BY.get(raw.get("Reason", "")), raw.get("Uniqueid", "")
        if by and (call := self.calls.open.get(id_)):
            call.hung_up = call.hung_up or (by, when)
        if by and (over := self.calls.ended(id_)):
            over.reword(Type.ENDED, ended_by=by)

    def _hung_up(self, raw: Raw, when: datetime) -> None:
        cause = f"{raw.get('Cause', '')} {raw.get('Cause-txt', '')}".strip()
        self._gone(self.calls.leg(raw), when, by=None, cause=cause)

    def _gone(self, leg: Leg, when: datetime, *, by: EndedBy | None, cause: str) -> None:
        self.board.leave(leg)
        call = self.calls.open.get(leg.id)
        if call is not None:
            by = by or (call.hung_up[0] if call.hung_up else None)
            # AgentComplete may still come and tell; else nobody did.
            say = call.say if by else call.hold_back
            say(Type.ENDED, when, ended_by=by or EndedBy.SYSTEM, cause=cause)
            self.calls.end(call)
        for other in self.calls.had_by(leg):
            other.legs.discard(leg.id)
            if self.calls.agents_with(other):  # whoever hung up, the customer talks on
                other.hung_up = None
        self.board.forget(leg)


def _ring(call: Call, when: datetime, *, caller: str, to: str) -> None:
    call.say(Type.RINGING, when, **{"from": caller, "to": to, "direction": call.direction})


def time_of(raw: Raw) -> datetime | None:
    """Return when Asterisk says that it happened; it does with timestampevents=yes in manager.conf."""
    try:
        return datetime.fromtimestamp(float(raw["Timestamp"]), UTC)
    except (KeyError, ValueError, OverflowError):
        return None
