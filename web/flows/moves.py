"""Who hands to whom: the moves of ownership as a matrix and as bands; every mark opens the list behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from insights import flows
from insights.flows import OTHERS, Cast, Flow, Flows, Node
from people.models import Person, Team
from web.flows.figures import Mark
from web.flows.filters import Filters
from web.pictures import flows as pictures

MATRIX = 12  # nodes, and the others
PER_LAYER = 8
LAYERS = 6
LATER = "later"  # as a hop: from the last layer on


def cast(filters: Filters, viewer: Person) -> Cast:
    """Return who is shown as a person."""
    by_team = filters.who == "teams"
    return Cast(by_team, frozenset() if by_team else flows.named(viewer))


def names(nodes: Iterable[Node], teams: Sequence[Team]) -> dict[Node, str]:
    """Return what nodes are called, in the order of their names, the others last."""
    wanted = set(nodes)
    people = [node.name for node in wanted if node.kind == "person"]
    called = dict(Person.objects.filter(username__in=people).values_list("username", "name")) if people else {}
    known = {team.slug: team.name for team in teams}
    strange = [node.name for node in wanted if node.kind == "team" and node.name not in known]
    if strange:
        known |= dict(Team.objects.filter(slug__in=strange).values_list("slug", "name"))
    mixed = bool(people)
    found: dict[Node, str] = {OTHERS: _("others")} if OTHERS in wanted else {}
    for node in wanted - {OTHERS}:
        name = (called if node.kind == "person" else known).get(node.name, node.name)
        found[node] = _("%(team)s (team)") % {"team": name} if mixed and node.kind == "team" else name
    return dict(sorted(found.items(), key=lambda item: (item[0] == OTHERS, item[1].casefold(), item[0])))


class Cell(NamedTuple):
    """A square of the matrix."""

    mark: Mark
    step: int


@dataclass(frozen=True)
class Matrix:
    """From whom (rows) to whom (columns), with the numbers of each step of the colour."""

    takers: list[str]
    rows: list[tuple[str, list[Cell]]]
    legend: list[tuple[int, str]]


def matrix(found: Flows, filters: Filters, teams: Sequence[Team]) -> Matrix:
    """Return the moves as a matrix: the nodes with most of them, and the others."""
    shown = flows.shown(found, MATRIX)
    moved = flows.gather(flows.whatever_hop(found), shown, shown)
    called = names({node for flow in moved for node in flow[:2]}, teams)
    bounds = pictures.steps(max(moved.values(), default=0))
    givers = [node for node in called if any(flow.giver == node for flow in moved)]
    takers = [node for node in called if any(flow.taker == node for flow in moved)]

    def cell(giver: Node, taker: Node) -> Cell:
        number = moved[Flow(giver, taker)]
        url = filters.list("changes", giver=str(giver), taker=str(taker)) if number else ""
        return Cell(Mark(f"{number:,}" if number else "", url, number), pictures.step(number, bounds))

    rows = [(called[giver], [cell(giver, taker) for taker in takers]) for giver in givers]
    lower = [1, *(bound + 1 for bound in bounds)]
    legend = [
        (pictures.step(high, bounds), f"{high:,}" if low == high else f"{low:,}–{high:,}")  # noqa: RUF001 - a range
        for low, high in zip(lower, bounds, strict=False)
    ]
    return Matrix([called[taker] for taker in takers], rows, legend)


class Band(NamedTuple):
    """A band of the picture, and the line of its table."""

    shape: pictures.Band
    giver: str
    taker: str
    hop: int
    mark: Mark
    others: bool


@dataclass(frozen=True)
class Hops:
    """The moves as bands from the first owners to the second, and on; `later` are those that are not drawn."""

    picture: pictures.Bands[Node]
    bands: list[Band]
    boxes: list[tuple[pictures.Box, str]]
    later: Mark


def hops(found: Flows, filters: Filters, teams: Sequence[Team]) -> Hops:
    """Return the moves as layered bands; nodes with few moves in a layer are its others."""
    shown = flows.shown_at(found, PER_LAYER, LAYERS)
    drawn: dict[tuple[int, Node, Node], int] = {}
    later = 0
    for flow, number in found.items():
        if flow.hop is None or flow.hop >= LAYERS:
            later += number
            continue
        ((giver, taker, _hop),) = flows.gather(Flows({flow: number}), shown[flow.hop], shown[flow.hop + 1])
        key = (flow.hop, giver, taker)
        drawn[key] = drawn.get(key, 0) + number
    called = names({node for _hop, giver, taker in drawn for node in (giver, taker)}, teams)
    layers = max((hop for hop, _giver, _taker in drawn), default=0) + 1
    picture = pictures.bands(drawn, list(called), layers=layers)
    bands = [
        Band(
            shape=shape,
            giver=called[giver],
            taker=called[taker],
            hop=hop,
            mark=_hop_mark(filters, hop, giver, taker, drawn[hop, giver, taker]),
            others=OTHERS in (giver, taker),
        )
        for (hop, giver, taker), shape in picture.bands.items()
    ]
    boxes = [
        (box, Truncator(called[node]).chars(picture.letters(layer))) for (layer, node), box in picture.boxes.items()
    ]
    url = filters.list("changes", hop=LATER) if later else ""
    return Hops(picture, bands, boxes, Mark(f"{later:,}", url, later))


def _hop_mark(filters: Filters, hop: int, giver: Node, taker: Node, number: int) -> Mark:
    url = filters.list("changes", hop=str(hop), giver=str(giver), taker=str(taker))
    return Mark(f"{number:,}", url, number)
