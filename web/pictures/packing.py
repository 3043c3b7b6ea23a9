"""Putting small things beside each other so that none covers another."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from web.pictures import lettering

SMALL = 11.0

Span = tuple[float, float]
# How far something may stand to the right of the moment at which it happened before it gets a row of its own.
SHIFT = 26.0
GAP = 3.0


@dataclass(frozen=True)
class Box:
    """A rectangle of the picture; a tenth of a point is as exact as anybody sees."""

    x: float
    y: float
    width: float
    height: float

    def __post_init__(self) -> None:
        for begin, length in (("x", "width"), ("y", "height")):
            end = round(getattr(self, begin) + getattr(self, length), 1)
            object.__setattr__(self, begin, round(getattr(self, begin), 1))
            object.__setattr__(self, length, round(end - getattr(self, begin), 1))

    @property
    def right(self) -> float:
        """Its right edge."""
        return round(self.x + self.width, 1)

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return round(self.y + self.height, 1)

    @property
    def middle(self) -> float:
        """Halfway down."""
        return round(self.y + self.height / 2, 1)

    def covers(self, other: "Box") -> bool:
        """Say whether any part of the other is in this one; to touch is not to cover."""
        return (
            self.x < other.right - 0.05
            and other.x < self.right - 0.05
            and self.y < other.bottom - 0.05
            and other.y < self.bottom - 0.05
        )


@dataclass(frozen=True)
class Words:
    """Something written: its box, and the baseline to write on. anchor: at which end of the box it is held."""

    text: str
    box: Box
    baseline: float
    anchor: str = "start"

    @property
    def x(self) -> float:
        """Where it is held."""
        return self.box.x if self.anchor == "start" else self.box.right


@dataclass
class Rows:
    """Rows of small things. blocked: what goes through all of them."""

    left: float
    right: float
    blocked: list[Span] = field(default_factory=list)
    rows: list[list[Span]] = field(default_factory=list)

    def place(self, x: float, width: float) -> tuple[int, float]:
        """Take room of `width` for what happened at `x`, and return its row and where it begins."""
        wanted = max(min(x, self.right - width), self.left)
        alone = self._free([], wanted, width)
        # What goes through all rows pushes it aside in each of them: another row would be no help.
        far = max(SHIFT, abs(alone - wanted))
        for number, row in enumerate(self.rows):
            found = self._free(row, wanted, width)
            if abs(found - wanted) <= far:
                return self._take(number, found, width)
        self.rows.append([])
        return self._take(len(self.rows) - 1, alone, width)

    def _take(self, number: int, x: float, width: float) -> tuple[int, float]:
        self.rows[number].append((x, x + width))
        return number, x

    def _free(self, row: Sequence[Span], wanted: float, width: float) -> float:
        """Return the nearest place in a row at which there is room."""
        taken = sorted([*row, *self.blocked])
        after = before = wanted
        for begin, end in taken:
            if begin < after + width + GAP and end > after - GAP:
                after = end + GAP
        for begin, end in reversed(taken):
            if begin < before + width + GAP and end > before - GAP:
                before = begin - width - GAP
        if after + width > self.right or (before >= self.left and wanted - before < after - wanted):
            return before
        return after


@dataclass
class Canvas:
    """What is drawn already, so that words go where nothing is."""

    left: float
    right: float
    taken: list[Box] = field(default_factory=list)

    def take(self, *boxes: Box) -> None:
        """Say that something is drawn there."""
        self.taken.extend(boxes)

    def first_free(self, boxes: Sequence[Box]) -> Box | None:
        """Return the first of the boxes in which nothing is drawn, and take it."""
        for box in boxes:
            if box.x >= self.left and box.right <= self.right and not any(box.covers(other) for other in self.taken):
                self.take(box)
                return box
        return None

    def write(self, text: str, beside: Box, height: float) -> Words | None:
        """Write small words to the right of something, or to its left, if nothing is there."""
        width, top = lettering.width(text, SMALL), beside.middle - height / 2
        if not text:
            return None
        box = self.first_free(
            [Box(beside.right + 3, top, width, height), Box(beside.x - width - 4, top, width, height)]
        )
        if box is None:
            return None
        return Words(text, box, round(beside.middle + 4, 1), "start" if box.x > beside.x else "end")
