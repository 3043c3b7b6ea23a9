"""Manager, please: rung, then the deputy, then a call-back is promised; the rep stays the owner."""

from datetime import timedelta
from typing import Any

import pytest

from handoffs import errors, manager_requests, presence, ringing
from handoffs.models import ManagerRequest
from handoffs.protocol import RequestState
from people.errors import Incomplete, NotYours
from tests.cast import MONDAY, Cast, entries, flags_of, told
from tests.invariants import broken_invariants
from tickets import resolution, tuning
from tickets.errors import PromiseIsOpen
from tickets.kinds import PromiseState
from tickets.models import Promise, Ticket
from tickets.states import Outcome

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def wanted(cast: Cast, ticket: Ticket) -> ManagerRequest:
    """At nine, the customer of Alice's ticket wants a manager."""
    return manager_requests.ask(ticket=ticket.pk, by=cast.alice, reason="She was cut off twice.")


def after(wait: timedelta) -> ManagerRequest:
    """Return the request as the sweep leaves it so long after it was made."""
    ringing.sweep(at=MONDAY + wait)
    return ManagerRequest.objects.get()


def answer(wanted: ManagerRequest, by: Any, text: str = "She gets it back today.") -> ManagerRequest:
    """Return the request, answered."""
    return manager_requests.answer(manager_request=wanted.pk, by=by, answer=text)


def test_the_manager_is_rung_and_the_rep_stays_the_owner(cast: Cast, ticket: Ticket, wanted: ManagerRequest) -> None:
    assert wanted.asked == cast.maya
    assert told(cast.maya) == ["manager_asked"]
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.tenure_seq) == (cast.alice, 1)


def test_a_manager_who_is_away_is_not_waited_for(cast: Cast, ticket: Ticket) -> None:
    presence.set_presence(person=cast.maya, presence_now="away")
    assert manager_requests.ask(ticket=ticket.pk, by=cast.alice).asked == cast.dora


def test_a_manager_who_asks_is_not_rung_themselves(cast: Cast) -> None:
    ticket = cast.open_ticket(by=cast.maya)
    assert manager_requests.ask(ticket=ticket.pk, by=cast.maya).asked == cast.dora
    highest = cast.open_ticket(by=cast.petra, team=cast.care)
    with pytest.raises(errors.NobodyToAsk):
        manager_requests.ask(ticket=highest.pk, by=cast.petra)


def test_after_two_minutes_the_deputy_is_rung(cast: Cast, wanted: ManagerRequest) -> None:
    assert after(2 * MINUTE - timedelta(seconds=1)).asked == cast.maya
    assert after(2 * MINUTE).asked == cast.dora
    assert told(cast.dora) == ["manager_asked"]


def test_then_the_customer_is_promised_a_call_back_within_the_hour(
    cast: Cast, ticket: Ticket, wanted: ManagerRequest
) -> None:
    request = after(4 * MINUTE)
    assert request.call_back is not None
    assert (request.call_back.made_by, request.call_back.due_at) == (cast.maya, MONDAY + HOUR)
    ticket.refresh_from_db()
    assert ticket.owner == cast.alice
    assert told(cast.alice) == ["manager_calls_back"]


def test_it_is_flagged_and_climbs(cast: Cast, ticket: Ticket, wanted: ManagerRequest) -> None:
    after(15 * MINUTE)
    assert flags_of(ticket) == {"manager_asked": "amber"}
    assert after(HOUR).asked == cast.petra
    assert flags_of(ticket) == {"manager_asked": "red"}
    assert told(cast.petra) == ["manager_asked"]
    assert after(100 * HOUR).check_at is None


def test_one_late_sweep_does_all_that_is_due_and_doubles_nothing(
    cast: Cast, ticket: Ticket, wanted: ManagerRequest
) -> None:
    for _ in range(3):
        after(16 * MINUTE)
    assert entries(ticket)[1:] == ["manager_asked", "manager_rung", "promised", "flag_raised"]
    assert told(cast.dora) == ["manager_asked"]
    assert told(cast.maya) == ["manager_asked", "flag_raised"]


def test_after_an_hour_without_any_sweep_nothing_is_promised_that_is_broken_already(
    ticket: Ticket, wanted: ManagerRequest
) -> None:
    assert after(2 * HOUR).call_back is None
    assert flags_of(ticket) == {"manager_asked": "red"}


@pytest.mark.parametrize("who", ["maya", "dora", "petra"])
def test_any_manager_of_the_team_answers(cast: Cast, ticket: Ticket, wanted: ManagerRequest, who: str) -> None:
    after(16 * MINUTE)
    answered = answer(wanted, getattr(cast, who))
    assert (answered.state, answered.answered_by) == (RequestState.ANSWERED, getattr(cast, who))
    assert flags_of(ticket) == {}
    assert Promise.objects.get().state == PromiseState.KEPT
    assert told(cast.alice)[-1] == "manager_answered"
    assert entries(ticket)[-4:] == ["contact", "promise_kept", "flag_cleared", "manager_answered"]
    assert broken_invariants() == []


def test_answered_in_the_call_there_is_nothing_to_call_back_for(cast: Cast, wanted: ManagerRequest) -> None:
    answer(wanted, cast.maya)
    assert not Promise.objects.exists()
    assert after(HOUR).rung == 0


def test_only_a_manager_answers_once_and_says_something(cast: Cast, wanted: ManagerRequest) -> None:
    for who in (cast.alice, cast.bob):
        with pytest.raises(errors.NotForYou):
            answer(wanted, who)
    with pytest.raises(errors.UnknownManagerRequest):
        answer(wanted, cast.lars)
    with pytest.raises(Incomplete):
        answer(wanted, cast.maya, "n/a")
    answer(wanted, cast.maya)
    with pytest.raises(errors.ManagerRequestHasEnded):
        answer(wanted, cast.dora)


def test_the_customer_may_change_their_mind(cast: Cast, ticket: Ticket, wanted: ManagerRequest) -> None:
    after(4 * MINUTE)
    with pytest.raises(NotYours):
        manager_requests.withdraw(manager_request=wanted.pk, by=cast.bob, reason="No.")
    ended = manager_requests.withdraw(manager_request=wanted.pk, by=cast.alice, reason="She is content.")
    assert ended.state == RequestState.WITHDRAWN
    assert Promise.objects.get().state == PromiseState.WITHDRAWN
    assert after(HOUR).state == RequestState.WITHDRAWN
    assert flags_of(ticket) == {}


def test_one_at_a_time_on_a_live_ticket(cast: Cast, ticket: Ticket, wanted: ManagerRequest) -> None:
    with pytest.raises(errors.ManagerIsAsked):
        manager_requests.ask(ticket=ticket.pk, by=cast.bob)
    closed = resolution.close(ticket=cast.open_ticket().pk, by=cast.alice, outcome=Outcome.SPAM)
    with pytest.raises(errors.TicketDoesNotMove):
        manager_requests.ask(ticket=closed.pk, by=cast.alice)


def test_a_ticket_whose_customer_was_promised_a_manager_is_not_resolved(
    cast: Cast, ticket: Ticket, wanted: ManagerRequest
) -> None:
    after(4 * MINUTE)
    with pytest.raises(PromiseIsOpen):
        resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.WITHDRAWN, root_cause="x")


def test_a_ticket_that_ends_takes_the_request_with_it(cast: Cast, ticket: Ticket, wanted: ManagerRequest) -> None:
    resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM)
    assert after(2 * MINUTE).state == RequestState.LAPSED
    assert told(cast.dora) == []


def test_outside_the_working_hours_the_ringing_goes_on_and_the_flags_wait(cast: Cast, ticket: Ticket) -> None:
    cast.billing.hours = {"tue": [["09:00", "17:00"]]}
    cast.billing.save()
    request = manager_requests.ask(ticket=ticket.pk, by=cast.alice)
    assert request.call_back_by == MONDAY + 25 * HOUR
    assert after(4 * MINUTE).call_back is not None
    assert after(24 * HOUR + 15 * MINUTE).rung == 3
    assert flags_of(ticket) == {"manager_asked": "amber"}


def test_the_team_says_how_long_is_too_long(cast: Cast, ticket: Ticket) -> None:
    numbers = {"manager_deputy_seconds": 1, "manager_asked_amber_seconds": 3, "manager_asked_red_seconds": 5}
    tuning.change(team=cast.billing.pk, by=cast.maya, thresholds_now=numbers)
    manager_requests.ask(ticket=ticket.pk, by=cast.alice)
    seen = []
    for second in range(1, 6):
        after(timedelta(seconds=second))
        seen.append(flags_of(ticket).get("manager_asked", ""))
    assert seen == ["", "", "amber", "amber", "red"]
