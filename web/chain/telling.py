"""A chain as a story for the picture: what is drawn, with the words that are read out."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from handoffs.protocol import IN_PROGRESS, Kind
from tickets.kinds import BeganBy, EntryKind
from web import labels
from web.chain import words
from web.chain.audit import Audit
from web.chain.moves import Move
from web.pictures import story
from web.pictures.story import Story
from web.templatetags.web import exact
from web.tickets import sentences

EVENTS = {
    EntryKind.MANAGER_ASKED: "manager",
    EntryKind.RESOLVED: "resolved",
    EntryKind.CLOSED: "closed",
    EntryKind.REOPENED: "reopened",
}


def tell(audit: Audit, moves: Sequence[Move]) -> Story:
    """Return what the picture of a chain tells; there is at least one move."""
    marks = tuple(_marks(audit))
    now = audit.until
    if audit.closed_at is not None:
        now = max([audit.closed_at, *(mark.until or mark.at for mark in marks), moves[-1].tenure["started_at"]])
    owners: dict[str, story.Owner] = {}
    for move in moves:
        username = move.tenure["owner"]["username"]
        owners.setdefault(username, story.Owner(username, move.owner, move.team))
    return Story(
        owners=tuple(owners.values()),
        tenures=tuple(_tenure(move) for move in moves),
        now=now,
        ended=audit.closed_at is not None,
        holds=tuple(_holds(audit, moves)),
        promises=tuple(
            words.promise_of(promise, move.number, f"{line.said} · {line.words}")
            for move in moves
            for promise, line in zip(move.tenure["promises"], move.promises, strict=True)
        ),
        offers=tuple(_offers(audit)),
        marks=marks,
    )


def _tenure(move: Move) -> story.Tenure:
    why = move.why
    if move.tenure["began_by"] in (BeganBy.TAKEN_OVER, BeganBy.INHERITED):
        why = _("Take-over") if move.tenure["began_by"] == BeganBy.TAKEN_OVER else _("Inherited")
    return story.Tenure(
        number=move.number,
        owner=move.tenure["owner"]["username"],
        began=move.tenure["started_at"],
        ended=move.tenure["ended_at"],
        how=move.tenure["began_by"],
        offered=move.handoff["made_at"] if move.handoff else None,
        why=str(why),
        length=move.lasted,
        says=move.says,
        says_owned=move.says_owned,
    )


def _holds(audit: Audit, moves: Sequence[Move]) -> Iterator[story.Hold]:
    for move in moves:
        for hold, line in zip(move.tenure["holds"], move.holds, strict=True):
            due = None if audit.ticket.historical else hold["return_by"]
            lost = hold["how"] in words.LOST
            yield story.Hold(move.number, hold["kind"], hold["started_at"], due, hold["ended_at"], lost, line.words)
    for entry in audit.entries:
        for stretch in entry.data.get("ownerless", []) if entry.kind == EntryKind.IMPORTED else []:
            begin, end = (datetime.fromisoformat(stretch[name]) for name in ("since", "until"))
            says = _("The log names nobody: %(stretch)s") % {"stretch": words.between(begin, end)}
            yield story.Hold(moves[audit.place(begin)].number, "nobody", begin, None, end, says=says)


def _offers(audit: Audit) -> Iterator[story.Offer]:
    for handoff in audit.not_taken:
        state = audit.state_of(handoff)
        whose = handoff.receiver if handoff.kind == Kind.OFFER else handoff.giver
        yield story.Offer(
            move=audit.tenures[audit.place(handoff.made_at)]["seq"],
            made=handoff.made_at,
            ended=None if state in IN_PROGRESS else handoff.ended_at,
            label=f"{whose.name}: {labels.HANDOFF_STATE[state]}",
            says=words.of_offer(handoff, state),
        )


def _marks(audit: Audit) -> Iterator[story.Mark]:
    for flag in audit.flags:
        risen = flag.rose_at is not None and flag.rose_at <= audit.until
        kind = "flag_red" if flag.level == "red" and flag.rose_at is None else "flag_amber"
        says = words.of_flag(flag, audit.until)
        label = str(labels.FLAG[flag.kind])
        yield story.Mark(kind, flag.raised_at, label=label, says=says)
        if risen and flag.rose_at is not None:
            yield story.Mark("flag_red", flag.rose_at, label=label, says=says)
    for entry in audit.entries:
        kind = words.contact_kind(entry) or EVENTS.get(EntryKind(entry.kind), "")
        if kind:
            line = sentences.line(entry, {})
            says = f"{line.who}: {line.sentence}" if line.who and kind != "in" else line.sentence
            yield story.Mark(kind, entry.at, says=f"{says} · {exact(entry.at)}")
    for call in audit.calls:
        yield story.Mark("call", call.began_at, call.ended_at or audit.until, says=words.of_call(call))
