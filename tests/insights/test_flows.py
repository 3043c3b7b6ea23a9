"""Who hands to whom, and who is told who that was."""

from collections import Counter
from pathlib import Path

import pytest

from handoffs import takeovers
from insights import flows
from insights.flows import OTHERS, Flow, Node
from insights.flows import Cast as Shown
from insights.scopes import Scope, Span
from people.models import Person
from tests.cast import Cast, in_hours, utc
from tests.insights.past import import_it

ALICE, BOB, LUIS, MAYA = (Node("person", name) for name in ("alice", "bob", "luis", "maya"))
BILLING, LOGISTICS = Node("team", "billing"), Node("team", "logistics")


@pytest.fixture
def scope(cast: Cast) -> Scope:
    """Everything up to an hour from now: Alice to Bob to Luis in Logistics, and Maya took one of Alice's over."""
    cast.hand(cast.open_ticket(), cast.bob, cast.luis)
    takeovers.take_over(ticket=cast.open_ticket().pk, by=cast.maya, reason="I know the case.")
    return Scope(Span(utc(2000, 1, 1), in_hours(1)), None)


def seen_by(person: Person, scope: Scope) -> dict[Flow, int]:
    return dict(flows.flows(scope, Shown(by_team=False, seen=flows.named(person))))


def test_an_auditor_sees_everybody_by_name(cast: Cast, scope: Scope) -> None:
    expected = {Flow(ALICE, BOB, 1): 1, Flow(BOB, LUIS, 2): 1, Flow(ALICE, MAYA, 1): 1}

    assert seen_by(cast.ada, scope) == seen_by(cast.petra, scope) == expected


def test_a_manager_sees_other_teams_people_as_their_team(cast: Cast, scope: Scope) -> None:
    assert seen_by(cast.maya, scope) == {
        Flow(ALICE, BOB, 1): 1,
        Flow(BOB, LOGISTICS, 2): 1,
        Flow(ALICE, MAYA, 1): 1,
    }
    assert seen_by(cast.lars, scope) == {Flow(BILLING, BILLING, 1): 2, Flow(BILLING, LUIS, 2): 1}


def test_between_teams_a_team_is_the_one_that_had_the_ticket_then(cast: Cast, scope: Scope) -> None:
    found = flows.flows(scope, Shown(by_team=True, seen=frozenset()))

    assert found == {Flow(BILLING, BILLING, 1): 2, Flow(BILLING, LOGISTICS, 2): 1}


@pytest.mark.usefixtures("monday")
def test_people_of_an_import_are_seen_by_whoever_leads_its_teams(cast: Cast, tmp_path: Path) -> None:
    import_it(tmp_path, manager="maya")
    scope = Scope(Span(utc(2000, 1, 1), in_hours(1)), cast.maya.led_team_ids)

    ana, ben, cem = (Node("person", f"desk:{name}") for name in ("Ana", "Ben", "Cem"))
    assert seen_by(cast.maya, scope) == {Flow(ana, ben, 1): 1, Flow(ben, ana, 2): 1, Flow(cem, ana, 1): 1}


@pytest.mark.parametrize("by_team", [True, False])
@pytest.mark.parametrize("viewer", ["ada", "maya", "lars"])
def test_each_flow_is_found_again_by_its_condition(cast: Cast, scope: Scope, viewer: str, by_team: bool) -> None:
    shown = Shown(by_team=by_team, seen=flows.named(getattr(cast, viewer)))

    for (giver, taker, hop), number in flows.flows(scope, shown).items():
        both = shown.condition("giver", giver) & shown.condition("taker", taker)
        assert flows.moves(scope).filter(both, hop=hop).count() == number


def test_small_ones_are_gathered_and_found_again_as_the_others(cast: Cast, scope: Scope) -> None:
    shown = Shown(by_team=False, seen=None)
    found = flows.flows(scope, shown)
    few = frozenset({ALICE})

    gathered = flows.gather(flows.whatever_hop(found), few, few)

    assert gathered == {Flow(ALICE, OTHERS): 2, Flow(OTHERS, OTHERS): 1}
    for (giver, taker, _hop), number in gathered.items():
        both = flows.side(shown, "giver", giver, few) & flows.side(shown, "taker", taker, few)
        assert flows.moves(scope).filter(both).count() == number


def test_the_largest_are_shown_and_nobody_is_the_only_other() -> None:
    sizes = Counter({ALICE: 5, BOB: 3, LUIS: 2})

    assert flows.largest(sizes, 1) == {ALICE}
    assert flows.largest(sizes, 2) == {ALICE, BOB, LUIS}


def test_a_layer_shows_who_gives_or_takes_most_in_it() -> None:
    found = flows.Flows(
        {Flow(ALICE, BOB, 1): 3, Flow(BOB, ALICE, 2): 2, Flow(LUIS, MAYA, 2): 1, Flow(MAYA, LUIS, 3): 1}
    )

    assert flows.shown_at(found, 8, 3) == {1: {ALICE}, 2: {BOB, LUIS}, 3: {ALICE, MAYA}}


@pytest.mark.parametrize("text", ["person:servicenow:Ana Li", "team:billing", "others"])
def test_a_node_is_written_and_read(text: str) -> None:
    assert str(Node.of(text)) == text


@pytest.mark.parametrize("text", ["", "person", "person:", "others:x", "customer:1", "billing"])
def test_anything_else_is_no_node(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        Node.of(text)
