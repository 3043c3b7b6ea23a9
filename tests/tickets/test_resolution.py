"""The end of a complaint: resolved, closed with an outcome, linked as a duplicate, reopened."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from handoffs import departures
from handoffs.errors import HandoffInProgress
from people.errors import Incomplete, NotYours
from people.models import Person
from tests.cast import Cast, entries, flags_of, in_hours, told
from tests.invariants import broken_invariants
from tickets import contacts, duplicates, errors, promises, resolution, sweeps
from tickets.models import Promise, Ticket, Viewer
from tickets.states import Outcome


def resolve(ticket: Ticket, by: Person, **details: Any) -> Ticket:
    """Put a complaint right."""
    said: dict[str, Any] = {"resolution": "Paid back.", "root_cause": "double_booking", "customer_agreed": True}
    return resolution.resolve(ticket=ticket.pk, by=by, **{**said, **details})


def test_resolved_says_how_why_and_whether_the_customer_agrees(cast: Cast, ticket: Ticket) -> None:
    found = resolve(ticket, cast.alice, customer_agreed=False)
    assert (found.status, found.root_cause, found.customer_agreed) == ("resolved", "double_booking", False)
    assert found.resolved_at is not None
    assert ticket.texts.get(part="resolution").content == {"resolution": "Paid back."}
    assert entries(ticket) == ["opened", "resolved"]
    assert broken_invariants() == []


def test_resolving_at_once_acknowledges_as_well(cast: Cast, ticket: Ticket) -> None:
    found = resolve(ticket, cast.alice)
    assert found.acknowledged_at == found.resolved_at


def test_what_clears_by_itself_clears_with_the_end_of_the_ticket(
    monday: TimeMachineFixture, cast: Cast, ticket: Ticket
) -> None:
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="Mine.", next_contact_at=in_hours(5))
    monday.shift(timedelta(hours=5))
    sweeps.sweep()
    assert flags_of(ticket) == {"promise_broken": "amber"}
    # Late, and solved in the same call: no sweep comes between.
    promises.keep(promise=ticket.promises.get().pk, by=cast.alice)
    resolve(ticket, cast.alice)
    assert flags_of(ticket) == {}
    assert entries(ticket)[-3:] == ["promise_kept", "flag_cleared", "resolved"]


def test_an_open_promise_is_kept_or_withdrawn_first(cast: Cast, ticket: Ticket) -> None:
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="Mine.", next_contact_at=in_hours(5))
    for end in (
        lambda: resolve(ticket, cast.alice),
        lambda: resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM),
    ):
        with pytest.raises(errors.PromiseIsOpen):
            end()
    promises.keep(promise=Promise.objects.get().pk, by=cast.alice)
    assert resolve(ticket, cast.alice).status == "resolved"


def test_an_offer_is_withdrawn_first(cast: Cast, ticket: Ticket) -> None:
    cast.offer(ticket, cast.bob)
    with pytest.raises(HandoffInProgress):
        resolve(ticket, cast.alice)
    with pytest.raises(HandoffInProgress):
        resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM)


@pytest.mark.parametrize("who", ["bob", "ada", "form"])
def test_only_the_owner_or_a_manager_ends_it(cast: Cast, ticket: Ticket, who: str) -> None:
    with pytest.raises(NotYours):
        resolve(ticket, getattr(cast, who))
    with pytest.raises(NotYours):
        resolution.close(ticket=ticket.pk, by=getattr(cast, who), outcome=Outcome.SPAM)
    assert resolve(ticket, cast.maya).status == "resolved"


def test_resolved_it_is_closed_with_what_had_caused_it(cast: Cast, ticket: Ticket) -> None:
    resolve(ticket, cast.alice)
    found = resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.RESOLVED, note="She thanked us.")
    assert (found.status, found.outcome, found.root_cause) == ("closed", "resolved", "double_booking")
    assert ticket.texts.get(part="closing").content == {"note": "She thanked us."}
    assert broken_invariants() == []


def test_closed_as_resolved_it_was_resolved_first(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(errors.StateDoesNotAllow):
        resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.RESOLVED, root_cause="double_booking")


@pytest.mark.parametrize("outcome", [Outcome.UNREACHABLE, Outcome.NOT_A_COMPLAINT, Outcome.WRONG_NUMBER, Outcome.SPAM])
def test_what_was_no_complaint_had_no_cause(cast: Cast, ticket: Ticket, outcome: Outcome) -> None:
    found = resolution.close(ticket=ticket.pk, by=cast.alice, outcome=outcome)
    assert (found.status, found.outcome, found.root_cause) == ("closed", outcome, "")
    assert found.acknowledged_at is None
    assert broken_invariants() == []


def test_a_withdrawn_complaint_had_one(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(Incomplete) as refused:
        resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.WITHDRAWN)
    assert list(refused.value.fields) == ["root_cause"]
    found = resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.WITHDRAWN, root_cause="late")
    assert (found.outcome, found.root_cause) == ("withdrawn", "late")


def test_over_is_over(cast: Cast, ticket: Ticket) -> None:
    resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM)
    with pytest.raises(errors.StateDoesNotAllow):
        resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM)
    with pytest.raises(errors.StateDoesNotAllow):
        resolve(ticket, cast.alice)


def test_reopened_its_owner_still_owns_it(cast: Cast, ticket: Ticket) -> None:
    resolve(ticket, cast.alice)
    resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.RESOLVED)
    found = resolution.reopen(ticket=ticket.pk, by=cast.form, reason="The money never came.")
    assert (found.status, found.owner, found.tenure_seq) == ("open", cast.alice, 1)
    assert (found.resolved_at, found.closed_at, found.outcome) == (None, None, "")
    assert told(cast.alice) == ["reopened"]
    assert entries(ticket) == ["opened", "resolved", "closed", "reopened"]
    assert broken_invariants() == []


def test_reopened_unacknowledged_it_waits_for_that(cast: Cast, ticket: Ticket) -> None:
    resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM)
    found = resolution.reopen(ticket=ticket.pk, by=cast.bob, reason="It was no spam.")
    assert (found.status, found.next_due_kind) == ("new", "acknowledge")
    assert broken_invariants() == []


def test_reopened_after_its_owner_left_the_manager_inherits_at_once(cast: Cast, ticket: Ticket) -> None:
    resolve(ticket, cast.alice)
    departures.leave(person=cast.alice.pk, by=cast.adam)
    resolution.reopen(ticket=ticket.pk, by=cast.bob, reason="The money never came.")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.owner, ticket.tenure_seq, ticket.change_count) == ("open", cast.maya, 2, 0)
    assert told(cast.maya) == ["inherited"]
    assert broken_invariants() == []


def test_what_is_not_over_is_not_reopened(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(errors.StateDoesNotAllow, match="A ticket that is new cannot be reopened"):
        resolution.reopen(ticket=ticket.pk, by=cast.alice, reason="Again.")


def test_an_auditor_reopens_nothing(cast: Cast, ticket: Ticket) -> None:
    resolve(ticket, cast.alice)
    with pytest.raises(NotYours):
        resolution.reopen(ticket=ticket.pk, by=cast.ada, reason="Again.")


@pytest.fixture
def survivor(cast: Cast) -> Ticket:
    """The complaint that stays: Bob's."""
    return cast.open_ticket(by=cast.bob)


def propose(cast: Cast, ticket: Ticket, survivor: Ticket) -> Ticket:
    """Let Alice say that hers is a duplicate of the other."""
    return resolution.close(
        ticket=ticket.pk,
        by=cast.alice,
        outcome=Outcome.DUPLICATE_OF,
        duplicate_of=survivor.pk,
        root_cause="double_booking",
    )


def test_a_duplicate_waits_for_the_other_owners_yes(cast: Cast, ticket: Ticket, survivor: Ticket) -> None:
    found = propose(cast, ticket, survivor)
    assert (found.status, found.duplicate_of, found.outcome) == ("new", survivor, "")
    assert told(cast.bob) == ["duplicate_proposed"]
    assert entries(ticket) == ["opened", "duplicate_proposed"]


def test_two_yeses_link_it(cast: Cast, ticket: Ticket, survivor: Ticket) -> None:
    propose(cast, ticket, survivor)
    found = duplicates.confirm(ticket=ticket.pk, by=cast.bob, yes=True)
    assert (found.status, found.outcome, found.duplicate_of) == ("closed", "duplicate_of", survivor)
    assert (entries(ticket)[-1], entries(survivor)[-1]) == ("closed", "duplicate_linked")
    assert told(cast.alice) == ["duplicate_linked"]
    assert not Viewer.objects.exists()
    assert broken_invariants() == []


def test_no_leaves_it_open_with_its_owner(cast: Cast, ticket: Ticket, survivor: Ticket) -> None:
    propose(cast, ticket, survivor)
    found = duplicates.confirm(ticket=ticket.pk, by=cast.bob, yes=False)
    assert (found.status, found.duplicate_of, found.owner) == ("new", None, cast.alice)
    assert told(cast.alice) == ["duplicate_declined"]
    assert not Viewer.objects.exists()


def test_whose_both_are_says_it_once(cast: Cast, ticket: Ticket) -> None:
    found = propose(cast, ticket, cast.open_ticket())
    assert (found.status, found.outcome) == ("closed", "duplicate_of")


@pytest.mark.parametrize("who", ["alice", "carol", "maya", "ada"])
def test_only_the_owner_of_the_surviving_ticket_says_yes(
    cast: Cast, ticket: Ticket, survivor: Ticket, who: str
) -> None:
    propose(cast, ticket, survivor)
    with pytest.raises(NotYours):
        duplicates.confirm(ticket=ticket.pk, by=getattr(cast, who), yes=True)


def test_when_the_surviving_ticket_moves_on_its_new_owner_says_yes(
    cast: Cast, ticket: Ticket, survivor: Ticket
) -> None:
    propose(cast, ticket, survivor)
    cast.hand(survivor, cast.luis)
    assert duplicates.confirm(ticket=ticket.pk, by=cast.luis, yes=True).outcome == "duplicate_of"
    assert broken_invariants() == []


def test_a_complaint_is_not_lost_with_one_that_is_over_by_now(cast: Cast, ticket: Ticket, survivor: Ticket) -> None:
    propose(cast, ticket, survivor)
    resolve(survivor, cast.bob)
    with pytest.raises(errors.StateDoesNotAllow):
        duplicates.confirm(ticket=ticket.pk, by=cast.bob, yes=True)
    assert duplicates.confirm(ticket=ticket.pk, by=cast.bob, yes=False).duplicate_of is None


@pytest.mark.parametrize("how", ["resolved", "spam"])
def test_what_ends_otherwise_is_nobodys_duplicate(cast: Cast, ticket: Ticket, survivor: Ticket, how: str) -> None:
    propose(cast, ticket, survivor)
    if how == "resolved":
        resolve(ticket, cast.alice)
    else:
        resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM)
    ticket.refresh_from_db()
    assert ticket.duplicate_of is None
    assert not Viewer.objects.exists()
    assert broken_invariants() == []


def test_proposed_anew_the_first_is_not_asked_any_more(cast: Cast, ticket: Ticket, survivor: Ticket) -> None:
    propose(cast, ticket, survivor)
    propose(cast, ticket, cast.open_ticket(by=cast.carol))
    assert Viewer.objects.get().person == cast.carol


def test_nobody_proposed_anything(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(errors.StateDoesNotAllow):
        duplicates.confirm(ticket=ticket.pk, by=cast.alice, yes=True)


def test_a_ticket_that_is_over_does_not_survive(cast: Cast, ticket: Ticket, survivor: Ticket) -> None:
    resolve(survivor, cast.bob)
    with pytest.raises(errors.StateDoesNotAllow):
        propose(cast, ticket, survivor)


def test_a_ticket_that_one_does_not_see_is_no_original(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(Incomplete) as refused:
        propose(cast, ticket, cast.open_ticket(by=cast.luis, team=cast.logistics))
    assert list(refused.value.fields) == ["duplicate_of"]


def test_a_reopened_duplicate_is_none(cast: Cast, ticket: Ticket) -> None:
    propose(cast, ticket, cast.open_ticket())
    assert resolution.reopen(ticket=ticket.pk, by=cast.alice, reason="Another invoice.").duplicate_of is None
