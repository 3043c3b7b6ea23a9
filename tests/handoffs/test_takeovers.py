"""Take-overs: a manager makes themselves the owner."""

from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from handoffs import errors, takeovers
from handoffs.models import Handoff
from handoffs.protocol import State
from people.errors import NotYours
from tests.cast import Cast, entries, told
from tests.invariants import broken_invariants
from tickets import contacts, holds, resolution
from tickets.errors import Historical, UnknownTicket
from tickets.kinds import HoldKind
from tickets.models import Tenure, Text, Ticket, Viewer
from tickets.states import Outcome, Status

WHY = "Three days without a word."


@pytest.mark.parametrize("who", ["maya", "dora", "petra"])
def test_whoever_leads_the_team_takes_over(cast: Cast, ticket: Ticket, who: str) -> None:
    takeovers.take_over(ticket=ticket.pk, by=getattr(cast, who), reason=WHY)
    ticket.refresh_from_db()
    tenure = Tenure.objects.get(ticket=ticket, seq=2)
    assert (ticket.owner, ticket.team) == (getattr(cast, who), cast.billing)
    assert (tenure.began_by, tenure.counted) == ("taken_over", True)
    assert broken_invariants() == []


def test_the_reason_is_kept_and_the_owner_told(cast: Cast, ticket: Ticket) -> None:
    takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason=WHY)
    assert Text.objects.get(part="take_over").content == {"reason": WHY}
    assert entries(ticket) == ["opened", "taken_over"]
    assert told(cast.alice) == ["taken_over"]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("alice", NotYours), ("bob", NotYours), ("ada", NotYours), ("form", NotYours), ("lars", UnknownTicket)],
)
def test_nobody_else_does(cast: Cast, ticket: Ticket, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        takeovers.take_over(ticket=ticket.pk, by=getattr(cast, who), reason=WHY)


def test_what_is_yours_you_need_not_take(cast: Cast, ticket: Ticket) -> None:
    takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason=WHY)
    with pytest.raises(errors.AlreadyYours):
        takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason=WHY)


def test_a_closed_ticket_is_not_taken(cast: Cast, ticket: Ticket) -> None:
    resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM)
    with pytest.raises(errors.TicketDoesNotMove):
        takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason=WHY)


def test_an_offer_in_progress_is_withdrawn_naming_the_cause(cast: Cast, ticket: Ticket, offer: Handoff) -> None:
    takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason=WHY)
    offer.refresh_from_db()
    assert (offer.state, offer.cause) == (State.WITHDRAWN, "taken_over")
    assert told(cast.bob) == ["handoff_offered", "handoff_withdrawn"]
    assert told(cast.alice) == ["handoff_withdrawn", "taken_over"]
    assert not Viewer.objects.exists()


def test_an_offer_that_nobody_approved_yet_is_withdrawn_unheard(cast: Cast, ticket: Ticket) -> None:
    offer = cast.offer(cast.hand(ticket, cast.bob, cast.carol), cast.luis)
    takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason=WHY)
    offer.refresh_from_db()
    assert (offer.state, told(cast.luis)) == (State.WITHDRAWN, [])


def test_handed_on_within_a_working_day_it_counts_as_one_change(cast: Cast, ticket: Ticket) -> None:
    takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason=WHY)
    cast.hand(ticket, cast.bob)
    assert (ticket.owner, ticket.change_count, ticket.owner_count) == (cast.bob, 1, 3)


def test_handed_on_later_it_counts_as_two(cast: Cast, ticket: Ticket, time_machine: TimeMachineFixture) -> None:
    taken = takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason=WHY)
    time_machine.move_to(taken.owner_since + timedelta(days=3))
    assert cast.hand(ticket, cast.bob).change_count == 2


def test_many_are_taken_with_one_reason(cast: Cast) -> None:
    tickets = [cast.open_ticket() for _ in range(3)]
    taken = takeovers.take_over_many(
        tickets=[ticket.pk for ticket in reversed(tickets)] + [tickets[0].pk], by=cast.maya, reason=WHY
    )
    assert [ticket.pk for ticket in taken] == [ticket.pk for ticket in tickets]
    assert set(Ticket.objects.values_list("owner__username", flat=True)) == {"maya"}
    assert broken_invariants() == []


def test_all_are_taken_or_none(cast: Cast) -> None:
    first, second = cast.open_ticket(), cast.open_ticket(team=cast.logistics, by=cast.luis)
    with pytest.raises(UnknownTicket):
        takeovers.take_over_many(tickets=[first.pk, second.pk], by=cast.maya, reason=WHY)
    first.refresh_from_db()
    assert first.owner == cast.alice
    assert told(cast.alice) == []


def freeze(ticket: Ticket) -> None:
    """Make a ticket one of an imported history."""
    Ticket.objects.filter(pk=ticket.pk).update(historical=True, next_due_at=None, next_due_kind="")


def test_a_historical_ticket_is_frozen(cast: Cast, ticket: Ticket) -> None:
    freeze(ticket)
    with pytest.raises(Historical):
        contacts.note(ticket=ticket.pk, by=cast.alice, text="Still waiting.")
    with pytest.raises(Historical):
        cast.offer(ticket, cast.bob)


def test_taking_it_over_revives_it(cast: Cast, ticket: Ticket) -> None:
    resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM)
    freeze(ticket)
    takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason=WHY)
    ticket.refresh_from_db()
    assert (ticket.historical, ticket.live, ticket.status, ticket.owner) == (False, True, Status.OPEN, cast.maya)
    assert (ticket.resolved_at, ticket.closed_at, ticket.outcome) == (None, None, "")
    assert broken_invariants() == []


def test_one_that_was_on_hold_is_on_hold_again(cast: Cast, ticket: Ticket) -> None:
    contacts.acknowledge(
        ticket=ticket.pk, by=cast.alice, message="Mine.", next_contact_at=ticket.opened_at + timedelta(days=2)
    )
    holds.start(ticket=ticket.pk, by=cast.alice, kind=HoldKind.TICKET)
    freeze(ticket)
    takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason=WHY)
    ticket.refresh_from_db()
    assert ticket.status == Status.ON_HOLD
    assert broken_invariants() == []
