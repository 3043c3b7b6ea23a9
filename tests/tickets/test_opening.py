"""Opening: a ticket has an owner before it exists, and the customer knows the name."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from notices.models import Notice
from people import presence
from people.models import Person
from tests.cast import Cast, entries, told, utc
from tests.invariants import broken_invariants
from tickets import customers, errors, opening, resolution
from tickets.models import Customer, Tenure, Ticket
from tickets.states import Channel, Outcome


def arrive(cast: Cast, *, by: Person | None = None, **details: Any) -> tuple[Ticket, bool]:
    """Open a ticket as the web form does, without saying that it is a new one."""
    said: dict[str, Any] = {
        "customer": cast.customer,
        "team": cast.billing,
        "subject": "Charged twice",
        "description": "Two times in March.",
        "channel": Channel.WEB,
        **details,
    }
    return opening.open_ticket(by=by or cast.form, **said)


def because(ticket: Ticket) -> str:
    """Return the reason for the choice of the owner, as the timeline has it."""
    return str(ticket.entries.get(kind="opened").data["because"])


def test_a_rep_owns_what_they_open(cast: Cast, ticket: Ticket) -> None:
    tenure = Tenure.objects.get(ticket=ticket)
    assert (ticket.owner, because(ticket)) == (cast.alice, "opened_it")
    assert (tenure.seq, tenure.owner, tenure.began_by, tenure.started_at) == (
        1,
        cast.alice,
        "opened",
        ticket.opened_at,
    )
    assert told(cast.alice) == []
    assert broken_invariants() == []


def test_its_reference_can_be_said_on_the_telephone(ticket: Ticket) -> None:
    assert ticket.pk > 100_000
    assert ticket.reference == f"T-{ticket.pk}"


def test_from_outside_it_goes_to_the_least_loaded_rep_who_is_told(cast: Cast) -> None:
    cast.open_ticket(by=cast.alice)
    cast.open_ticket(by=cast.bob)
    ticket, is_new = arrive(cast, customer=Customer.objects.create(name="Two"))
    assert (ticket.owner, because(ticket), is_new) == (cast.carol, "least_loaded_present", True)
    assert told(cast.carol) == ["ticket_assigned"]
    assert broken_invariants() == []


def test_neither_manager_nor_deputy_is_a_rep_of_the_team(cast: Cast) -> None:
    for rep in (cast.alice, cast.bob, cast.carol):
        cast.open_ticket(by=rep)
    assert arrive(cast, new=True)[0].owner in (cast.alice, cast.bob, cast.carol)


def test_the_customers_preferred_rep_gets_it_when_present(cast: Cast) -> None:
    Customer.objects.update(preferred_rep=cast.luis)
    cast.customer.refresh_from_db()
    ticket, _ = arrive(cast)
    assert (ticket.owner, because(ticket)) == (cast.luis, "preferred")


def test_else_the_rep_who_had_this_customer_last(cast: Cast) -> None:
    earlier = cast.open_ticket(by=cast.carol)
    resolution.close(ticket=earlier.pk, by=cast.carol, outcome=Outcome.SPAM)
    ticket, _ = arrive(cast)
    assert (ticket.owner, because(ticket)) == (cast.carol, "last_owner")


def test_nobody_there_somebody_gets_it_all_the_same(cast: Cast) -> None:
    for rep in (cast.alice, cast.bob, cast.carol):
        presence.set_presence(person=rep, presence="away")
    ticket, _ = arrive(cast)
    assert (ticket.owner, because(ticket)) == (cast.alice, "least_loaded_away")


def test_a_team_without_anybody_leaves_it_to_its_manager(cast: Cast) -> None:
    Person.objects.filter(username__in=["alice", "bob", "carol"]).update(is_active=False)
    ticket, _ = arrive(cast)
    assert (ticket.owner, because(ticket)) == (cast.maya, "manager")


def test_with_an_open_ticket_it_is_a_further_contact_on_that(cast: Cast, ticket: Ticket) -> None:
    found, is_new = arrive(cast)
    assert (found, is_new, Ticket.objects.count()) == (ticket, False, 1)
    assert entries(ticket) == ["opened", "contact"]
    assert told(cast.alice) == ["further_contact"]


def test_with_several_open_tickets_it_is_asked_and_not_assumed(cast: Cast, ticket: Ticket) -> None:
    other = cast.open_ticket()
    with pytest.raises(errors.SeveralOpenTickets) as asked:
        arrive(cast)
    assert ticket.reference in asked.value.fields["further_contact_on"]
    assert other.reference in asked.value.fields["further_contact_on"]
    assert arrive(cast, further_contact_on=other.pk) == (other, False)


def test_a_new_one_is_opened_when_that_is_said(cast: Cast, ticket: Ticket) -> None:
    assert arrive(cast, new=True)[1] is True


def test_another_customers_ticket_is_no_answer(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(errors.OtherCustomer):
        arrive(cast, customer=Customer.objects.create(name="Two"), further_contact_on=ticket.pk)


def test_a_ticket_that_is_over_takes_no_further_contact(cast: Cast, ticket: Ticket) -> None:
    resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM)
    assert arrive(cast)[1] is True


def test_who_withheld_their_number_is_another_every_time(cast: Cast) -> None:
    nobody = customers.anonymous()
    assert arrive(cast, customer=nobody)[0] != arrive(cast, customer=nobody)[0]


def test_for_a_forgotten_customer_nothing_is_opened(cast: Cast) -> None:
    forgotten = customers.forget(customer=cast.customer.pk, by=cast.adam)
    with pytest.raises(errors.CustomerForgotten):
        arrive(cast, customer=forgotten)


def test_the_receipt_names_the_owner_and_the_first_contact_and_acknowledges_nothing(
    cast: Cast, ticket: Ticket
) -> None:
    receipt = Notice.objects.get(kind="receipt")
    assert ticket.acknowledge_by is not None
    assert (receipt.address, receipt.person, receipt.about) == ("one@example.com", None, ticket.reference)
    assert receipt.payload == {"owner": "Alice", "first_contact_by": ticket.acknowledge_by.isoformat()}
    assert (ticket.status, ticket.acknowledged_at) == ("new", None)


def test_without_an_address_there_is_no_receipt(cast: Cast) -> None:
    cast.customer.contact_points.filter(kind="email").delete()
    cast.open_ticket()
    assert not Notice.objects.filter(kind="receipt").exists()


@pytest.mark.parametrize(
    ("channel", "hours"), [("phone", 1), ("email", 4), ("chat", 4), ("web", 4), ("letter", 4), ("in_person", 4)]
)
def test_by_telephone_it_is_acknowledged_within_an_hour_else_within_four(cast: Cast, channel: str, hours: int) -> None:
    ticket = cast.open_ticket(channel=channel)
    assert ticket.acknowledge_by == ticket.opened_at + timedelta(hours=hours)
    assert (ticket.next_due_at, ticket.next_due_kind) == (ticket.acknowledge_by, "acknowledge")


def test_out_of_hours_the_clock_starts_with_the_next_working_hour(
    cast: Cast, time_machine: TimeMachineFixture
) -> None:
    cast.billing.hours = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    cast.billing.save()
    time_machine.move_to(utc(2027, 3, 5, 20), tick=False)  # a Friday evening
    assert cast.open_ticket(team=cast.billing).acknowledge_by == utc(2027, 3, 8, 10)


def test_the_past_may_be_reported(cast: Cast) -> None:
    ticket = cast.open_ticket(at=utc(2026, 1, 5, 9))
    assert ticket.opened_at == ticket.owner_since == utc(2026, 1, 5, 9)
    assert ticket.entries.get().at == ticket.opened_at
