"""A pretended Asterisk: what a real one says of the calls that a test tells, event by event."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from phones import calls
from phones.events import Event
from phones.vendors.asterisk import Asterisk
from phones.vendors.asterisk_channels import Plan
from tests.cast import MONDAY

PLAN = Plan.of(["PJSIP/pstn"], ["PJSIP/anna=101", "PJSIP/ben=102", r"PJSIP/desk(\d+)"])
CALLER = "+12125550100"  # Customer One's
Raw = dict[str, str]


@dataclass
class Channel:
    """A channel: its name without the number of the call, and what it is."""

    name: str
    id: str
    linked: str
    number: str = ""
    exten: str = ""
    state: str = "6"

    def fields(self, prefix: str = "") -> Raw:
        """Return the channel as events show it."""
        said = {
            "Channel": self.name,
            "ChannelState": self.state,
            "CallerIDNum": self.number or "<unknown>",
            "Exten": self.exten,
            "Uniqueid": self.id,
            "Linkedid": self.linked,
        }
        return {prefix + key: value for key, value in said.items()}


@dataclass
class Exchange:
    """Events in the order sent; `at` says at which second of the story the next ones happen."""

    began: datetime = MONDAY
    events: list[Raw] = field(default_factory=list)
    now: float = 0
    made: int = 0

    def at(self, seconds: float) -> Self:
        """Go on at that second."""
        self.now = seconds
        return self

    def moment(self, seconds: float) -> datetime:
        """Return a second of the story as a time."""
        return self.began + timedelta(seconds=seconds)

    def say(self, event: str, *channels: Raw, **details: str) -> Raw:
        """Send an event."""
        raw = {"Event": event, "Privilege": "call,all", "Timestamp": f"{self.moment(self.now).timestamp():.6f}"}
        for each in channels:
            raw |= each
        self.events.append(raw | details)
        return self.events[-1]

    def channel(self, device: str, linked: Channel | None = None, **details: str) -> Channel:
        """Open a channel; one that comes in by itself has a Linkedid of its own."""
        self.made += 1
        id_ = f"pbx-{int(self.began.timestamp())}.{self.made}"
        half = details.pop("half", "")
        number = self.made - (half == ";2")  # the halves of a pair have it in common
        made = Channel(f"{device}-{number:08x}{half}", id_, linked.linked if linked else id_, **details)
        self.say("Newchannel", made.fields(), ChannelState="0" if linked else "4")
        return made

    def caller(self, number: str = CALLER) -> Channel:
        """Let a customer come in on the trunk."""
        return self.channel("PJSIP/pstn", number=number, exten="18005550100")

    def rings(self, caller: Channel, device: str, number: str = "") -> Channel:
        """Call a telephone for somebody."""
        made = self.channel(device, caller, number=number)
        self.say("DialBegin", caller.fields(), made.fields("Dest"), DialString=device)
        return made

    def bridge(self, name: str, *channels: Channel, technology: str = "simple_bridge") -> None:
        """Let channels enter a bridge."""
        for each in channels:
            self.say("BridgeEnter", each.fields(), BridgeUniqueid=name, BridgeTechnology=technology)

    def leave(self, name: str, *channels: Channel) -> None:
        """Let channels leave it."""
        for each in channels:
            self.say("BridgeLeave", each.fields(), BridgeUniqueid=name, BridgeTechnology="simple_bridge")

    def hold(self, channel: Channel) -> None:
        """Let whoever is at that channel put the other on hold."""
        self.say("Hold", channel.fields(), MusicClass="default")

    def unhold(self, channel: Channel) -> None:
        """Let them take the other back."""
        self.say("Unhold", channel.fields())

    def blind(self, by: Channel, customer: Channel, target: str, result: str = "Success") -> None:
        """Pass a customer on blind; Asterisk says Unhold first, whether there was a hold or not."""
        self.unhold(by)
        self.say(
            "BlindTransfer", by.fields("Transferer"), customer.fields("Transferee"), Extension=target, Result=result
        )

    def attended(self, first: Channel, second: Channel, customer: Channel, target: Channel, **details: str) -> None:
        """Pass a customer on to somebody who has been spoken with."""
        parties = [first.fields("OrigTransferer"), second.fields("SecondTransferer"), customer.fields("Transferee")]
        said = {"Result": "Success", "DestType": "Bridge", **details}
        self.say("AttendedTransfer", *parties, target.fields("TransferTarget"), **said)
        target.linked = customer.linked

    def parked(self, customer: Channel, by: str) -> None:
        """Put a customer into the parking lot."""
        self.say("ParkedCall", customer.fields("Parkee"), ParkerDialString=by, ParkingSpace="701")

    def consult_by_code(self, customer: Channel, agent: Channel) -> tuple[Channel, Channel, Channel]:
        """Let an agent consult extension 102 by feature code; returns a pair of Local channels, and Ben's."""
        self.hold(agent)
        self.leave("talk", agent)
        inside = self.channel("Local/102@agents", customer, half=";1")
        outside = self.channel("Local/102@agents", customer, half=";2")
        self.bridge("consult", agent, inside)
        ben = self.rings(outside, "PJSIP/ben")
        self.bridge("outside", ben, outside)
        return inside, outside, ben

    def hang_up(self, channel: Channel, *others: Channel, requested: bool = True) -> None:
        """Let somebody hang up, or (not requested) the system; and the channels of the others after that."""
        if requested:
            self.say("HangupRequest", channel.fields())
        for each in (channel, *others):
            self.say("Hangup", each.fields(), Cause="16", **{"Cause-txt": "Normal Clearing"})

    def talk(self, device: str = "PJSIP/anna", number: str = CALLER) -> tuple[Channel, Channel]:
        """Let a customer come in at 0, wait in a queue from 1, and be answered at 5."""
        caller = self.at(0).caller(number)
        self.at(1).say("QueueCallerJoin", caller.fields(), Queue="complaints", Position="1")
        self.say("MusicOnHoldStart", caller.fields(), Class="default")
        agent = self.at(1.1).rings(caller, device)
        self.at(5).say("AgentConnect", caller.fields(), agent.fields("Dest"), HoldTime="4", Queue="complaints")
        self.bridge("talk", agent, caller)
        return caller, agent


def heard(events: Iterable[Raw], asterisk: Asterisk | None = None) -> list[Event]:
    """Return all neutral events that a stream gives."""
    asterisk = asterisk or Asterisk(PLAN)
    found = [event for raw in events for event in asterisk.feed(raw, at=MONDAY)]
    return found + asterisk.settle()


def told(exchange: Exchange) -> calls.Call:
    """Return the only call that a stream tells of, as the tracker sees it an hour later."""
    events = heard(exchange.events)
    assert len({event.call_id for event in events}) == 1
    return calls.fold(events, at=exchange.began + timedelta(hours=1))


def story(exchange: Exchange) -> list[tuple[float, str, dict[str, Any]]]:
    """Return the neutral events of a stream, but for its ringing, as (second, type, data)."""
    return [
        (round((event.occurred_at - exchange.began).total_seconds(), 3), event.type.value[5:], dict(event.data))
        for event in heard(exchange.events)
        if event.type != "call.ringing"
    ]


def rings(exchange: Exchange) -> list[dict[str, Any]]:
    """Return what a stream says of ringing."""
    return [dict(event.data) for event in heard(exchange.events) if event.type == "call.ringing"]


def ended(seconds: float, by: str) -> tuple[float, str, dict[str, str]]:
    """Return what a story says at its end."""
    return seconds, "ended", {"ended_by": by, "cause": "16 Normal Clearing"}


def spells(call: calls.Call) -> list[tuple[str, str | None]]:
    """Return the spells on hold of a call as (kind, how they ended)."""
    return [(spell.kind.value, spell.how and spell.how.value) for spell in call.spells]


def causes(call: calls.Call) -> list[str]:
    """Return what went wrong with a call."""
    return [conclusion.cause.value for conclusion in call.conclusions]
