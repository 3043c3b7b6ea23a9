"""Leaving for good: whoever goes leaves no customer behind."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from handoffs import departures, errors, help_requests
from handoffs.protocol import State
from people import presence
from people.errors import NotYours
from people.models import Person, Team
from tests.cast import Cast, client_of, entries, flags_of, in_hours, told
from tests.invariants import broken_invariants
from tickets import resolution
from tickets.models import Customer, Tenure, Ticket
from tickets.states import Outcome


def test_each_live_ticket_goes_to_its_teams_manager(cast: Cast, ticket: Ticket) -> None:
    other = cast.open_ticket(team=cast.logistics)
    departures.leave(person=cast.alice.pk, by=cast.adam)
    ticket.refresh_from_db()
    other.refresh_from_db()
    assert (ticket.owner, other.owner) == (cast.maya, cast.lars)
    assert told(cast.maya) == ["inherited"]
    assert entries(ticket)[-1] == "inherited"
    assert broken_invariants() == []


def test_what_is_inherited_is_no_change_and_raises_nothing(cast: Cast, ticket: Ticket) -> None:
    cast.hand(ticket, cast.bob)
    departures.leave(person=cast.bob.pk, by=cast.adam)
    ticket.refresh_from_db()
    assert (ticket.owner_count, ticket.change_count) == (3, 1)
    assert not Tenure.objects.get(ticket=ticket, began_by="inherited").counted
    assert flags_of(ticket) == {}


def test_a_closed_ticket_stays_theirs(cast: Cast, ticket: Ticket) -> None:
    resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM)
    departures.leave(person=cast.alice.pk, by=cast.adam)
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.tenure_seq) == (cast.alice, 1)


def test_what_they_offered_is_withdrawn_with_the_cause(cast: Cast, ticket: Ticket) -> None:
    offer = cast.offer(ticket, cast.bob)
    departures.leave(person=cast.alice.pk, by=cast.adam)
    offer.refresh_from_db()
    assert (offer.state, offer.cause) == (State.WITHDRAWN, "owner_left")
    assert told(cast.bob)[-1] == "handoff_withdrawn"


def test_what_was_offered_to_them_is_withdrawn_and_the_giver_told(cast: Cast, ticket: Ticket) -> None:
    offer = cast.offer(ticket, cast.bob)
    departures.leave(person=cast.bob.pk, by=cast.adam)
    offer.refresh_from_db()
    ticket.refresh_from_db()
    assert (offer.state, offer.cause, ticket.owner) == (State.WITHDRAWN, "receiver_left", cast.alice)
    assert told(cast.alice) == ["handoff_withdrawn"]
    assert broken_invariants() == []


def test_what_they_were_asked_is_withdrawn(cast: Cast, ticket: Ticket) -> None:
    help_requests.ask(ticket=ticket.pk, by=cast.alice, asked=cast.luis, question="Where?", answer_by=in_hours(1))
    departures.leave(person=cast.luis.pk, by=cast.lars)
    assert told(cast.alice) == ["help_withdrawn"]
    assert broken_invariants() == []


def test_they_are_let_in_no_more(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = client_of(cast.alice)
    assert client.get("/api/v1/me/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        departures.leave(person=cast.alice.pk, by=cast.adam)
    assert client.get("/api/v1/me/").status_code == 401


def test_they_give_up_their_place_their_extension_and_their_customers(cast: Cast) -> None:
    presence.take_extension(person=cast.dora, extension="200")
    Customer.objects.update(preferred_rep=cast.dora)
    departures.leave(person=cast.dora.pk, by=cast.adam)
    gone = Person.objects.get(pk=cast.dora.pk)
    assert (gone.is_active, gone.extension) == (False, None)
    assert gone.left_at is not None
    assert Team.objects.get(slug="billing").deputy is None
    assert Customer.objects.get().preferred_rep is None


def test_a_manager_cannot_leave_before_there_is_another(cast: Cast) -> None:
    with pytest.raises(errors.NobodyInherits):
        departures.leave(person=cast.maya.pk, by=cast.adam)
    Team.objects.filter(slug="billing").update(manager=cast.dora, deputy=None)
    assert not departures.leave(person=cast.maya.pk, by=cast.adam).is_active


@pytest.mark.parametrize("who", ["adam", "maya", "dora", "petra"])
def test_an_administrator_or_who_leads_a_team_of_theirs_lets_them_go(cast: Cast, who: str) -> None:
    assert not departures.leave(person=cast.alice.pk, by=getattr(cast, who)).is_active


@pytest.mark.parametrize("who", ["alice", "bob", "lars", "ada", "form"])
def test_nobody_else_does(cast: Cast, who: str) -> None:
    with pytest.raises(NotYours):
        departures.leave(person=cast.alice.pk, by=getattr(cast, who))


@pytest.mark.parametrize("who", ["adam", "dora"])
def test_nobody_lets_themselves_go(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    with pytest.raises(NotYours):
        departures.leave(person=person.pk, by=person)


def test_one_leaves_once(cast: Cast) -> None:
    departures.leave(person=cast.alice.pk, by=cast.adam)
    with pytest.raises(errors.HasLeft):
        departures.leave(person=cast.alice.pk, by=cast.adam)


def test_when_it_is_refused_nothing_has_moved(cast: Cast) -> None:
    ticket = cast.open_ticket(by=cast.maya)
    offer = cast.offer(ticket, cast.bob)
    with pytest.raises(errors.NobodyInherits):
        departures.leave(person=cast.maya.pk, by=cast.adam)
    offer.refresh_from_db()
    assert offer.state == State.OFFERED
