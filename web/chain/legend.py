"""What the marks of a picture mean: only those that are in it are explained."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from web.labels import Label
from web.pictures import glyphs
from web.pictures.packing import Box
from web.pictures.shapes import Diamond, Picture

# (what of a picture it explains, how its sample is drawn, which, words)
ENTRIES: tuple[tuple[str, str, str, Label], ...] = (
    ("", "bar", "", _("somebody owned it; the number is its row in the table")),
    ("arrow-accepted", "arrow", "accepted", _("handoff, with a yes from both")),
    ("asked", "asked", "", _("from the offer to the yes")),
    ("arrow-taken_over", "arrow", "taken_over", _("take-over by a manager")),
    ("arrow-inherited", "arrow", "inherited", _("inherited from somebody who left")),
    ("arrow-imported", "arrow", "imported", _("moved, says the imported history")),
    ("stub-ended", "ended", "", _("offer or claim that nobody said yes to")),
    ("stub-waits", "waits", "", _("offer or claim that waits for a yes")),
    ("hold-call", "hold", "call", _("customer on hold on the line")),
    ("hold-ticket", "hold", "ticket", _("customer waits for days")),
    ("hold-late", "late", "", _("on hold past the promised return")),
    ("hold-lost", "lost", "", _("the call was lost on hold")),
    ("hold-nobody", "hold", "nobody", _("the log names nobody")),
    ("promise-open", "promise", "open", _("promise, open")),
    ("promise-kept", "promise", "kept", _("promise kept")),
    ("promise-late", "promise", "late", _("promise kept late")),
    ("promise-broken", "promise", "broken", _("promise past due")),
    ("promise-withdrawn", "promise", "withdrawn", _("promise withdrawn")),
    ("mark-in", "mark", "in", _("the customer got in touch")),
    ("mark-chase", "mark", "chase", _("the customer asked what had become of it")),
    ("mark-out", "mark", "out", _("we spoke to the customer")),
    ("mark-call", "mark", "call", _("telephone call")),
    ("mark-manager", "mark", "manager", _("the customer wanted a manager")),
    ("mark-flag_amber", "mark", "flag_amber", _("amber flag")),
    ("mark-flag_red", "mark", "flag_red", _("red flag (two tips)")),
    ("mark-resolved", "mark", "resolved", _("resolved")),
    ("mark-closed", "mark", "closed", _("closed")),
    ("mark-reopened", "mark", "reopened", _("reopened")),
    ("tear", "tear", "", _("silence, cut short: nothing happened for as long as is written above")),
)


@dataclass(frozen=True)
class Entry:
    """One line of the legend: a sample, and what it means."""

    kind: str
    name: str
    words: Label
    width: int
    promise: Diamond | None = None
    path: str = ""


def legend(picture: Picture) -> list[Entry]:
    """Return what is to be explained of a picture."""
    there = picture.kinds
    return [_entry(kind, name, words) for what, kind, name, words in ENTRIES if not what or what in there]


def _entry(kind: str, name: str, words: Label) -> Entry:
    if kind == "promise":
        box = Box(2, 1.5, 15, 15)
        return Entry(kind, name, words, 20, promise=Diamond(0, box, name, glyphs.diamond(box), ""))
    if kind == "mark":
        width = 26 if name == "call" else glyphs.SIZE
        return Entry(kind, name, words, int(width) + 5, path=glyphs.path(name, Box(2, 2.5, width, glyphs.SIZE)))
    return Entry(kind, name, words, 32)
