"""Offering: the owner asks somebody to take a ticket, with all that they need to know."""

from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from handoffs import errors
from handoffs import presence as handoff_presence
from handoffs.models import Handoff
from handoffs.protocol import State, Urgency
from people import presence
from people.errors import NotYours, Stale
from tests.cast import PACKET, Cast, entries, in_hours, told, utc
from tickets import resolution
from tickets.errors import UnknownTicket
from tickets.kinds import Because
from tickets.models import Text, Ticket, Viewer
from tickets.states import Outcome


def test_an_offer_moves_nothing(cast: Cast, ticket: Ticket, offer: Handoff) -> None:
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.tenure_seq, ticket.team) == (cast.alice, 1, cast.billing)
    assert (offer.state, offer.giver, offer.receiver) == (State.OFFERED, cast.alice, cast.bob)


def test_the_packet_is_kept_where_it_can_be_erased(offer: Handoff) -> None:
    assert Text.objects.get(part="packet").content == PACKET
    assert offer.said() == PACKET


def test_how_much_of_the_packet_was_filled_is_counted(cast: Cast, ticket: Ticket) -> None:
    offer = cast.offer(ticket, cast.bob, packet={**PACKET, "contingency": "If the bank says no, call Maya."})
    assert offer.fields_filled == 5


def test_the_offer_is_on_the_timeline_and_the_receiver_is_told(cast: Cast, ticket: Ticket, offer: Handoff) -> None:
    assert entries(ticket) == ["opened", "handoff_offered"]
    assert told(cast.bob) == ["handoff_offered"]


def test_being_offered_a_ticket_lets_one_see_it(cast: Cast, ticket: Ticket) -> None:
    assert not Ticket.objects.visible_to(cast.luis).exists()
    offer = cast.offer(ticket, cast.luis)
    assert Ticket.objects.visible_to(cast.luis).get() == ticket
    assert Viewer.objects.filter(person=cast.luis, because=Because.OFFERED, source=offer.pk).exists()


def test_what_is_missing_comes_back_field_by_field(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(errors.PacketIncomplete) as refused:
        cast.offer(ticket, cast.bob, packet={"need": "Money back.", "next_action": "see notes", "history": "..."})
    assert set(refused.value.fields) == {"next_action", "expectation", "history"}
    assert not Handoff.objects.exists()


def test_an_offer_that_is_refused_leaves_nothing_behind(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(errors.PacketIncomplete):
        cast.offer(ticket, cast.bob, packet={})
    assert entries(ticket) == ["opened"]
    assert not Text.objects.filter(part="packet").exists()


def test_a_second_offer_waits_for_the_first(cast: Cast, ticket: Ticket, offer: Handoff) -> None:
    with pytest.raises(errors.HandoffInProgress):
        cast.offer(ticket, cast.carol)


@pytest.mark.parametrize(
    ("urgency", "due"),
    [
        (Urgency.NOW, timedelta(minutes=15)),
        (Urgency.HOUR, timedelta(hours=1)),
        (Urgency.TODAY, timedelta(hours=4)),
    ],
)
def test_the_answer_is_due_by_the_urgency(cast: Cast, ticket: Ticket, urgency: Urgency, due: timedelta) -> None:
    offer = cast.offer(ticket, cast.bob, urgency=urgency)
    assert offer.due_at - offer.made_at == due


def test_the_clock_runs_in_the_receivers_teams_hours(cast: Cast, time_machine: TimeMachineFixture) -> None:
    cast.logistics.hours = {"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}
    cast.logistics.save()
    time_machine.move_to(utc(2026, 3, 2, 16, 30), tick=False)  # a Monday
    offer = cast.offer(cast.open_ticket(), cast.luis, urgency=Urgency.HOUR)
    assert offer.due_at == utc(2026, 3, 3, 9, 30)


def test_an_offer_needs_a_person_who_is_there(cast: Cast, ticket: Ticket) -> None:
    presence.set_presence(person=cast.bob, presence="away", away_until=in_hours(3))
    with pytest.raises(errors.ReceiverCannot):
        cast.offer(ticket, cast.bob)


def test_whoever_is_back_by_now_can_be_asked(cast: Cast, ticket: Ticket) -> None:
    type(cast.bob).objects.filter(pk=cast.bob.pk).update(presence="away", away_until=in_hours(-1))
    assert cast.offer(ticket, cast.bob).state == State.OFFERED


@pytest.mark.parametrize("who", ["alice", "ada", "adam", "form"])
def test_neither_the_owner_nor_an_observer_nor_a_program_can_be_asked(cast: Cast, ticket: Ticket, who: str) -> None:
    with pytest.raises(errors.ReceiverCannot):
        cast.offer(ticket, getattr(cast, who))


def test_somebody_who_left_cannot_be_asked(cast: Cast, ticket: Ticket) -> None:
    type(cast.bob).objects.filter(pk=cast.bob.pk).update(is_active=False)
    with pytest.raises(errors.ReceiverCannot):
        cast.offer(ticket, cast.bob)


def test_the_manager_offers_on_the_owners_behalf(cast: Cast, ticket: Ticket) -> None:
    offer = cast.offer(ticket, cast.bob, by=cast.maya)
    assert (offer.giver, offer.made_by) == (cast.alice, cast.maya)


@pytest.mark.parametrize(("who", "refusal"), [("bob", NotYours), ("ada", NotYours), ("luis", UnknownTicket)])
def test_nobody_else_gives_it_away(cast: Cast, ticket: Ticket, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        cast.offer(ticket, cast.carol, by=getattr(cast, who))


def test_somebody_in_several_teams_is_asked_for_one_of_them(cast: Cast, ticket: Ticket) -> None:
    cast.luis.teams.add(cast.care)
    with pytest.raises(errors.WhichTeam):
        cast.offer(ticket, cast.luis)
    assert cast.offer(ticket, cast.luis, team=cast.care).to_team == cast.care


def test_a_team_that_the_receiver_is_not_in_is_no_answer(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(errors.WhichTeam):
        cast.offer(ticket, cast.luis, team=cast.billing)


def test_the_tickets_own_team_is_taken_when_the_receiver_is_in_it_too(cast: Cast, ticket: Ticket) -> None:
    cast.bob.teams.add(cast.logistics)
    assert cast.offer(ticket, cast.bob).to_team == cast.billing


def test_a_closed_ticket_does_not_move(cast: Cast, ticket: Ticket) -> None:
    resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM)
    with pytest.raises(errors.TicketDoesNotMove):
        cast.offer(ticket, cast.bob)


def test_a_stale_version_offers_nothing(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(Stale):
        cast.offer(ticket, cast.bob, version=ticket.version + 1)


def test_an_offer_makes_a_new_version(ticket: Ticket, offer: Handoff) -> None:
    before = ticket.version
    ticket.refresh_from_db()
    assert ticket.version == before + 1


def test_a_manager_who_offered_for_the_owner_hears_that_the_receiver_goes_away(cast: Cast, ticket: Ticket) -> None:
    cast.offer(ticket, cast.bob, by=cast.maya)
    handoff_presence.set_presence(person=cast.bob, presence_now="away")
    assert (told(cast.alice)[-1], told(cast.maya)[-1]) == ("receiver_away", "receiver_away")


def test_the_giver_hears_when_the_receiver_goes_away_and_the_offer_stays(cast: Cast, offer: Handoff) -> None:
    handoff_presence.set_presence(person=cast.bob, presence_now="away")
    offer.refresh_from_db()
    assert offer.state == State.OFFERED
    assert "receiver_away" in told(cast.alice)
    assert timezone.now() < offer.due_at
