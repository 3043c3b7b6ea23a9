"""The chain in one narrow strip: who owned it after whom, for a ticket's page. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from web.pictures import axis, lengths, lettering
from web.pictures.packing import Box

WIDTH = 272.0
HEIGHT = 30.0
# Between two bars, for the arrow.
BETWEEN = 13.0
LEAST = 25.0
LETTERS = 11.0


@dataclass(frozen=True)
class Stint:
    """A tenure: whose, from when to when, and how it began."""

    name: str
    began: datetime
    ended: datetime | None
    how: str


@dataclass(frozen=True)
class Block:
    """A tenure in the strip. number 0: so many tenures are left out here as `words` says. arrow: to it, if any."""

    number: int
    box: Box
    words: str
    how: str
    says: str
    open: bool

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return round(self.box.x + self.box.width / 2, 1)


@dataclass(frozen=True)
class Strip:
    """The strip, and all of it in one sentence."""

    width: float
    height: float
    blocks: tuple[Block, ...]
    says: str


def small(stints: Sequence[Stint], *, now: datetime, width: float = WIDTH) -> Strip:
    """Return the strip of a chain; of a long one the first owner and the last ones, and how many are between.

    now: up to when the present owner has had it, or when the ticket was closed.
    """
    room = int((width + BETWEEN) // (LEAST + BETWEEN))
    left_out = range(0)
    if len(stints) > room:
        left_out = range(1, len(stints) - room + 2)
    shown = [place for place in range(len(stints)) if place not in left_out[1:]]
    spans = [max(((stint.ended or now) - stint.began).total_seconds(), 0.0) for stint in stints]
    free = width - BETWEEN * (len(shown) - 1)
    lengths_shown = [0.0 if place in left_out else spans[place] for place in shown]
    x, blocks = 0.0, []
    for place, share in zip(shown, axis.widths(lengths_shown, [LEAST] * len(shown), free), strict=True):
        box = Box(round(x, 1), 3, round(share, 1), HEIGHT - 6)
        stint = stints[place]
        if place in left_out:
            says = _("%(n)d tenures between") % {"n": len(left_out)}
            blocks.append(Block(0, box, f"+{len(left_out)}", "", says, open=False))
        else:
            blocks.append(
                Block(place + 1, box, _name(stint.name, share - 8), stint.how, _says(stint, now), stint.ended is None)
            )
        x += share + BETWEEN
    return Strip(width, HEIGHT, tuple(blocks), " → ".join(_says(stint, now) for stint in stints))


def _says(stint: Stint, now: datetime) -> str:
    return f"{stint.name}, {lengths.words((stint.ended or now) - stint.began)}"


def _name(name: str, room: float) -> str:
    """Return a name, its first word, or its initials: what there is room for."""
    words = name.split() or [""]
    initials = "".join(word[0] for word in (words[0], words[-1])[: len(words)] if word).upper()
    return next((each for each in (name, words[0]) if lettering.width(each, LETTERS) <= room), initials)
