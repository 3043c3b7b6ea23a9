"""The time axis: where a moment is drawn.

Time runs evenly, but for two things. A chain of three owners within ten minutes and thirty hours of silence
would be one bar and two hairs; so long silences, in which nothing at all happened, are cut short, and the
cuts are marked. And no tenure is narrower than its number, however short it was.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

# A tenure's least width; the width of a cut.
LEAST = 34.0
CUT = 52.0
# What is left of a bar before it is cut: room for its number.
LEAD = 26.0
# Below that, neighbours cannot be told apart.
CLOSE = 7.0
# A silence is cut only when it is so large a share of what is left uncut.
LARGE = 0.3
# So much of the axis may go into making short tenures wide enough before silences are cut.
STRETCHED = 0.15
# Two neighbours, as a rule, need not be farther apart than that.
WIDE = 90.0
# So large a share of the neighbours may be close to the next before silences are cut, and once they are.
CROWDED = 0.6
STILL_CROWDED = 0.25


@dataclass(frozen=True)
class Cut:
    """A silence that is drawn shorter than it was. lead: after how much of it a piece of CUT is torn out."""

    x: float
    width: float
    began: datetime
    ended: datetime
    lead: float


@dataclass(frozen=True)
class Axis:
    """Knots: moments and where they are, in order; several at one moment when a tenure had no length.

    starts: where each tenure begins, and where the last ends.
    """

    moments: tuple[datetime, ...]
    places: tuple[float, ...]
    starts: tuple[float, ...]
    cuts: tuple[Cut, ...]

    def x(self, at: datetime) -> float:
        """Return where a moment is; what lies outside is at the edge."""
        after = bisect_right(self.moments, at)
        if after == 0:
            return self.places[0]
        if after == len(self.moments):
            return self.places[-1]
        begin, end = self.moments[after - 1], self.moments[after]
        share = (at - begin) / (end - begin)
        return self.places[after - 1] + share * (self.places[after] - self.places[after - 1])

    def stretches(self) -> list[tuple[datetime, datetime]]:
        """Return the stretches between the cuts, in which time runs evenly."""
        edges = [self.moments[0], *(edge for cut in self.cuts for edge in (cut.began, cut.ended)), self.moments[-1]]
        return [(begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True) if begin < end]


def lay(starts: Sequence[datetime], moments: Iterable[datetime], *, last: datetime, left: float, right: float) -> Axis:
    """Return the axis of a chain whose tenures begin at `starts`, the last of which is drawn up to `last`.

    moments: everything else that is drawn. The axis ends beyond `right` when there is no room for all tenures.
    """
    # A ticket opened this very second still needs an axis.
    bounds = [*starts, max(last, starts[-1], starts[0] + timedelta(minutes=1))]
    others = {moment for moment in moments if moment > starts[0]} - set(bounds)
    # Bounds keep their own order at one moment, so that a tenure of no length has two ends.
    knots = sorted([*((moment, place) for place, moment in enumerate(bounds)), *((moment, -1) for moment in others)])
    gaps = [(after[0] - before[0]).total_seconds() for before, after in pairwise(knots)]
    index = {place: at for at, (_, place) in enumerate(knots) if place >= 0}
    tenures = [(index[place], index[place + 1]) for place in range(len(starts))]
    cut = _cuts(gaps, tenures, right - left)
    least = _least(gaps, tenures, cut, right - left)
    lengths = [0.0 if at in cut else gap for at, gap in enumerate(gaps)]
    places = [left]
    for width in widths(lengths, least, right - left):
        places.append(places[-1] + width)
    when = tuple(moment for moment, _ in knots)
    begins = {begin for begin, _ in tenures}
    cuts = (
        Cut(
            places[at],
            places[at + 1] - places[at],
            when[at],
            when[at + 1],
            lead=max((places[at + 1] - places[at] - CUT) / 2, LEAD if at in begins else 0.0),
        )
        for at in sorted(cut)
    )
    return Axis(when, tuple(places), tuple(places[index[place]] for place in range(len(bounds))), tuple(cuts))


def _least(
    gaps: Sequence[float], tenures: Sequence[tuple[int, int]], cut: Collection[int], room: float
) -> list[float]:
    """Return the width that each gap has at least: its tenure's number must be legible."""
    least = [CUT if at in cut else 1.0 for at in range(len(gaps))]
    for begin, end in tenures:
        for at in range(begin, end):
            least[at] = max(least[at], LEAST / (end - begin))
        first = min((at for at in cut if begin <= at < end), default=begin)
        for at in range(begin, first):
            least[at] = max(least[at], LEAD / (first - begin))
        if begin in cut:
            least[begin] = CUT + LEAD
    uncut = [gap for at, gap in enumerate(gaps) if at not in cut and gap]
    if cut and uncut:
        # What a few minutes do not need is left to the silences.
        spare = room - sum(least[at] for at in cut) - sum(uncut) * WIDE / median(uncut)
        for at in cut:
            least[at] += max(spare, 0.0) / len(cut)
    return least


def _cuts(gaps: Sequence[float], tenures: Sequence[tuple[int, int]], room: float) -> set[int]:
    """Return the silences to cut: the longest first, while what is left is too crowded to be read."""
    cut: set[int] = set()
    while True:
        uncut = [gap for at, gap in enumerate(gaps) if at not in cut]
        total = sum(uncut)
        if len(uncut) < 2 or total == 0:
            return cut
        scale = max(room - CUT * len(cut), 1.0) / total
        widths = [CUT if at in cut else gap * scale for at, gap in enumerate(gaps)]
        close = sum(0 < gap * scale < CLOSE for gap in uncut) / len(uncut)
        crowded = close > (STILL_CROWDED if cut else CROWDED)
        narrow = sum(max(LEAST - sum(widths[begin:end]), 0.0) for begin, end in tenures)
        if not crowded and narrow <= STRETCHED * room:
            return cut
        longest = max((at for at in range(len(gaps)) if at not in cut), key=gaps.__getitem__)
        if gaps[longest] < LARGE * total or gaps[longest] * scale <= CUT:
            return cut
        cut.add(longest)


def widths(lengths: Sequence[float], least: Sequence[float], room: float) -> list[float]:
    """Return widths in proportion to `lengths`, none below its least, which fill the room or need more."""
    total = sum(lengths)
    if sum(least) >= room or total == 0:
        spare = max(room - sum(least), 0.0) / max(len(least), 1)
        return [each + spare for each in least]
    low, high = 0.0, room / total
    for _ in range(60):
        scale = (low + high) / 2
        needed = sum(max(length * scale, floor) for length, floor in zip(lengths, least, strict=True))
        low, high = (low, scale) if needed > room else (scale, high)
    return [max(length * low, floor) for length, floor in zip(lengths, least, strict=True)]
