"""The moves of a chain in words: what stands in the rows under the picture, and is read out in the picture."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from handoffs.models import Handoff
from handoffs.protocol import IN_PROGRESS, Kind, State
from phones.models import Call
from tickets.kinds import EntryKind, HoldEnd
from tickets.models import Entry, Flag
from web import labels
from web.labels import Label
from web.pictures import lengths, story
from web.reads.chain import Audit
from web.templatetags.web import exact

LOST = (HoldEnd.CALLER_HUNG_UP, HoldEnd.DROPPED_BY_US)

BECAME: dict[str, Label] = {
    "open": gettext_lazy("open"),
    "kept": gettext_lazy("kept in time"),
    "late": gettext_lazy("kept late"),
    "broken": gettext_lazy("broken: it is past due"),
    "withdrawn": gettext_lazy("withdrawn"),
}


@dataclass(frozen=True)
class Line:
    """One thing that happened in a tenure, in words. tone: "red", "amber" or ""."""

    icon: str
    words: str
    tone: str = ""
    said: str = ""


@dataclass
class Move:
    """A tenure, and how it began. tenure: as the chain tells it."""

    tenure: dict[str, Any]
    giver: str
    team: str
    until: datetime
    handoff: dict[str, Any] | None
    packet: list[tuple[Label, str]] = field(default_factory=list)
    holds: list[Line] = field(default_factory=list)
    promises: list[Line] = field(default_factory=list)
    covers: list[Line] = field(default_factory=list)
    offers: list[Line] = field(default_factory=list)
    flags: list[Line] = field(default_factory=list)
    contacts: list[Line] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Its number in the picture."""
        return int(self.tenure["seq"])

    @property
    def owner(self) -> str:
        """Whose tenure it is."""
        return str(self.tenure["owner"]["name"])

    @property
    def how(self) -> Label:
        """How it began."""
        if self.handoff and self.handoff["kind"] == Kind.CLAIM:
            return _("Claimed it")
        return labels.BEGAN_BY[self.tenure["began_by"]]

    @property
    def why(self) -> Label:
        """The reason of the move."""
        reason = self.tenure["reason"]
        return labels.REASON.get(reason, "") if reason else ""

    @property
    def lasted(self) -> str:
        """How long it was owned."""
        return lengths.words((self.tenure["ended_at"] or self.until) - self.tenure["started_at"])

    @property
    def to_yes(self) -> str:
        """How long it took from the offer to the yes."""
        return lengths.words(self.handoff["accepted_at"] - self.handoff["made_at"]) if self.handoff else ""

    @property
    def erased(self) -> bool:
        """Whether what was handed on is no longer there."""
        return self.handoff is not None and not self.packet and self.handoff["read_back"] is None

    @property
    def all_lines(self) -> list[tuple[Label, list[Line]]]:
        """What happened in it, part by part; parts with nothing in them are left out."""
        parts: list[tuple[Label, list[Line]]] = [
            (_("Holds"), self.holds),
            (_("Promises"), self.promises),
            (_("Offers that nobody took"), self.offers),
            (_("Contacts"), self.contacts),
            (_("Flags"), self.flags),
            (_("Covered by"), self.covers),
        ]
        return [(label, lines) for label, lines in parts if lines]

    @property
    def says(self) -> str:
        """The move in one sentence."""
        words = [_("Move %(n)d") % {"n": self.number}]
        words.append(f"{self.giver} → {self.owner}" if self.giver else self.owner)
        words += [str(self.how), str(self.why), exact(self.tenure["started_at"])]
        if self.handoff:
            words.append(_("%(span)s from offer to yes") % {"span": self.to_yes})
        return " · ".join(word for word in words if word)

    @property
    def says_owned(self) -> str:
        """The tenure in one sentence."""
        owned = _("%(name)s owned it for %(span)s") if self.tenure["ended_at"] else _("%(name)s owns it: %(span)s")
        words = owned % {"name": self.owner, "span": self.lasted}
        return f"{self.number} · {words} · {exact(self.tenure['started_at'])}"


def moves(audit: Audit) -> list[Move]:
    """Return the moves of a chain, each with what happened in its tenure."""
    made: list[Move] = []
    for tenure, team in zip(audit.tenures, audit.teams, strict=True):
        # The owner stays the owner; but how long it lay with them is told up to when the ticket was closed.
        until = max(audit.closed_at or audit.until, tenure["started_at"])
        move = Move(tenure, made[-1].owner if made else "", team, until, tenure["handoff"])
        if move.handoff:
            packet = move.handoff["packet"]
            move.packet = [(label, packet[name]) for name, label in labels.PACKET.items() if packet.get(name)]
        move.holds = [Line("clock-pause", *of_hold(hold, audit.until)) for hold in tenure["holds"]]
        move.promises = [
            Line("heart-handshake", *of_promise(promise, audit.until), said=promise["what"] or _("(erased)"))
            for promise in tenure["promises"]
        ]
        move.covers = [Line("umbrella", of_cover(cover)) for cover in tenure["covers"]]
        made.append(move)
    if not made:
        return made
    for handoff in audit.not_taken:
        answer = str(handoff.answer) if handoff.answer and handoff.ended_at and handoff.ended_at <= audit.until else ""
        line = Line("arrows-exchange", of_offer(handoff, audit.state_of(handoff)), said=answer)
        made[audit.place(handoff.made_at)].offers.append(line)
    for flag in audit.flags:
        tone = "red" if is_red(flag, audit.until) else "amber"
        made[audit.place(flag.raised_at)].flags.append(Line("flag", of_flag(flag, audit.until), tone))
    contacts: list[Counter[str]] = [Counter() for _move in made]
    for entry in audit.entries:
        if kind := contact_kind(entry):
            contacts[audit.place(entry.at)][kind] += 1
    for move, counted in zip(made, contacts, strict=True):
        move.contacts = [Line("message", words) for words in _contacts(counted)]
    for call in audit.calls:
        made[audit.place(call.began_at)].contacts.append(Line("phone", of_call(call)))
    return made


def between(begin: datetime, end: datetime | None) -> str:
    """Return a stretch of time: its day is said once."""
    if end is None:
        return _("since %(at)s") % {"at": exact(begin)}
    same_day = localtime(begin).date() == localtime(end).date()
    return f"{exact(begin)}–{localtime(end):%H:%M}" if same_day else f"{exact(begin)} – {exact(end)}"  # noqa: RUF001


def of_hold(hold: dict[str, Any], until: datetime) -> tuple[str, str]:
    """Return a hold in words, and its tone."""
    ended = hold["ended_at"]
    span = (ended or until) - hold["started_at"]
    late = (ended or until) - hold["return_by"]
    words = [str(labels.HOLD_KIND[hold["kind"]]), between(hold["started_at"], ended), lengths.words(span)]
    if late.total_seconds() > 0:
        words.append(_("%(span)s past the promised return") % {"span": lengths.words(late)})
    words.append(str(labels.HOLD_END[hold["how"]]) if ended else _("still waiting"))
    return " · ".join(words), "red" if hold["how"] in LOST or (late.total_seconds() > 0 and not ended) else ""


def of_promise(promise: dict[str, Any], until: datetime) -> tuple[str, str]:
    """Return what became of a promise in words, and its tone."""
    became = promise_of(promise).became(until)
    words = [_("due %(at)s") % {"at": exact(promise["due_at"])}]
    if promise["first_due_at"] != promise["due_at"]:
        words.append(_("at first %(at)s") % {"at": exact(promise["first_due_at"])})
    words.append(str(BECAME[became]) + (f", {exact(promise['ended_at'])}" if promise["ended_at"] else ""))
    return " · ".join(words), {"broken": "red", "late": "amber"}.get(became, "")


def promise_of(promise: dict[str, Any], move: int = 0, says: str = "") -> story.Promise:
    """Return a promise as a picture has it."""
    return story.Promise(move, promise["made_at"], promise["due_at"], promise["ended_at"], promise["state"], says)


def of_cover(cover: dict[str, Any]) -> str:
    """Return a cover in words."""
    return f"{cover['covering']['name']} · {between(cover['from'], cover['until'])}"


def of_offer(handoff: Handoff, state: State) -> str:
    """Return in words an offer or a claim to which nobody has said yes."""
    people = f"{handoff.giver.name} → {handoff.receiver.name}"
    words = [_("Claim: %(people)s") % {"people": people} if handoff.kind == Kind.CLAIM else people]
    if handoff.reason:
        words.append(str(labels.REASON[handoff.reason]))
    words.append(str(labels.HANDOFF_STATE[state]))
    words.append(between(handoff.made_at, None if state in IN_PROGRESS else handoff.ended_at))
    return " · ".join(words)


def is_red(flag: Flag, until: datetime) -> bool:
    """Say whether a flag was red by then."""
    return flag.level == "red" and (flag.rose_at is None or flag.rose_at <= until)


def of_flag(flag: Flag, until: datetime) -> str:
    """Return a flag in words, and what had become of it by then."""
    level = labels.LEVEL["red" if is_red(flag, until) else "amber"]
    words = [f"{labels.FLAG[flag.kind]} ({level})", exact(flag.raised_at)]
    if flag.rose_at is not None and flag.rose_at <= until:
        words.append(_("red since %(at)s") % {"at": exact(flag.rose_at)})
    if flag.closed_at is not None and flag.closed_at <= until:
        by = f" ({flag.closed_by.name})" if flag.closed_by else ""
        words.append(f"{labels.FLAG_STATUS[flag.status]}{by}, {exact(flag.closed_at)}")
    elif flag.taken_on_at is not None and flag.taken_on_at <= until and flag.taken_on_by is not None:
        words.append(_("%(name)s is on it") % {"name": flag.taken_on_by.name})
    else:
        words.append(_("nobody was on it yet"))
    return " · ".join(words)


def contact_kind(entry: Entry) -> str:
    """Return the kind of contact that an entry tells of: in, chase or out; "" for none."""
    if entry.kind == EntryKind.ACKNOWLEDGED:
        return "out"
    if entry.kind != EntryKind.CONTACT:
        return ""
    if entry.data.get("direction") == "outbound":
        return "out"
    return "chase" if entry.data.get("chase") else "in"


def _contacts(counted: Counter[str]) -> list[str]:
    once = {
        "in": ngettext("The customer got in touch once", "The customer got in touch %(n)d times", counted["in"]),
        "chase": ngettext(
            "The customer asked what had become of it once",
            "The customer asked what had become of it %(n)d times",
            counted["chase"],
        ),
        "out": ngettext("We spoke to the customer once", "We spoke to the customer %(n)d times", counted["out"]),
    }
    # A sentence of one has no number in it.
    return [words % {"n": counted[kind]} for kind, words in once.items() if counted[kind]]


def of_call(call: Call) -> str:
    """Return a telephone call in words."""
    words = [_("Call"), between(call.began_at, call.ended_at)]
    words.append(
        _("answered by %(name)s") % {"name": call.answered_by.name} if call.answered_by else _("nobody answered")
    )
    return " · ".join(words)


CHECKS: dict[str, Label] = {
    "begins_with_the_opening": gettext_lazy("The first tenure begins with the opening of the ticket."),
    "numbered_without_gap": gettext_lazy("The tenures are numbered one after the other: none is missing."),
    "each_begins_when_the_last_ended": gettext_lazy(
        "Each tenure begins at the very instant at which the one before ended: no gap, no overlap."
    ),
    "one_open_tenure": gettext_lazy("Exactly one tenure is open: the ticket has one owner, and one only."),
    "accepted_by_the_owner_with_a_read_back": gettext_lazy(
        "Each handoff was accepted by the very person who then owned it, with a read-back, at that instant."
    ),
    "the_ticket_names_the_same_owner": gettext_lazy("The ticket names the same owner as its open tenure."),
}


def checks(audit: Audit) -> list[tuple[Label, bool]]:
    """Return what proves the chain in words, and whether it holds; what does not hold comes first."""
    found = [(CHECKS.get(name, name), bool(holds)) for name, holds in audit.chain["checks"].items()]
    return sorted(found, key=lambda check: check[1])
