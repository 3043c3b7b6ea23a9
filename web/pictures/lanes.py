"""The lanes of a picture: who is above whom, and what stands in rows above and below a person's bars."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from web.pictures import glyphs, lettering, shapes
from web.pictures.packing import Box, Canvas, Rows, Words
from web.pictures.story import Mark, Offer, Owner, Promise, Tenure

BAR = 34.0
ROW = 17.0
PAD = 9.0
TEAM = 24.0
DIAMOND = 15.0
# Marks of one kind that are closer than that become one, with their number.
CLUSTER = 15.0
NAMES = 12.5
# What a telephone call is drawn as at least.
CALL_LEAST = 8.0


@dataclass
class _Placed:
    """Something in a row of a lane."""

    row: int
    x: float
    width: float
    above: bool = False


@dataclass
class _Cluster:
    move: int
    kind: str
    x: float
    width: float
    says: list[str]
    labels: list[str]


@dataclass
class _Lane:
    owner: Owner
    above: Rows
    below: Rows
    top: float = 0.0
    bar: float = 0.0
    height: float = 0.0
    offers: list[tuple[Offer, _Placed]] = field(default_factory=list)
    promises: list[tuple[Promise, _Placed]] = field(default_factory=list)
    clusters: list[_Cluster] = field(default_factory=list)
    marks: list[tuple[_Cluster, _Placed]] = field(default_factory=list)

    def box(self, placed: _Placed, height: float) -> Box:
        """Return where something in a row is drawn, once the lane has its place."""
        middle = (placed.row + 0.5) * ROW
        middle = self.bar - 1 - middle if placed.above else self.bar + BAR + 2 + middle
        return Box(placed.x, middle - height / 2, placed.width, height)


class Lanes:
    """Everybody's lane. Put things into them, then `settle`: only then is it known how high each is."""

    def __init__(self, owners: Iterable[Owner], *, left: float, right: float, top: float) -> None:
        teams: dict[str, list[Owner]] = {}
        for owner in owners:
            teams.setdefault(owner.team, []).append(owner)
        self.top = top
        self.lanes = {
            owner.key: _Lane(owner, Rows(left, right), Rows(left, right)) for team in teams.values() for owner in team
        }
        self.order = list(self.lanes)

    def cross(self, giver: str, receiver: str, x: float) -> None:
        """Keep free what the arrow of a handoff crosses."""
        out, into = self.order.index(giver), self.order.index(receiver)
        down = into > out
        span = (x - 5, x + 5)
        for place in range(min(out, into), max(out, into) + 1):
            lane = self.lanes[self.order[place]]
            if out == into:
                continue
            if place != (into if down else out):
                lane.below.blocked.append(span)
            if place != (out if down else into):
                lane.above.blocked.append(span)

    def put_offer(self, owner: str, offer: Offer, x: float, width: float) -> None:
        """Put an offer that nobody took under its giver's bar."""
        lane = self.lanes[owner]
        row, x = lane.below.place(x, width + 8)
        lane.offers.append((offer, _Placed(row, x, width + 8)))

    def put_promise(self, owner: str, promise: Promise, x: float) -> None:
        """Put a promise under the bar of whoever owned the ticket when it was due."""
        lane = self.lanes[owner]
        row, x = lane.below.place(x - DIAMOND / 2, DIAMOND)
        lane.promises.append((promise, _Placed(row, x, DIAMOND)))

    def put_mark(self, tenure: Tenure, mark: Mark, x: float, width: float) -> None:
        """Put a mark at the bar of whoever owned the ticket then; near ones of a kind become one."""
        clusters = self.lanes[tenure.owner].clusters
        if mark.kind != "call":
            for cluster in reversed(clusters):
                near = abs(cluster.x - x) < CLUSTER
                if cluster.kind == mark.kind and cluster.move == tenure.number and near:
                    cluster.says.append(mark.says)
                    cluster.labels.append(mark.label)
                    return
        clusters.append(_Cluster(tenure.number, mark.kind, x, max(width, CALL_LEAST), [mark.says], [mark.label]))

    def settle(self) -> float:
        """Give every lane its place, and return how far down they reach."""
        y = self.top
        for _, keys in groupby(self.order, key=lambda key: self.lanes[key].owner.team):
            for place, key in enumerate(keys):
                lane = self.lanes[key]
                for cluster in lane.clusters:
                    self._place(lane, cluster)
                y += TEAM if not place and lane.owner.team else 0
                lane.top = y
                lane.bar = y + PAD + ROW * len(lane.above.rows)
                lane.height = 2 * PAD + ROW * (len(lane.above.rows) + len(lane.below.rows)) + BAR
                y += lane.height
        return y

    def _place(self, lane: _Lane, cluster: _Cluster) -> None:
        above = cluster.kind in glyphs.ABOVE
        count = len(cluster.says)
        digits = 1 + lettering.width(str(count), 10) if count > 1 else 0
        width = cluster.width if cluster.kind == "call" else glyphs.SIZE + digits
        x = cluster.x if cluster.kind == "call" else cluster.x - glyphs.SIZE / 2
        row, x = (lane.above if above else lane.below).place(x, width)
        lane.marks.append((cluster, _Placed(row, x, width, above)))

    def bar(self, owner: str) -> float:
        """Return the upper edge of a person's bars."""
        return self.lanes[owner].bar

    def bars_between(self, one: float, other: float) -> list[float]:
        """Return the upper edges of the bars of the lanes that lie between two places."""
        low, high = sorted((one, other))
        return [lane.bar for lane in self.lanes.values() if low < lane.bar and lane.bar + BAR < high]

    def boxes(self) -> Iterator[Box]:
        """Yield where things stand in rows."""
        for lane in self.lanes.values():
            yield from (lane.box(placed, ROW) for _, placed in lane.offers)
            yield from (lane.box(placed, DIAMOND) for _, placed in lane.promises)
            yield from (lane.box(placed, glyphs.SIZE) for _, placed in lane.marks)

    def drawn(self, width: float, gutter: float) -> Iterator[shapes.Lane]:
        """Yield the lanes themselves, with the names of people and teams."""
        team = ""
        for place, lane in enumerate(self.lanes.values()):
            words = None
            if lane.owner.team != team:
                team = lane.owner.team
                box = Box(12, lane.top - TEAM + 4, width - 24, TEAM - 4)
                words = Words(lettering.fit(team, box.width, NAMES), box, lane.top - 6)
            name = lettering.fit(lane.owner.name, gutter - 24, NAMES)
            box = Box(0, lane.top, width, lane.height)
            yield shapes.Lane(box, name, lane.bar + BAR / 2 + 4, lane.owner.name, words, bool(place % 2))

    def diamonds(self, now: datetime) -> Iterator[shapes.Diamond]:
        """Yield the promises."""
        for lane in self.lanes.values():
            for promise, placed in lane.promises:
                box = lane.box(placed, DIAMOND)
                yield shapes.Diamond(promise.move, box, promise.became(now), glyphs.diamond(box), promise.says)

    def stubs(self, canvas: Canvas) -> Iterator[shapes.Stub]:
        """Yield the offers that nobody took, with their words where there is room."""
        for lane in self.lanes.values():
            for offer, placed in lane.offers:
                box = lane.box(placed, ROW)
                waits = offer.ended is None
                middle, end = box.middle, box.right - 5
                if waits:
                    head = f"M {end - 5:.1f} {middle - 5:.1f} l 8 5 l -8 5"
                else:
                    head = f"M {end - 4:.1f} {middle - 4:.1f} l 8 8 M {end - 4:.1f} {middle + 4:.1f} l 8 -8"
                path = f"M {box.x:.1f} {middle - 5:.1f} V {middle:.1f} H {end - 5:.1f}"
                words = canvas.write(offer.label, box, ROW)
                yield shapes.Stub(offer.move, box, waits, path, head, words, offer.says)

    def glyphs(self, canvas: Canvas) -> Iterator[shapes.Glyph]:
        """Yield the marks, with their words where there is room."""
        for lane in self.lanes.values():
            for cluster, placed in lane.marks:
                box = lane.box(placed, glyphs.SIZE)
                path = glyphs.path(cluster.kind, box)
                words = canvas.write(", ".join(filter(None, cluster.labels)), box, ROW)
                says = "\n".join(cluster.says)
                yield shapes.Glyph(cluster.move, cluster.kind, box, path, len(cluster.says), words, says)
