"""The pictures of the flows: bands from owner to owner, a line of figures, and steps of a colour. Pure.

Everything is in the units of the picture's own view box; who it is about stays with whoever asks.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

Name = TypeVar("Name", bound=Hashable)

STEPS = 5


def steps(most: int) -> list[int]:
    """Return the largest number of each step of a colour, from 1 to the most there is; each step is a ratio."""
    bounds = [max(place, round(most ** (place / STEPS))) for place in range(1, STEPS)]
    return [*(bound for bound in bounds if bound < most), most] if most else []


def step(number: int, bounds: Sequence[int]) -> int:
    """Return the step in which a number is, of those that `steps` gave; 0 for none."""
    if number < 1:
        return 0
    place = next(place for place, bound in enumerate(bounds, 1) if number <= bound)
    # The strongest colour is always that of the most.
    return place + STEPS - len(bounds)


class Point(NamedTuple):
    """A figure on a line: where it is, and the upright slice of the picture that belongs to it."""

    x: float
    y: float
    left: float
    width: float


@dataclass(frozen=True)
class Line:
    """A line through figures; where there is none it is broken, and the point is None."""

    width: int
    height: int
    floor: float
    path: str
    points: list[Point | None]


def line(values: Sequence[float | None], *, top: float, width: int = 300, height: int = 90) -> Line:
    """Draw figures from 0 to `top`, one after the other."""
    ceiling, floor = 20.0, height - 4.0
    slot = width / max(len(values), 1)
    points: list[Point | None] = []
    path: list[str] = []
    pen_is_down = False
    for place, value in enumerate(values):
        if value is None:
            points.append(None)
            pen_is_down = False
            continue
        x = slot * (place + 0.5)
        y = floor - (floor - ceiling) * min(value / top, 1) if top else floor
        points.append(Point(round(x, 1), round(y, 1), round(slot * place, 1), round(slot, 1)))
        path.append(f"{'L' if pen_is_down else 'M'}{x:.1f} {y:.1f}")
        pen_is_down = True
    return Line(width, height, floor, " ".join(path), points)


@dataclass
class Box:
    """A node: a bar in its layer."""

    x: float
    y: float
    height: float
    left: float = 0  # how far its bands have come on either side
    right: float = 0


class Band(NamedTuple):
    """A flow between two boxes; `x`, `y`: where a number ends on it; `thick`: whether there is room for one."""

    path: str
    x: float
    y: float
    thick: bool


@dataclass
class Bands(Generic[Name]):
    """Layers of nodes and the bands between them."""

    width: int
    height: int
    boxes: dict[tuple[int, Name], Box] = field(default_factory=dict)
    bands: dict[tuple[int, Name, Name], Band] = field(default_factory=dict)
    columns: list[float] = field(default_factory=list)

    def letters(self, layer: int) -> int:
        """Return how many letters of a name there is room for beside a layer's boxes."""
        room = self.columns[layer] - self.columns[layer - 1] - 40 if layer < len(self.columns) else LABEL
        return max(round(room / LETTER), 8)


BAR = 10
GAP = 18
TOP = 30
LABEL = 140  # to the right of the last bar
LETTER = 6.2  # about as wide as one is
TALLEST = 380


def bands(
    flows: Mapping[tuple[int, Name, Name], int], order: Sequence[Name], *, layers: int, width: int = 1000
) -> Bands[Name]:
    """Lay out flows (layer from 1, from, to): nodes one below the other in `order`, bands between the layers.

    A node is as tall as what comes in or goes out, whichever is more: not everything that comes goes on.
    """
    sizes: list[dict[Name, int]] = []
    for layer in range(1, layers + 1):
        gave = {name: sum(n for (at, giver, _), n in flows.items() if (at, giver) == (layer, name)) for name in order}
        took = {name: sum(n for (at, _, to), n in flows.items() if (at + 1, to) == (layer, name)) for name in order}
        sizes.append({name: max(gave[name], took[name]) for name in order if gave[name] or took[name]})
    most = max((sum(each.values()) for each in sizes), default=0)
    longest = max((len(each) for each in sizes), default=0)
    scale = TALLEST / most if most else 0
    drawn: Bands[Name] = Bands(width, round(TALLEST + GAP * longest + TOP))
    between = (width - LABEL - BAR) / max(layers - 1, 1)
    drawn.columns = [round(between * place, 1) for place in range(layers)]
    for place, each in enumerate(sizes):
        y: float = TOP
        for name, size in each.items():
            height = max(size * scale, 2)
            drawn.boxes[place + 1, name] = Box(drawn.columns[place], round(y, 1), round(height, 1))
            y += height + GAP
    ranked = {name: place for place, name in enumerate(order)}
    for flow in sorted(flows, key=lambda flow: (flow[0], ranked[flow[1]], ranked[flow[2]])):
        layer, giver, taker = flow
        drawn.bands[flow] = _band(drawn.boxes[layer, giver], drawn.boxes[layer + 1, taker], flows[flow] * scale)
    return drawn


def _band(begin: Box, end: Box, thickness: float) -> Band:
    x0, x1 = begin.x + BAR, end.x
    y0, y1 = begin.y + begin.right, end.y + end.left
    begin.right += thickness
    end.left += thickness
    seen = max(thickness, 1.5)
    middle = (x0 + x1) / 2
    path = (
        f"M{x0:.1f} {y0:.1f} C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f} "
        f"V{y1 + seen:.1f} C{middle:.1f} {y1 + seen:.1f} {middle:.1f} {y0 + seen:.1f} {x0:.1f} {y0 + seen:.1f} Z"
    )
    # Where it comes in, bands lie one below the other, and no number lies on another one.
    return Band(path, round(x1 - 5, 1), round(y1 + seen / 2, 1), thickness >= 12)
