"""Twilio's callbacks, of conferences and of single legs, as neutral events. Pure.

The call is the customer's leg: its CallSid names it, wherever the callbacks of several legs and conferences
come from. A conference's callback says which leg it is about, and neither who is calling nor whose call the
others have joined; so the address that it is sent to says it (`?call=…&from=…`), unless that CallSid is part
of the room's name. Participants are known by their labels: `customer`, or an agent's extension.
Sources: twilio.com/docs, TwiML <Conference> and <Number>, status callbacks of calls.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from phones.events import Direction, EndedBy, Event, TransferKind, Type, UnheldReason

CUSTOMER = "customer"
# What the address may say beside.
QUERY = ("call", "from", "to", "agent", "direction", "queue")
# What the letters of a keypad spell: anonymous, restricted, blocked, unknown, unavailable.
WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "anonymous"})
# Times are whole seconds, and who hung up is said by the conference alone: a leg's own end comes after that.
LEEWAY = timedelta(seconds=2)
PARTICIPANT = ("participant-join", "participant-leave", "participant-hold", "participant-unhold")
RINGS = ("queued", "initiated", "ringing")
ENDS = ("completed", "busy", "failed", "no-answer", "canceled")
STATUSES = (*RINGS, "in-progress", *ENDS)
# Why the customer has left.
ENDED_BY = {
    "participant_hung_up": EndedBy.CALLER,
    "moderator_ended_conference": EndedBy.AGENT,
    "conference_ended_via_api": EndedBy.SYSTEM,
    "participant_add_failed": EndedBy.SYSTEM,
}
# Why an agent has left who had been there, in a conference that nobody ended.
WENT = ("participant_hung_up", "participant_updated_via_api", "")


def read(said: Mapping[str, Any], query: Mapping[str, str]) -> tuple[list[Event], dict[str, str]]:
    """Return what a callback tells, and what is wrong with it, by field; what is of no interest tells nothing.

    query: what the address says beside (`QUERY`).
    """
    wrong = {name: "Give a text." for name, value in said.items() if isinstance(value, list | dict)}
    told = {name: _text(value) for name, value in said.items() if value is not None}
    callback = _Callback(told, {name: query.get(name, "") for name in QUERY})
    wrong |= _wrong(callback)
    if wrong:
        return [], wrong
    return list(_conference(callback) if callback.of_conference else _leg(callback)), {}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class _Callback:
    """One callback: its parameters, and those of the address that it was sent to."""

    said: Mapping[str, str]
    query: Mapping[str, str]

    def says(self, name: str) -> str:
        """Return a parameter; "" when there is none."""
        return self.said.get(name, "")

    @property
    def of_conference(self) -> bool:
        """Whether it is of a conference, rather than of one leg."""
        return bool(self.says("StatusCallbackEvent"))

    @property
    def call(self) -> str:
        """The SID of the customer's leg, as far as it is known; else that of the conference."""
        room = re.search(r"CA[0-9a-f]{32}", self.says("FriendlyName"))
        named = room[0] if room else self.says("ConferenceSid")
        return self.query["call"] or named or self.says("ParentCallSid") or self.says("CallSid")

    @property
    def of_customer(self) -> bool:
        """Whether it is about the customer's own leg."""
        return self.says("ParticipantLabel") == CUSTOMER or self.says("CallSid") == self.call

    @property
    def at(self) -> datetime:
        """When it happened."""
        found = _moment(self.says("Timestamp"))
        assert found is not None, "not checked yet"
        return found

    def event(self, type_: Type, *, at: datetime | None = None, **data: str) -> Event:
        """Return an event of it, with an id that is the same whenever Twilio sends it again."""
        number = self.says("SequenceNumber")
        what = self.says("StatusCallbackEvent") or self.says("CallStatus")
        named = (self.says("ConferenceSid") or self.says("CallSid"), number or self.says("Timestamp"), what)
        sequence = int(number) if number and at is None else None
        id_ = "/".join((*named, type_.removeprefix("call.")))
        return Event(id_, type_, self.call, at or self.at, sequence, data)

    def rings(self, *, outbound: bool = False, at: datetime | None = None) -> Event:
        """Return that the call rings; who calls whom, the address knows better."""
        caller, called = (self.query[name] or self.says(name.title()) for name in ("from", "to"))
        direction = self.query["direction"] or (Direction.OUTBOUND if outbound else Direction.INBOUND).value
        return self.event(Type.RINGING, at=at, **{"from": party(caller), "to": party(called), "direction": direction})


def _wrong(callback: _Callback) -> dict[str, str]:
    says, query, conference = callback.says, callback.query, callback.of_conference
    wrong = {}
    for name, needed in (("ConferenceSid", conference), ("CallSid", not conference), ("ParentCallSid", False)):
        if (needed or says(name)) and not _is_sid(says(name)):
            wrong[name] = "Give a SID: two letters and 32 hexadecimal digits."
    if query["call"] and not _is_sid(query["call"]):
        wrong["call"] = "Give the CallSid of the customer's leg in the address: ?call=CA…"
    if query["direction"] not in ("", *Direction):
        wrong["direction"] = f"One of: {', '.join(Direction)}."
    if not conference and says("CallStatus") not in STATUSES:
        wrong["CallStatus"] = f"This is a callback neither of a conference nor of a call: {', '.join(STATUSES)}."
    if _moment(says("Timestamp")) is None:
        wrong["Timestamp"] = "Give the time as in: Thu, 01 Jun 2017 20:48:32 +0000."
    if not re.fullmatch(r"[0-9]{0,9}", says("SequenceNumber")):
        wrong["SequenceNumber"] = "Give a whole number."
    if says("StatusCallbackEvent") in PARTICIPANT and not (says("ParticipantLabel") or callback.of_customer):
        wrong["ParticipantLabel"] = f"Label each participant: {CUSTOMER}, or the extension of the agent."
    return wrong


def _is_sid(text: str) -> bool:
    return re.fullmatch(r"C[AF][0-9a-f]{32}", text) is not None


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def party(text: str) -> str:
    """Return a number or a name without `client:`, `sip:` and a SIP domain; "" when it is withheld."""
    if text.startswith(" "):  # a + that nobody escaped in the address
        text = f"+{text.strip()}"
    named = re.sub(r"^(client|sips?):", "", text.strip()).partition("@")[0]
    return "" if named.lower() in WITHHELD else named


def _conference(callback: _Callback) -> Iterable[Event]:
    """Yield what happens in a conference: who comes, who is put on hold, who leaves."""
    what = callback.says("StatusCallbackEvent")
    if what == "conference-end":
        yield from _end_of(callback)
    elif what in PARTICIPANT and callback.of_customer:
        yield from _customer(callback, what)
    elif what in PARTICIPANT and callback.says("Coaching") != "true":
        yield from _agent(callback, what)


def _customer(callback: _Callback, what: str) -> Iterable[Event]:
    why, rings = callback.says("ReasonParticipantLeft"), callback.rings()
    if what == "participant-join" or callback.query["from"]:
        # Said each time: whichever comes first, we know at once who is calling.
        yield rings
    if what == "participant-join":
        if rings.says("direction") == Direction.INBOUND:  # alone in the room until an agent comes
            yield callback.event(Type.QUEUED, queue=callback.query["queue"])
    elif what == "participant-hold":
        yield callback.event(Type.HELD)
    elif what == "participant-unhold":
        yield callback.event(Type.UNHELD, reason=UnheldReason.RESUMED.value)
    elif why == "participant_updated_via_api":  # sent out of the room, to whatever comes next
        yield callback.event(Type.TRANSFERRED, kind=TransferKind.BLIND.value, target="redirected")
    else:
        yield callback.event(Type.ENDED, ended_by=ENDED_BY.get(why, EndedBy.UNKNOWN).value, cause=why)


def _agent(callback: _Callback, what: str) -> Iterable[Event]:
    label, why = callback.says("ParticipantLabel"), callback.says("ReasonParticipantLeft")
    if what == "participant-join":
        yield callback.event(Type.ANSWERED, agent=label)
    elif what == "participant-leave" and why in WENT:
        if callback.says("EndConferenceOnExit") == "true":
            yield callback.event(Type.ENDED, ended_by=EndedBy.AGENT.value, agent=label, cause=why)
        else:  # the customer stays, with whoever is there, or comes
            yield callback.event(Type.TRANSFERRED, kind=TransferKind.BLIND.value, by=label)


def _end_of(callback: _Callback) -> Iterable[Event]:
    label, why = callback.says("ParticipantLabelEndingConference"), callback.says("ReasonConferenceEnded")
    if not label or not why.startswith("participant-with-end-conference-on-exit"):
        return  # the customer has left by then, and why has been said
    if label == CUSTOMER:
        yield callback.event(Type.ENDED, ended_by=EndedBy.CALLER.value, cause=why)
    else:
        yield callback.event(Type.ENDED, ended_by=EndedBy.AGENT.value, agent=label, cause=why)


def _leg(callback: _Callback) -> Iterable[Event]:
    """Yield what happens to one leg: it rings, is answered, and ends; who hung up is not said."""
    status, direction, query = callback.says("CallStatus"), callback.says("Direction"), callback.query
    own, dialled = callback.of_customer, direction == "outbound-dial"
    # To the customer: called by a program of ours, or from the agent's own leg.
    out = query["direction"] == Direction.OUTBOUND or (own and direction.startswith("outbound"))
    if status in RINGS and (own or out or dialled):
        yield callback.rings(outbound=out)
    elif status == "in-progress" and (out or (not own and (dialled or query["agent"]))):
        # Of agents in a conference, the conference tells.
        agent = query["agent"] or callback.says("From" if out else "To")
        yield callback.event(Type.ANSWERED, agent=party(agent))
    elif status in ENDS and own:
        if direction == "inbound":
            yield _began(callback)
        by = EndedBy.UNKNOWN if status == "completed" else EndedBy.SYSTEM
        yield callback.event(Type.ENDED, at=callback.at + LEEWAY, ended_by=by.value, cause=status)


def _began(callback: _Callback) -> Event:
    """Return that it rang when the leg began: of a call to one of our numbers, only its end is told."""
    lasted = callback.says("CallDuration")
    seconds = int(lasted) if re.fullmatch(r"[0-9]{1,6}", lasted) else 0
    began = callback.at - timedelta(seconds=seconds) - LEEWAY
    return callback.rings(outbound=callback.says("From").startswith(("client:", "sip:")), at=began)
