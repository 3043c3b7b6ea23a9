"""The screen pop and the route: who is calling, and to whom they belong."""

import pytest
from django.utils import timezone

from handoffs import covers, presence
from notices.models import Notice
from people.presence import take_extension
from phones import call_backs, errors, routes, sources
from phones.models import Call, Source
from tests.cast import Cast, client_of, in_hours
from tests.phones.lines import CALLER, call_story, event, report, source_of
from tests.phones.test_events_api import by_token
from tickets.models import Ticket


@pytest.fixture
def source(cast: Cast) -> Source:
    """A telephone system of Billing's, with Alice on 101 and Bob on 102."""
    take_extension(person=cast.alice, extension="101")
    take_extension(person=cast.bob, extension="102")
    return source_of(cast)


def popped() -> list[tuple[str, str | None]]:
    """Return who was shown a call, and with which ticket."""
    shown = Notice.objects.filter(kind="screen_pop", webhook=None).order_by("number")
    return [(notice.person.username if notice.person else "", notice.payload.get("ticket")) for notice in shown]


def test_whoever_answers_sees_who_it_is_once(cast: Cast, ticket: Ticket, source: Source) -> None:
    report(source, *call_story("c1", in_hours(-0.01), (5, "answered", {"agent": "101"})))
    report(source, event("c1", "held", in_hours(0), by="101"))
    assert popped() == [("alice", ticket.reference)]
    said = Notice.objects.get(kind="screen_pop").payload
    assert (said["customer"], said["owner"]) == (cast.customer.pk, "alice")
    assert "212" not in str(said), "no number in what is sent around"


def test_whoever_it_rings_at_sees_it_before_they_answer(cast: Cast, ticket: Ticket, source: Source) -> None:
    rings = {"from": CALLER, "to": "102", "direction": "inbound"}
    report(source, event("c1", "ringing", in_hours(-0.01), **rings))
    assert popped() == [("bob", ticket.reference)]


def test_a_call_that_has_ended_pops_nowhere(cast: Cast, ticket: Ticket, source: Source) -> None:
    story = call_story("c1", in_hours(-0.1), (5, "answered", {"agent": "101"}), (60, "ended", {"ended_by": "caller"}))
    report(source, *reversed(story))
    assert popped() == []


def test_a_calling_customer_reaches_the_owner_of_their_complaint(cast: Cast, ticket: Ticket, source: Source) -> None:
    found = routes.route("(212) 555-0100", region="US", at=timezone.now())
    assert (found.extension, found.person, found.ticket) == ("101", cast.alice, ticket)


def test_or_whoever_covers_the_owner(cast: Cast, ticket: Ticket, source: Source) -> None:
    presence.set_presence(person=cast.alice, presence_now="away")
    assert routes.route(CALLER, region="US", at=timezone.now()).extension == ""
    cover = covers.ask(by=cast.alice, covering=cast.bob, until=in_hours(8))
    covers.accept(cover=cover.pk, by=cast.bob)
    assert routes.route(CALLER, region="US", at=timezone.now()).extension == "102"


@pytest.mark.parametrize("number", ["+12125550199", "anonymous", "", "101"])
def test_whoever_belongs_nowhere_waits_in_the_queue(cast: Cast, ticket: Ticket, source: Source, number: str) -> None:
    assert routes.route(number, region="US", at=timezone.now()) == routes.Route()


def test_a_telephone_system_asks_for_the_route(cast: Cast, ticket: Ticket) -> None:
    take_extension(person=cast.alice, extension="101")
    token = sources.create(by=cast.adam, slug="pbx", name="The PBX", team=cast.billing, region="US")[1]
    answer = by_token(token).get("/api/v1/phones/route/", {"from": CALLER})
    assert answer.json() == {
        "extension": "101",
        "owner": {"username": "alice", "name": "Alice"},
        "ticket": ticket.reference,
    }
    assert client_of(cast.alice).get("/api/v1/phones/route/", {"from": CALLER}).status_code == 401


def gave_up(source: Source, call_id: str, hours: float) -> Call:
    """Return a call of a stranger who gave up in the queue."""
    waited = ((1, "queued", {"queue": "complaints"}), (40, "ended", {"ended_by": "caller"}))
    report(source, *call_story(call_id, in_hours(hours), *waited, caller="+12125550199"))
    return Call.objects.get(call_id=call_id)


def test_whoever_gave_up_is_called_back(cast: Cast, source: Source) -> None:
    call = gave_up(source, "c1", -0.5)
    assert list(Call.objects.to_call_back()) == [call]
    with pytest.raises(errors.UnknownCall):
        call_backs.call_back(call=call.pk, by=cast.luis)
    call_backs.call_back(call=call.pk, by=cast.bob)
    assert not Call.objects.to_call_back().exists()
    with pytest.raises(errors.NotToCallBack):
        call_backs.call_back(call=call.pk, by=cast.bob)


def test_an_answered_call_of_ours_is_the_call_back(cast: Cast, source: Source) -> None:
    gave_up(source, "c1", -0.5)
    out = {"from": "102", "to": "+12125550199", "direction": "outbound"}
    report(source, event("c2", "ringing", in_hours(-0.1), **out))
    assert Call.objects.to_call_back().exists()
    report(source, event("c2", "answered", in_hours(-0.09), agent="102"))
    assert not Call.objects.to_call_back().exists()


def test_a_source_with_more_reds_than_there_can_be_is_told_of_once(cast: Cast, source: Source) -> None:
    lost = ((5, "answered", {"agent": "101"}), (20, "held", {"by": "101"}), (80, "ended", {"ended_by": "caller"}))
    for number in range(13):
        report(source, *call_story(f"c{number}", in_hours(-0.05), *lost, caller=f"+121255502{number:02}"))
        source.refresh_from_db()
    told = Notice.objects.filter(kind="source_looks_broken", webhook=None)
    assert {notice.person for notice in told} == {cast.maya, cast.adam}
    assert told.count() == 2
    assert Ticket.objects.filter(flags__kind="abandoned_on_hold").count() == 10
    sources.edit(source="pbx", active=True)
    source.refresh_from_db()
    assert source.looks_broken_at is None
