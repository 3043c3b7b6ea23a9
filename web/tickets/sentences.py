"""What a line of the timeline says, in words: data becomes a sentence here, and nowhere else. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.kinds import EntryKind
from web import labels

Words = str | Promise

# Icon and sentence of each kind. What stands in %(…)s is worked out by `_facts`.
SENTENCES: dict[EntryKind, tuple[str, Words]] = {
    EntryKind.OPENED: ("plus", gettext_lazy("opened it for %(owner)s: %(channel)s")),
    EntryKind.DETAILS_CHANGED: ("pencil", gettext_lazy("changed %(changed)s")),
    EntryKind.ACKNOWLEDGED: ("user-check", gettext_lazy("told the customer “I'll do it”")),
    EntryKind.NOTE: ("note", gettext_lazy("noted")),
    EntryKind.CONTACT: ("message", gettext_lazy("%(contact)s")),
    EntryKind.HOLD_STARTED: ("clock-pause", gettext_lazy("put the customer on hold (%(hold_kind)s)")),
    EntryKind.HOLD_EXTENDED: ("clock-pause", gettext_lazy("returns from the hold later than promised")),
    EntryKind.HOLD_ENDED: ("player-play", gettext_lazy("The hold ended: %(how)s")),
    EntryKind.PROMISED: ("heart-handshake", gettext_lazy("promised")),
    EntryKind.PROMISE_KEPT: ("circle-check", gettext_lazy("kept the promise %(in_time)s")),
    EntryKind.PROMISE_RENEGOTIATED: ("rotate-clockwise", gettext_lazy("agreed another time with the customer")),
    EntryKind.PROMISE_WITHDRAWN: ("circle-x", gettext_lazy("took the promise back")),
    EntryKind.FLAG_RAISED: ("flag", gettext_lazy("%(level)s flag: %(flag_kind)s")),
    EntryKind.FLAG_ROSE: ("flag-filled", gettext_lazy("The flag turned %(level)s: %(flag_kind)s")),
    EntryKind.FLAG_CLIMBED: ("stairs-up", gettext_lazy("The flag climbed to %(to)s: %(flag_kind)s")),
    EntryKind.FLAG_TAKEN_ON: ("flag", gettext_lazy("is on the flag: %(flag_kind)s")),
    EntryKind.FLAG_CLOSED: ("flag", gettext_lazy("ended the flag: %(flag_kind)s (%(flag_end)s)")),
    EntryKind.FLAG_CLEARED: ("flag", gettext_lazy("The flag's cause is gone: %(flag_kind)s")),
    EntryKind.RESOLVED: ("circle-check", gettext_lazy("resolved it (%(root_cause)s); %(agreed)s")),
    EntryKind.CLOSED: ("lock", gettext_lazy("closed it: %(outcome)s")),
    EntryKind.REOPENED: ("lock-open", gettext_lazy("reopened it")),
    EntryKind.DUPLICATE_PROPOSED: ("copy", gettext_lazy("thinks that it is a duplicate of %(of)s")),
    EntryKind.DUPLICATE_DECLINED: ("copy", gettext_lazy("says that it is no duplicate of %(of)s")),
    EntryKind.DUPLICATE_LINKED: ("copy", gettext_lazy("confirmed %(duplicate)s as a duplicate of this")),
    EntryKind.HANDOFF_REQUESTED: ("arrows-exchange", gettext_lazy("asked to hand it to %(to)s: %(reason)s")),
    EntryKind.HANDOFF_APPROVED: ("shield-check", gettext_lazy("let the offer go to %(to)s")),
    EntryKind.HANDOFF_REFUSED: ("shield-x", gettext_lazy("did not approve the handoff")),
    EntryKind.HANDOFF_OFFERED: ("arrows-exchange", gettext_lazy("offered it to %(to)s: %(reason)s")),
    EntryKind.HANDOFF_CLAIMED: ("hand-stop", gettext_lazy("would take it")),
    EntryKind.HANDOFF_ACCEPTED: ("user-share", gettext_lazy("%(giver)s → %(owner)s: said back, accepted")),
    EntryKind.HANDOFF_DECLINED: ("circle-x", gettext_lazy("said no to the handoff")),
    EntryKind.HANDOFF_WITHDRAWN: ("arrow-left", gettext_lazy("The handoff was withdrawn")),
    EntryKind.HANDOFF_EXPIRED: ("hourglass", gettext_lazy("Nobody answered the handoff in time")),
    EntryKind.HANDOFF_COMPLETED: ("clipboard-check", gettext_lazy("completed the packet")),
    EntryKind.HANDOFF_CORRECTED: ("pencil", gettext_lazy("corrected the read-back")),
    EntryKind.APPROVAL_CLIMBED: ("stairs-up", gettext_lazy("The approval climbed to %(to)s")),
    EntryKind.TAKEN_OVER: ("user-shield", gettext_lazy("took it over from %(before)s")),
    EntryKind.INHERITED: ("user-share", gettext_lazy("%(owner)s inherited it: %(left)s has left")),
    EntryKind.HELP_ASKED: ("user-question", gettext_lazy("asked %(asked)s")),
    EntryKind.HELP_ANSWERED: ("message-reply", gettext_lazy("answered")),
    EntryKind.HELP_WITHDRAWN: ("user-question", gettext_lazy("The question was taken back")),
    EntryKind.MANAGER_ASKED: ("bell-ringing", gettext_lazy("called %(asked)s: the customer wants a manager")),
    EntryKind.MANAGER_RUNG: ("bell-ringing", gettext_lazy("Nobody answered: %(asked)s is called")),
    EntryKind.MANAGER_ANSWERED: ("phone-call", gettext_lazy("spoke with the customer, who wanted a manager")),
    EntryKind.MANAGER_UNASKED: ("bell", gettext_lazy("took back the call for a manager")),
    EntryKind.CALL_LINKED: ("phone", gettext_lazy("A call belongs to this ticket")),
    EntryKind.CALL_UNLINKED: ("phone", gettext_lazy("A call does not belong to this ticket after all")),
    EntryKind.CALL_ENDED: ("phone-off", gettext_lazy("The call ended")),
    EntryKind.CALL_CORRECTED: ("phone", gettext_lazy("Later news about a call")),
    EntryKind.CUSTOMER_FORGOTTEN: ("eye", gettext_lazy("forgot the customer: what was typed is erased")),
    EntryKind.IMPORTED: ("history", gettext_lazy("From the imported history")),
}

# Which datum says when something falls due, and how that is said.
DUE = {
    "due_at": gettext_lazy("due"),
    "return_by": gettext_lazy("back"),
    "next_contact_at": gettext_lazy("next contact"),
    "answer_by": gettext_lazy("answer"),
    "call_back_by": gettext_lazy("call-back"),
}

# Usernames among the data.
PEOPLE = ("owner", "to", "giver", "before", "left", "asked")

PARTS: dict[str, Words] = {
    **labels.PACKET,
    "read_back": gettext_lazy("Read-back"),
    "correction": gettext_lazy("What was meant"),
    "reason": gettext_lazy("Why"),
}


@dataclass(frozen=True)
class Line:
    """One line of a timeline, as it is shown. texts: what a person typed, as (label or "", words)."""

    number: int
    kind: str
    at: datetime
    recorded_at: datetime
    icon: str
    who: str
    sentence: str
    due_at: datetime | None
    due: Words
    texts: list[tuple[Words, str]]
    erased: bool

    @property
    def who_does(self) -> bool:
        """Whether the sentence goes on from the name of who did it."""
        return bool(self.who) and self.sentence[:1].islower()

    @property
    def is_late(self) -> bool:
        """Whether it was written down well after it happened."""
        return (self.recorded_at - self.at).total_seconds() > 120


def people_in(entries: Iterable[Any]) -> set[str]:
    """Return the usernames that the entries' data name."""
    return {entry.data[name] for entry in entries for name in PEOPLE if isinstance(entry.data.get(name), str)}


def line(entry: Any, names: Mapping[str, str]) -> Line:
    """Return an entry as a line; `names` maps usernames to names."""
    icon, sentence = SENTENCES[EntryKind(entry.kind)]
    due_at, due = next(
        ((datetime.fromisoformat(entry.data[name]), words) for name, words in DUE.items() if entry.data.get(name)),
        (None, ""),
    )
    content = entry.text.content if entry.text else None
    return Line(
        number=entry.pk,
        kind=entry.kind,
        at=entry.at,
        recorded_at=entry.recorded_at,
        icon=icon,
        who=entry.by.name if entry.by else "",
        sentence=str(sentence) % _facts(entry.data, names),
        due_at=due_at,
        due=due,
        texts=[(PARTS.get(part, ""), words) for part, words in (content or {}).items() if words],
        erased=entry.text is not None and content is None,
    )


class _Facts(dict[str, Any]):
    """What sentences may ask for; what an entry does not have is a dash."""

    def __missing__(self, name: str) -> str:
        return "-"


def _facts(data: Mapping[str, Any], names: Mapping[str, str]) -> _Facts:
    """Return the data of an entry as words."""
    facts = _Facts({name: value for name, value in data.items() if value not in (None, "")})
    facts |= {name: names.get(data[name], data[name]) for name in PEOPLE if isinstance(data.get(name), str)}
    for name, words in (
        ("channel", labels.CHANNEL),
        ("hold_kind", labels.HOLD_KIND),
        ("how", labels.HOLD_END),
        ("flag_kind", labels.FLAG),
        ("level", labels.LEVEL),
        ("outcome", labels.OUTCOME),
        ("reason", labels.REASON),
    ):
        if name in data:
            facts[name] = words.get(data[name], data[name])
    if "how" in data:
        facts["flag_end"] = labels.FLAG_STATUS.get(data["how"], data["how"])
    facts["changed"] = ", ".join(data.get("changed", [])) or _("the details")
    facts["in_time"] = _("in time") if data.get("in_time", True) else _("late")
    facts["agreed"] = _("the customer agrees") if data.get("customer_agreed") else _("the customer does not agree")
    facts["contact"] = _contact(data)
    return facts


def _contact(data: Mapping[str, Any]) -> str:
    """Return who spoke with whom, and how."""
    channel = labels.CHANNEL.get(data.get("channel", ""), "")
    if data.get("direction") == "outbound":
        words = _("spoke with the customer (%(channel)s)")
    elif data.get("chase"):
        words = _("The customer asked what has become of it (%(channel)s)")
    else:
        words = _("The customer got in touch (%(channel)s)")
    return words % {"channel": channel}
