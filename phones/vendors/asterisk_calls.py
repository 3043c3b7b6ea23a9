"""What must be remembered of calls while Asterisk tells of them in pieces. Pure."""

import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from phones.events import LONGEST, Direction, EndedBy, Event, Type
from phones.vendors.asterisk_channels import Board, Leg, Plan

TICK = timedelta(microseconds=1)
# So many ended calls are known not to be new ones when something is heard of them once more.
REMEMBERED = 1_000


@dataclass
class Call:
    """A call under way.

    id: the Uniqueid of the customer's channel. out: where its events go once they are sure. sure: it has been
    heard from its beginning. agent: the extension that has the customer. legs: the channels
    that have the customer, or have put them aside. held: None when nobody knows. passed_by: who passed the
    customer on blind, until somebody picks them up. rung: the extensions at which it has rung.
    """

    id: str
    number: str
    out: list[Event]
    direction: Direction = Direction.INBOUND
    sure: bool = True
    agent: str = ""
    legs: set[str] = field(default_factory=set)
    held: bool | None = False
    parked_at: datetime | None = None
    passed_by: str = ""
    hung_up: tuple[EndedBy, datetime] | None = None
    rung: set[str] = field(default_factory=set)
    waiting: list[Event] = field(default_factory=list)
    _named: set[str] = field(default_factory=set)
    _latest: datetime | None = None

    def say(self, type_: Type, when: datetime, **data: str) -> None:
        """Say that something happened, after whatever was held back."""
        self.flush()
        self._make(self.out, type_, when, data)

    def hold_back(self, type_: Type, when: datetime, **data: str) -> None:
        """Say that something happened, unless what comes within a second explains it otherwise."""
        self._make(self.waiting, type_, when, data)

    def unsay(self, *kinds: Type) -> bool:
        """Take back what was held back, and say whether there was any."""
        kept = [event for event in self.waiting if event.type not in kinds]
        found, self.waiting = len(kept) < len(self.waiting), kept
        return found

    def reword(self, kind: Type, **data: str) -> None:
        """Let what was held back say something else."""
        self.waiting = [
            replace(event, data={**event.data, **data}) if event.type == kind else event for event in self.waiting
        ]

    def flush(self, before: datetime | None = None) -> None:
        """Say what was held back: all of it, once the last of it happened before that time."""
        if before is None or all(event.occurred_at <= before for event in self.waiting):
            self.out += self.waiting
            self.waiting = []

    def _make(self, into: list[Event], kind: Type, when: datetime, data: dict[str, str]) -> None:
        said = {name: text[:LONGEST] for name, text in data.items()}
        sum_ = zlib.crc32(repr(sorted(said.items())).encode())
        id_ = f"{self.id}:{kind.removeprefix('call.')}:{when.timestamp():.6f}:{sum_:08x}"
        if id_ in self._named:  # exact duplicates occur
            return
        self._named.add(id_)
        # Timestamps are inverted by a hair now and then: what came later happened later.
        self._latest = when if self._latest is None else max(when, self._latest + TICK)
        into.append(Event(id_, kind, self.id, self._latest, data=said))


class Calls:
    """The calls under way, by the Uniqueid of the customer's channel, and what they say."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.board = Board()
        self.open: dict[str, Call] = {}
        self._ended: OrderedDict[str, Call] = OrderedDict()
        self._settling: list[Call] = []
        self._out: list[Event] = []

    def leg(self, raw: Mapping[str, str], prefix: str = "") -> Leg:
        """Return the channel that an event speaks of, under a prefix."""
        leg, is_new = self.board.know(raw, prefix)
        if is_new and leg.id == leg.linked and self.plan.is_trunk(leg):
            # Its beginning was missed; whoever was told of that gets the rest.
            self.begin(leg, Direction.INBOUND, sure=False)
        return leg

    def begin(self, leg: Leg, direction: Direction, *, sure: bool) -> Call | None:
        """Return a new call; None when it is known, or is over."""
        if not leg.id or leg.id in self.open or leg.id in self._ended:
            return None
        call = Call(leg.id, leg.number, self._out, direction, sure=sure, held=False if sure else None)
        self.open[leg.id] = call
        return call

    def end(self, call: Call) -> None:
        """Take a call away, and know that it is over."""
        self._ended[call.id] = self.open.pop(call.id)
        self._settling.append(call)
        if len(self._ended) > REMEMBERED:
            self._ended.popitem(last=False)

    def ended(self, id_: str) -> Call | None:
        """Return a call that is over."""
        return self._ended.get(id_)

    def linked(self, linked: str) -> list[Call]:
        """Return the calls whose customer's channel has that Linkedid."""
        legs = self.board.legs
        return [call for call in self.open.values() if call.id in legs and legs[call.id].linked == linked]

    def had_by(self, leg: Leg) -> list[Call]:
        """Return the calls whose customer a channel has, or has put aside."""
        found = [call for call in self.open.values() if leg.id in call.legs]
        if found or leg.id in self.open or leg.bridge:
            return found
        # Connected unheard, its Linkedid tells; that of a consulting leg is another one until the transfer.
        return [call for call in self.linked(leg.linked) if not call.sure]

    def passed_on(self, customer: Leg, by: Leg) -> list[Call]:
        """Return the calls that a transfer is about."""
        return [self.open[customer.id]] if customer.id in self.open else self.had_by(by)

    def agents_with(self, call: Call) -> list[Leg]:
        """Return the channels of those who hear a customer."""
        heard = self.board.connected(self.board.legs[call.id])
        return [leg for leg in heard if leg.id not in self.open and not leg.is_local]

    def flush(self, before: datetime | None = None) -> None:
        """Let each call say what it held back, once the last of it happened before that time."""
        for call in [*self.open.values(), *self._settling]:
            call.flush(before)
        self._settling = [call for call in self._settling if call.waiting]

    def spoken(self) -> list[Event]:
        """Return what the calls have said since this was last asked."""
        spoken = self._out[:]
        self._out.clear()
        return spoken
