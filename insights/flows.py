"""Who hands to whom: the moves of ownership, between people or teams, and as which change of their ticket.

A move goes from the ticket's owner number `hop` to the next one. A node is a person, or a team where a person
is not to be shown; the same node may come again at a later hop, so nothing goes in circles.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import CharField, Count, F, OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from handoffs.models import Handoff
from insights.measures import CHANGES, Rows
from insights.scopes import Scope
from people.models import Person
from people.roles import READS_ALL
from tickets.kinds import EntryKind
from tickets.models import Entry, Tenure


class Node(NamedTuple):
    """Where a move begins or ends: ("person", username), ("team", slug), or the others, too small to be shown."""

    kind: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @classmethod
    def of(cls, text: str) -> "Node":
        """Return the node that a string names; raises ValueError for any other string."""
        kind, _, name = text.partition(":")
        if (kind in ("person", "team")) != bool(name) or kind not in ("person", "team", "others"):
            raise ValueError(text)
        return cls(kind, name)


OTHERS = Node("others")


class Flow(NamedTuple):
    """From whom to whom, from the ticket's owner number `hop`; or whatever the hop, when that is None."""

    giver: Node
    taker: Node
    hop: int | None = None


Flows = Counter[Flow]


def named(viewer: Person) -> frozenset[str] | None:
    """Return the usernames of whom a viewer sees as people, not as their team; None is everybody.

    Whoever leads a team sees its people. Accounts of an import belong to no team: whoever may see the ticket
    sees them.
    """
    if viewer.role in READS_ALL:
        return None
    led = viewer.led_team_ids
    theirs = Q(teams__in=led) | Q(managed_teams__in=led) | Q(deputised_teams__in=led) | Q(pk=viewer.pk)
    nobodys = Q(teams=None, managed_teams=None, deputised_teams=None)
    return frozenset(Person.objects.filter(theirs | nobodys).values_list("username", flat=True))


def moves(scope: Scope) -> Rows:
    """Return the moves: rows of the measure of changes, with hop, and giver and taker by username and team.

    A team here is that in which the ticket was; of an imported ticket only the last one is known.
    """
    before = Tenure.objects.filter(ticket=OuterRef("ticket"), seq=OuterRef("prev_seq"))
    return CHANGES.rows(scope).annotate(
        hop=F("prev_seq"),
        giver=Subquery(before.values("owner__username")),
        taker=F("owner__username"),
        giver_team=_team_at("prev_seq"),
        taker_team=_team_at("seq"),
    )


def _team_at(seq: str) -> Coalesce:
    """Return the slug of the team in which a ticket was with its owner number `seq`."""
    moved = Tenure.objects.filter(ticket=OuterRef("ticket"), seq__lte=OuterRef(seq), handoff_id__isnull=False)
    handoff = Handoff.objects.filter(pk=OuterRef("handoff_id")).values("to_team__slug")
    opened = Entry.objects.filter(ticket=OuterRef("ticket"), kind=EntryKind.OPENED).order_by("at", "pk")
    return Coalesce(
        Subquery(moved.order_by("-seq").annotate(into=Subquery(handoff)).values("into")[:1]),
        Subquery(opened.annotate(into=KT("data__team")).values("into")[:1]),
        F("ticket__team__slug"),
        output_field=CharField(),
    )


class Cast(NamedTuple):
    """Who appears in flows as a person: `seen` (None: everybody), unless only teams are wanted."""

    by_team: bool
    seen: frozenset[str] | None

    def node(self, person: str, team: str) -> Node:
        """Return the node of somebody who owned a ticket while it was in a team."""
        if self.by_team or (self.seen is not None and person not in self.seen):
            return Node("team", team)
        return Node("person", person)

    def shows(self, node: Node) -> bool:
        """Say whether a node may appear at all."""
        return node.kind != "person" or (not self.by_team and (self.seen is None or node.name in self.seen))

    def condition(self, side: str, *nodes: Node) -> Q:
        """Return the condition on moves that one side ("giver", "taker") is one of some nodes that may appear."""
        people = [node.name for node in nodes if node.kind == "person"]
        teams = [node.name for node in nodes if node.kind == "team"]
        found = Q(**{f"{side}__in": people}) if people else Q(pk__in=[])
        if not teams:
            return found
        in_team = Q(**{f"{side}_team__in": teams})
        if self.by_team:
            return in_team
        # Where everybody is seen, nobody is their team.
        return found | in_team & ~Q(**{f"{side}__in": sorted(self.seen)}) if self.seen is not None else found


def flows(scope: Scope, cast: Cast) -> Flows:
    """Count the moves by giver, taker and hop: one statement."""
    columns = ("hop", "giver", "taker", "giver_team", "taker_team")
    found: Flows = Counter()
    try:
        rows = list(moves(scope).order_by().values(*columns).annotate(n=Count("pk")).values_list(*columns, "n"))
    except EmptyResultSet:
        rows = []
    for hop, giver, taker, giver_team, taker_team, number in rows:
        found[Flow(cast.node(giver, giver_team), cast.node(taker, taker_team), hop)] += number
    return found


def whatever_hop(found: Flows) -> Flows:
    """Return flows with the hops added up."""
    added: Flows = Counter()
    for flow, number in found.items():
        added[flow._replace(hop=None)] += number
    return added


def largest(sizes: Counter[Node], most: int) -> frozenset[Node]:
    """Return the nodes to show: the largest. One more rather than "others" that are a single one."""
    if len(sizes) <= most + 1:
        return frozenset(sizes)
    return frozenset(sorted(sizes, key=lambda node: (-sizes[node], node))[:most])


def shown(found: Flows, most: int) -> frozenset[Node]:
    """Return the nodes that have the largest part in flows."""
    sizes: Counter[Node] = Counter()
    for (giver, taker, _), number in found.items():
        sizes[giver] += number
        sizes[taker] += number
    return largest(sizes, most)


def shown_at(found: Flows, most: int, layers: int) -> dict[int, frozenset[Node]]:
    """Return the nodes to show among the first owners, the second, and so on up to `layers`."""
    gave: dict[int, Counter[Node]] = {layer: Counter() for layer in range(1, layers + 1)}
    took: dict[int, Counter[Node]] = {layer: Counter() for layer in range(1, layers + 1)}
    for (giver, taker, hop), number in found.items():
        if hop is not None and hop < layers:
            gave[hop][giver] += number
            took[hop + 1][taker] += number
    return {layer: largest(gave[layer] | took[layer], most) for layer in gave}


def gather(found: Flows, givers: Collection[Node], takers: Collection[Node]) -> Flows:
    """Return flows in which whoever is not to be shown is one of the others."""
    gathered: Flows = Counter()
    for (giver, taker, hop), number in found.items():
        flow = Flow(giver if giver in givers else OTHERS, taker if taker in takers else OTHERS, hop)
        gathered[flow] += number
    return gathered


def side(cast: Cast, which: str, node: Node, among: Iterable[Node]) -> Q:
    """Return the condition on moves that one side is a node; the others are none of those that are shown."""
    return ~cast.condition(which, *among) if node == OTHERS else cast.condition(which, node)
