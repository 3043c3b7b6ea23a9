"""The chain in a picture: people by team in lanes, tenures as bars on a time axis, and what moved them. Pure.

Only one person owns a ticket at a time, so bars never meet; what stands above and below a bar is packed into
rows, and words are written only where nothing else is.
"""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from web.pictures import axis, glyphs, lengths, lettering, packing, shapes
from web.pictures.lanes import BAR, Lanes
from web.pictures.packing import Box
from web.pictures.story import Hold, Promise, Story, Tenure
from web.pictures.ticks import ticks

WIDTH = 1240.0
GUTTER = 168.0
MARGIN = 20.0
AXIS = 54.0
FOOT = 10.0
# A handoff's arrow comes down so far to the right of where the bars meet.
ELBOW = 6.0
HEAD = 5.0
LETTERS = 11.5
HOLD = 13.0
HOLD_LEAST = 5.0
STUB_LEAST = 26.0


def layout(story: Story, *, zone: tzinfo, width: float = WIDTH) -> shapes.Picture:
    """Return the picture of a chain, `width` wide or wider when there are very many tenures."""
    return _Drawing(story, width).picture(zone)


class _Drawing:
    """One picture while it is drawn."""

    def __init__(self, story: Story, width: float) -> None:
        self.story = story
        self.axis = axis.lay(
            [tenure.began for tenure in story.tenures],
            _moments(story),
            last=story.now,
            left=GUTTER + 8,
            right=width - MARGIN,
        )
        self.right = self.axis.places[-1]
        self.width = round(max(width, self.right + MARGIN), 1)
        self.spans = list(zip(self.axis.starts, self.axis.starts[1:], strict=False))
        self.lanes = Lanes(story.owners, left=GUTTER + 2, right=self.right + MARGIN - 2, top=AXIS)

    def picture(self, zone: tzinfo) -> shapes.Picture:
        """Return everything, drawn: first what stands in rows, which says how high the lanes are."""
        story = self.story
        moves = list(zip(story.tenures, story.tenures[1:], strict=False))
        for giver, receiver in moves:
            self.lanes.cross(giver.owner, receiver.owner, self.start(receiver) + ELBOW)
        for offer in story.offers:
            begin = self.x(offer.made, offer.move)
            end = self.axis.x(offer.ended or story.now)
            self.lanes.put_offer(self.owner(offer.move), offer, begin, max(end - begin, STUB_LEAST))
        for promise in story.promises:
            at = self.story.tenure_at(min(_place(promise), story.now))
            self.lanes.put_promise(at.owner, promise, self.x(_place(promise), at.number, beyond=True))
        for mark in story.marks:
            at = story.tenure_at(mark.at)
            x = self.x(mark.at, at.number)
            self.lanes.put_mark(at, mark, x, self.axis.x(mark.until) - x if mark.until else 0.0)
        height = self.lanes.settle() + FOOT
        bars = tuple(self.bar(tenure) for tenure in story.tenures)
        holds = tuple(self.hold(hold) for hold in story.holds)
        tears = tuple(self.tear(cut, height) for cut in self.axis.cuts)
        canvas = packing.Canvas(GUTTER, self.width - 4)
        canvas.take(*(bar.box for bar in bars), *(tear.box for tear in tears), *self.lanes.boxes())
        canvas.take(*(self.rise(giver, receiver) for giver, receiver in moves))
        if not story.ended:
            canvas.take(Box(self.axis.starts[-1] - 1, AXIS, 2, height))
        stubs = tuple(self.lanes.stubs(canvas))
        arrows = tuple(self.arrow(giver, receiver, canvas) for giver, receiver in moves)
        return shapes.Picture(
            width=self.width,
            height=height,
            axis_height=AXIS,
            gutter=GUTTER,
            lanes=tuple(self.lanes.drawn(self.width, GUTTER)),
            bars=bars,
            holds=holds,
            promises=tuple(self.lanes.diamonds(story.now)),
            arrows=arrows,
            stubs=stubs,
            glyphs=tuple(self.lanes.glyphs(canvas)),
            ticks=tuple(ticks(self.axis, zone=zone)),
            tears=tears,
            now=None if story.ended else round(self.axis.starts[-1], 1),
        )

    def start(self, tenure: Tenure) -> float:
        """Return where a tenure begins."""
        return self.axis.starts[self.story.tenures.index(tenure)]

    def owner(self, move: int) -> str:
        """Return whose tenure it is."""
        return next(tenure.owner for tenure in self.story.tenures if tenure.number == move)

    def x(self, at: datetime, move: int, *, beyond: bool = False) -> float:
        """Return where a moment of a tenure is: within its bar, or also after it."""
        place = next(place for place, tenure in enumerate(self.story.tenures) if tenure.number == move)
        begin, end = self.spans[place]
        return max(self.axis.x(at) if beyond else min(self.axis.x(at), end), begin)

    def bar(self, tenure: Tenure) -> shapes.Bar:
        """Return a tenure's bar, with as much written on it as fits."""
        begin, end = self.spans[self.story.tenures.index(tenure)]
        box = Box(begin + 0.5, self.lanes.bar(tenure.owner), end - begin - 1, BAR)
        goes_on = tenure.ended is None and not self.story.ended
        tip = min(7.0, box.width / 3) if goes_on else 0.0
        outline = glyphs.corners(
            (box.x, box.y),
            (box.right - tip, box.y),
            (box.right, box.middle),
            (box.right - tip, box.bottom),
            (box.x, box.bottom),
        )
        number = lettering.width(str(tenure.number), LETTERS + 1)
        x = box.x + min(7.0, max((box.width - number) / 2, 2.0))
        torn = [cut.x + cut.lead for cut in self.axis.cuts if begin <= cut.x < end]
        room = min([box.right - tip, *torn]) - x - number - 12
        length = tenure.length if lettering.width(tenure.length, LETTERS) <= room else ""
        says = tenure.says_owned
        return shapes.Bar(tenure.number, box, tenure.how, goes_on, outline, round(x, 1), length, says)

    def hold(self, hold: Hold) -> shapes.HoldBar:
        """Return a hold, in the lower part of its tenure's bar; it may outlast the tenure."""
        top = self.lanes.bar(self.owner(hold.move)) + BAR - HOLD
        until = hold.ended or self.story.now
        limit = self.x(self.story.now, hold.move)
        begin = min(self.x(hold.began, hold.move), limit - HOLD_LEAST)
        end = max(self.x(until, hold.move), begin + HOLD_LEAST)
        late = None
        if hold.due is not None and hold.due < until:
            since = min(max(self.x(hold.due, hold.move), begin), end - 2)
            late = Box(since, top, end - since, HOLD)
        box = Box(begin, top, end - begin, HOLD)
        return shapes.HoldBar(hold.move, box, hold.kind, late, hold.lost, hold.says)

    def rise(self, giver: Tenure, receiver: Tenure) -> Box:
        """Return the room that the arrow of a move takes between two lanes."""
        out, into = self.lanes.bar(giver.owner) + BAR / 2, self.lanes.bar(receiver.owner)
        low, high = (out, into) if into > out else (into + BAR, out)
        return Box(self.start(receiver), low, ELBOW + HEAD, max(high - low, 1.0))

    def arrow(self, giver: Tenure, receiver: Tenure, canvas: packing.Canvas) -> shapes.Arrow:
        """Return the arrow of a move: out of the giver's bar, across the lanes, into the receiver's."""
        x = self.start(receiver)
        out, into = self.lanes.bar(giver.owner) + BAR / 2, self.lanes.bar(receiver.owner)
        down = into > out
        tip = into if down else into + BAR
        back = -HEAD * 1.6 if down else HEAD * 1.6
        if giver.owner == receiver.owner:
            path, head = f"M {x - 7:.1f} {out:.1f} h 4", [(x + 5, out), (x - 4, out - HEAD), (x - 4, out + HEAD)]
        else:
            path = f"M {x:.1f} {out:.1f} h {ELBOW:.1f} V {tip + back / 2:.1f}"
            head = [(x + ELBOW, tip), (x + ELBOW - HEAD, tip + back), (x + ELBOW + HEAD, tip + back)]
        asked = None
        if receiver.offered is not None and receiver.offered < receiver.began:
            begin = self.x(receiver.offered, giver.number)
            asked = Box(begin, self.lanes.bar(giver.owner) + (BAR - 1.5 if down else -1.5), max(x - begin, 3.0), 3.0)
        words = self.why(receiver, x, out, into, canvas)
        return shapes.Arrow(receiver.number, receiver.how, path, glyphs.corners(*head), asked, words, receiver.says)

    def why(self, tenure: Tenure, x: float, out: float, into: float, canvas: packing.Canvas) -> packing.Words | None:
        """Return the reason of a move where there is room: behind the giver's bar, before the receiver's, between."""
        if not tenure.why:
            return None
        width, height = lettering.width(tenure.why, LETTERS), 16.0
        after, before = x + ELBOW + HEAD + 5, x - width - 5
        tops = [out - height / 2, into + BAR / 2 - height / 2]
        between = [top + BAR / 2 - height / 2 for top in self.lanes.bars_between(out, into)]
        boxes = [Box(after, tops[0], width, height), Box(before, tops[1], width, height)]
        boxes += [Box(left, top, width, height) for top in between for left in (after, before)]
        box = canvas.first_free(boxes)
        if box is None:
            return None
        return packing.Words(tenure.why, box, round(box.y + 12, 1), "start" if box.x > x else "end")

    def tear(self, cut: axis.Cut, height: float) -> shapes.Tear:
        """Return a cut: the two edges along which the picture is torn."""
        box = Box(cut.x + cut.lead + 10, AXIS, axis.CUT - 22, height - AXIS - FOOT)
        edges = ("", "")
        for step, y in enumerate(range(int(box.y), int(box.bottom) + 1, 7)):
            swing = 3 if step % 2 else -3
            edges = (
                f"{edges[0]}{'L' if step else 'M'} {box.x + swing:.1f} {y} ",
                f"{edges[1]}{'L' if step else 'M'} {box.right + swing:.1f} {y} ",
            )
        return shapes.Tear(box, edges, lengths.short(cut.ended - cut.began))


def _place(promise: Promise) -> datetime:
    """Return where a promise is drawn: when it was due, or when it was kept or withdrawn."""
    return promise.ended or promise.due


def _moments(story: Story) -> Iterator[datetime]:
    """Yield every moment at which something is drawn, but those of the tenures."""
    for hold in story.holds:
        yield from (at for at in (hold.began, hold.ended) if at is not None)
        if hold.due is not None and hold.due < (hold.ended or story.now):
            yield hold.due
    yield from (_place(promise) for promise in story.promises)
    for offer in story.offers:
        yield from (at for at in (offer.made, offer.ended) if at is not None)
    for mark in story.marks:
        yield from (at for at in (mark.at, mark.until) if at is not None)
    yield from (tenure.offered for tenure in story.tenures if tenure.offered is not None)
