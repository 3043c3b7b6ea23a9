"""What a picture is made of, ready to be written as SVG. Coordinates are rounded; moves are rows of the table."""

from dataclasses import dataclass

from web.pictures.packing import Box, Words
from web.pictures.ticks import Tick


@dataclass(frozen=True)
class Bar:
    """A tenure. open: it goes on. words_x: where its number and length are written."""

    move: int
    box: Box
    how: str
    open: bool
    outline: str
    words_x: float
    length: str
    says: str


@dataclass(frozen=True)
class HoldBar:
    """A hold, in the lower part of a bar. late: the part after the promised return, if there is one."""

    move: int
    box: Box
    kind: str
    late: Box | None
    lost: bool
    says: str


@dataclass(frozen=True)
class Diamond:
    """A promise. became: see `story.Promise.became`. points: its corners."""

    move: int
    box: Box
    became: str
    points: str
    says: str

    @property
    def middle(self) -> float:
        """Where its middle is, from the left."""
        return round(self.box.x + self.box.width / 2, 1)


@dataclass(frozen=True)
class Arrow:
    """A move of ownership. path: from the giver's bar to the receiver's; head: the corners of its head.

    asked: from the offer to the yes, along the giver's bar.
    """

    move: int
    how: str
    path: str
    head: str
    asked: Box | None
    words: Words | None
    says: str


@dataclass(frozen=True)
class Stub:
    """An offer that nobody took: a short dashed arrow that leads nowhere. waits: for an answer still.

    path: its line; head: a cross, or the head of an arrow while it waits.
    """

    move: int
    box: Box
    waits: bool
    path: str
    head: str
    words: Words | None
    says: str


@dataclass(frozen=True)
class Glyph:
    """A mark of something that happened. count: how many, when several stand at one place."""

    move: int
    kind: str
    box: Box
    path: str
    count: int
    words: Words | None
    says: str


@dataclass(frozen=True)
class Tear:
    """A silence cut short: its two torn edges, and how long it was."""

    box: Box
    edges: tuple[str, str]
    length: str

    @property
    def middle(self) -> float:
        """Where its middle is, from the left."""
        return round(self.box.x + self.box.width / 2, 1)


@dataclass(frozen=True)
class Lane:
    """A person's lane. team: written above it when the lane is the first of its team."""

    box: Box
    name: str
    baseline: float
    full_name: str
    team: Words | None
    odd: bool


@dataclass(frozen=True)
class Picture:
    """The whole picture."""

    width: float
    height: float
    axis_height: float
    gutter: float
    lanes: tuple[Lane, ...]
    bars: tuple[Bar, ...]
    holds: tuple[HoldBar, ...]
    promises: tuple[Diamond, ...]
    arrows: tuple[Arrow, ...]
    stubs: tuple[Stub, ...]
    glyphs: tuple[Glyph, ...]
    ticks: tuple[Tick, ...]
    tears: tuple[Tear, ...]
    now: float | None

    @property
    def is_wide(self) -> bool:
        """Whether there are more tenures than fit on a screen: it is scrolled, not shrunk."""
        return self.width > 1600

    @property
    def kinds(self) -> frozenset[str]:
        """What is in it, for the legend: only what is there is explained."""
        return frozenset(
            [f"hold-{hold.kind}" for hold in self.holds]
            + ["hold-late" for hold in self.holds if hold.late]
            + ["hold-lost" for hold in self.holds if hold.lost]
            + [f"promise-{promise.became}" for promise in self.promises]
            + [f"arrow-{arrow.how}" for arrow in self.arrows]
            + ["asked" for arrow in self.arrows if arrow.asked]
            + [f"stub-{'waits' if stub.waits else 'ended'}" for stub in self.stubs]
            + [f"mark-{glyph.kind}" for glyph in self.glyphs]
            + ["tear" for _ in self.tears]
        )
