"""Who sees a ticket, how they stand to it, and what that lets them do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs import covers, help_requests
from people.errors import NotYours, Stale
from people.models import Person
from tests.cast import Cast, in_hours
from tickets import errors, permissions, resolution
from tickets.models import Ticket
from tickets.permissions import MAY, Action, Standing
from tickets.states import Outcome

EVERYBODY = ("petra", "maya", "dora", "alice", "bob", "carol", "lars", "luis", "lena", "ada", "adam", "form")

#                       owner    cover    manager    colleague    guest    observer    program
TABLE = {
    "view": "            owner    cover    manager    colleague    guest    observer    program",
    "note": "            owner    cover    manager    colleague    guest                program",
    "contact": "         owner    cover    manager    colleague    guest                program",
    "acknowledge": "     owner                                                                 ",
    "edit": "            owner    cover    manager                                             ",
    "hold": "            owner    cover    manager                                             ",
    "hold_call": "       owner    cover    manager    colleague    guest                       ",
    "promise": "         owner    cover    manager    colleague                                ",
    "settle_promise": "  owner    cover    manager                                             ",
    "resolve": "         owner    cover    manager                                             ",
    "close": "           owner    cover    manager                                             ",
    "reopen": "          owner    cover    manager    colleague    guest                program",
    "offer": "           owner    cover    manager                                             ",
    "claim": "                    cover    manager    colleague    guest                       ",
    "take_over": "                         manager                                             ",
    "ask_for_help": "    owner    cover    manager                                             ",
    "ask_for_manager": " owner    cover    manager    colleague    guest                program",
    "deal_with_flags": "                   manager                                             ",
}


def test_what_each_standing_may_do_is_this_table() -> None:
    assert {str(action): standings for action, standings in MAY.items()} == {
        action: {Standing(word) for word in words.split()} for action, words in TABLE.items()
    }
    assert set(MAY) == set(Action)


def own(cast: Cast) -> Ticket:
    """Alice's, in her own team."""
    return cast.open_ticket()


def elsewhere(cast: Cast) -> Ticket:
    """Luis's, in Logistics."""
    return cast.open_ticket(by=cast.luis, team=cast.logistics)


def above(cast: Cast) -> Ticket:
    """Petra's, in Care."""
    return cast.open_ticket(by=cast.petra, team=cast.care)


def strange(cast: Cast) -> Ticket:
    """Alice's, though in Logistics."""
    return cast.open_ticket(team=cast.logistics)


def offered(cast: Cast) -> Ticket:
    """Alice's, offered to Lena of Logistics."""
    ticket = cast.open_ticket()
    cast.offer(ticket, cast.lena)
    return ticket


def unapproved(cast: Cast) -> Ticket:
    """Carol's, offered to Lena, as the third change, which nobody approved yet."""
    ticket = cast.hand(cast.open_ticket(), cast.bob, cast.carol)
    cast.offer(ticket, cast.lena)
    return ticket


def asked(cast: Cast) -> Ticket:
    """Alice's, about which Luis is asked."""
    ticket = cast.open_ticket()
    help_requests.ask(ticket=ticket.pk, by=cast.alice, asked=cast.luis, question="Where is it?", answer_by=in_hours(1))
    return ticket


def answered(cast: Cast) -> Ticket:
    """Alice's, about which Luis was asked."""
    ticket = asked(cast)
    request = ticket.help_requests.get()
    help_requests.answer(help_request=request.pk, by=cast.luis, answer="At Hull.")
    return ticket


def formerly(cast: Cast) -> Ticket:
    """Luis's, in Logistics, which was Bob's in Billing."""
    return cast.hand(cast.open_ticket(by=cast.bob), cast.luis)


def covered(cast: Cast) -> Ticket:
    """Alice's, whom Lena covers."""
    cover = covers.ask(by=cast.alice, covering=cast.lena, until=in_hours(8))
    covers.accept(cover=cover.pk, by=cast.lena)
    return cast.open_ticket()


def asked_of_somebody_covered(cast: Cast) -> Ticket:
    """Alice's, about which Luis is asked, whom Lena covers."""
    cover = covers.ask(by=cast.luis, covering=cast.lena, until=in_hours(8))
    covers.accept(cover=cover.pk, by=cast.lena)
    return asked(cast)


def uncovered(cast: Cast) -> Ticket:
    """Alice's, whom Lena would not cover, and Luis has not said that he does."""
    refused = covers.ask(by=cast.alice, covering=cast.lena, until=in_hours(8))
    covers.end(cover=refused.pk, by=cast.lena)
    covers.ask(by=cast.alice, covering=cast.luis, until=in_hours(8))
    return cast.open_ticket()


def closed(cast: Cast) -> Ticket:
    """Alice's, closed."""
    return resolution.close(ticket=cast.open_ticket().pk, by=cast.alice, outcome=Outcome.SPAM)


SEEN = {
    own: "petra maya dora alice bob carol ada adam form",
    elsewhere: "petra lars luis lena ada adam form",
    above: "petra ada adam form",
    strange: "petra lars luis lena alice ada adam form",
    offered: "petra maya dora alice bob carol lena ada adam form",
    unapproved: "petra maya dora alice bob carol ada adam form",
    asked: "petra maya dora alice bob carol luis ada adam form",
    answered: "petra maya dora alice bob carol ada adam form",
    formerly: "petra lars luis lena bob ada adam form",
    covered: "petra maya dora alice bob carol lena ada adam form",
    asked_of_somebody_covered: "petra maya dora alice bob carol luis lena ada adam form",
    uncovered: "petra maya dora alice bob carol ada adam form",
    closed: "petra maya dora alice bob carol ada adam form",
}


@pytest.mark.parametrize("make", SEEN, ids=lambda make: make.__name__)
def test_a_standing_is_had_exactly_by_those_who_see_the_ticket(cast: Cast, make: Callable[[Cast], Ticket]) -> None:
    ticket = make(cast)
    people = [Person.objects.get(username=name) for name in EVERYBODY]
    seeing = [person.username for person in people if Ticket.objects.visible_to(person).filter(pk=ticket.pk).exists()]
    standing = [person.username for person in people if any(permissions.standings(person, ticket))]
    assert set(seeing) == set(standing) == set(SEEN[make].split())


@pytest.mark.parametrize(
    ("who", "standing"),
    [
        ("alice", "owner colleague guest"),
        ("bob", "colleague"),
        ("maya", "colleague manager"),
        ("petra", "manager"),
        ("luis", "guest"),
        ("lena", "cover"),
        ("ada", "observer"),
        ("adam", "observer"),
        ("form", "program"),
        ("lars", ""),
    ],
)
def test_how_each_of_them_stands_to_it(cast: Cast, who: str, standing: str) -> None:
    covered(cast)
    assert set(permissions.standings(getattr(cast, who), asked(cast))) == {Standing(word) for word in standing.split()}


EXAMPLE = {
    Standing.OWNER: "alice",
    Standing.COVER: "lena",
    Standing.MANAGER: "petra",
    Standing.COLLEAGUE: "bob",
    Standing.GUEST: "luis",
    Standing.OBSERVER: "ada",
    Standing.PROGRAM: "form",
}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("standing", Standing)
def test_what_is_not_theirs_is_refused_and_what_they_do_not_see_does_not_exist(
    cast: Cast, action: Action, standing: Standing
) -> None:
    covered(cast)
    person, ticket = getattr(cast, EXAMPLE[standing]), asked(cast)
    allowed = any(one in MAY[action] for one in permissions.standings(person, ticket))
    if allowed:
        permissions.require(person, action, ticket)
    else:
        with pytest.raises(NotYours):
            permissions.require(person, action, ticket)
    with pytest.raises(errors.UnknownTicket):
        permissions.require(cast.lars, action, ticket)


def test_the_system_itself_may_do_anything(ticket: Ticket) -> None:
    for action in Action:
        permissions.require(None, action, ticket)


def test_entering_checks_the_version_that_the_caller_has(cast: Cast, ticket: Ticket) -> None:
    assert permissions.enter(ticket.pk, cast.alice, Action.NOTE, version=ticket.version) == ticket
    with pytest.raises(Stale) as refused:
        permissions.enter(ticket.pk, cast.alice, Action.NOTE, version=ticket.version - 1)
    assert list(refused.value.fields) == ["version"]


def test_a_ticket_that_does_not_exist_is_not_found(cast: Cast) -> None:
    with pytest.raises(errors.UnknownTicket):
        permissions.enter(1, cast.adam, Action.VIEW)


def test_the_desk_is_ordered_by_what_falls_due(cast: Cast) -> None:
    late, early = cast.open_ticket(channel="web"), cast.open_ticket()
    closed(cast)
    desk = Ticket.objects.visible_to(cast.alice).live().by_next_due().order_by("due_or_never")
    assert list(desk) == [early, late]
    assert early.acknowledge_by is not None
    assert early.acknowledge_by - timezone.now() < timedelta(hours=1)
