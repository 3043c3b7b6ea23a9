"""The moves of a chain in words: what stands in the rows under the picture, and is read out in the picture."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoffs.protocol import Kind
from web import labels
from web.chain import words
from web.chain.audit import Audit
from web.labels import Label
from web.pictures import lengths
from web.templatetags.web import exact


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
        said = [_("Move %(n)d") % {"n": self.number}]
        said.append(f"{self.giver} → {self.owner}" if self.giver else self.owner)
        said += [str(self.how), str(self.why), exact(self.tenure["started_at"])]
        if self.handoff:
            said.append(_("%(span)s from offer to yes") % {"span": self.to_yes})
        return " · ".join(part for part in said if part)

    @property
    def says_owned(self) -> str:
        """The tenure in one sentence."""
        owned = _("%(name)s owned it for %(span)s") if self.tenure["ended_at"] else _("%(name)s owns it: %(span)s")
        said = owned % {"name": self.owner, "span": self.lasted}
        return f"{self.number} · {said} · {exact(self.tenure['started_at'])}"


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
        # A history knows no promised return: what stands in its place is nobody's word.
        promised = not audit.ticket.historical
        move.holds = [
            Line("clock-pause", *words.of_hold(hold, audit.until, promised=promised)) for hold in tenure["holds"]
        ]
        move.promises = [
            Line("heart-handshake", *words.of_promise(promise, audit.until), said=promise["what"] or _("(erased)"))
            for promise in tenure["promises"]
        ]
        move.covers = [Line("umbrella", words.of_cover(cover)) for cover in tenure["covers"]]
        made.append(move)
    if not made:
        return made
    for handoff in audit.not_taken:
        answer = str(handoff.answer) if handoff.answer and handoff.ended_at and handoff.ended_at <= audit.until else ""
        line = Line("arrows-exchange", words.of_offer(handoff, audit.state_of(handoff)), said=answer)
        made[audit.place(handoff.made_at)].offers.append(line)
    for flag in audit.flags:
        tone = "red" if words.is_red(flag, audit.until) else "amber"
        made[audit.place(flag.raised_at)].flags.append(Line("flag", words.of_flag(flag, audit.until), tone))
    contacts: list[Counter[str]] = [Counter() for _move in made]
    for entry in audit.entries:
        if kind := words.contact_kind(entry):
            contacts[audit.place(entry.at)][kind] += 1
    for move, counted in zip(made, contacts, strict=True):
        move.contacts = [Line("message", said) for said in words.of_contacts(counted)]
    for call in audit.calls:
        made[audit.place(call.began_at)].contacts.append(Line("phone", words.of_call(call)))
    return made


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
