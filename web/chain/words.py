"""What happened on a ticket in words, with exact times: for the rows of a chain and what its picture reads out."""

from collections import Counter
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
from web.templatetags.web import exact

LOST = (HoldEnd.CALLER_HUNG_UP, HoldEnd.DROPPED_BY_US)

BECAME: dict[str, Label] = {
    "open": gettext_lazy("open"),
    "kept": gettext_lazy("kept in time"),
    "late": gettext_lazy("kept late"),
    "broken": gettext_lazy("broken: it is past due"),
    "withdrawn": gettext_lazy("withdrawn"),
}


def between(begin: datetime, end: datetime | None) -> str:
    """Return a stretch of time: its day is said once."""
    if end is None:
        return _("since %(at)s") % {"at": exact(begin)}
    same_day = localtime(begin).date() == localtime(end).date()
    return f"{exact(begin)}–{localtime(end):%H:%M}" if same_day else f"{exact(begin)} – {exact(end)}"  # noqa: RUF001


def of_hold(hold: dict[str, Any], until: datetime, *, promised: bool) -> tuple[str, str]:
    """Return a hold in words, and its tone. promised: whether its return was."""
    ended = hold["ended_at"]
    span = (ended or until) - hold["started_at"]
    late = (ended or until) - hold["return_by"]
    words = [str(labels.HOLD_KIND[hold["kind"]]), between(hold["started_at"], ended), lengths.words(span)]
    is_late = promised and late.total_seconds() > 0
    if is_late:
        words.append(_("%(span)s past the promised return") % {"span": lengths.words(late)})
    words.append(str(labels.HOLD_END[hold["how"]]) if ended else _("still waiting"))
    return " · ".join(words), "red" if hold["how"] in LOST or (is_late and not ended) else ""


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


def of_contacts(counted: Counter[str]) -> list[str]:
    """Return in words how often who got in touch with whom."""
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
