"""What other thresholds would have given, where the moves of a ticket, its offers and its customer reveal it."""

from datetime import timedelta

from handoffs import answers, takeovers
from people import copying
from tests.cast import MONDAY, Cast, in_hours
from tests.insights.conftest import Given, Wait
from tickets import contacts, ownership
from tickets.models import Ticket
from tickets.ownership import ImportedTenure, ImportedTicket

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def acknowledge(ticket: Ticket) -> None:
    """Alice says "I'll do it"."""
    contacts.acknowledge(ticket=ticket.pk, by=ticket.owner, message="Mine.", next_contact_at=in_hours(100))


def test_three_owners(cast: Cast, wait: Wait, given: Given) -> None:
    ticket = cast.open_ticket()
    acknowledge(ticket)
    for receiver in (cast.bob, cast.carol):
        cast.hand(ticket, receiver)
        wait(MINUTE)
    assert given() == {"bounced amber": (1, 1, 1), "hot_potato amber": (1, 1, 1)}
    laxer = {"bounced_amber_owners": 4, "bounced_red_owners_chased": 4, "hot_potato_amber_owners": 4}
    assert given(**laxer) == {"bounced amber": (1, 1, 0), "hot_potato amber": (1, 1, 0)}
    stricter = given(bounced_amber_owners=2, bounced_red_owners=3)
    assert stricter == {"bounced amber": (1, 1, 0), "bounced red": (0, 0, 1), "hot_potato amber": (1, 1, 1)}


def test_and_back_again(cast: Cast, wait: Wait, given: Given) -> None:
    ticket = cast.open_ticket()
    acknowledge(ticket)
    cast.hand(ticket, cast.bob)
    wait(25 * HOUR)
    cast.hand(ticket, cast.alice)
    wait(MINUTE)
    found = given(ping_pong_amber_returns=2)
    assert found["ping_pong amber"] == (1, 1, 0)
    assert given(ping_pong_red_returns=1)["ping_pong red"] == (0, 0, 1)


def test_a_take_over_that_is_handed_on_counts_once_whatever_the_thresholds(
    cast: Cast, wait: Wait, given: Given
) -> None:
    ticket = cast.open_ticket()
    acknowledge(ticket)
    takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason="He is ill.")
    cast.hand(ticket, cast.carol)
    wait(MINUTE)
    assert given() == {}
    assert given(bounced_amber_owners=2) == {"bounced amber": (0, 0, 1)}


def test_offers_that_nobody_wants(cast: Cast, wait: Wait, given: Given) -> None:
    ticket = cast.open_ticket()
    acknowledge(ticket)
    offer = cast.offer(ticket, cast.bob)
    answers.decline(handoff=offer.pk, by=cast.bob, reason="Not one of mine.")
    cast.offer(ticket, cast.carol)
    wait(5 * HOUR)  # it expires after four
    assert given() == {"refused amber": (1, 1, 1)}
    assert given(refused_amber_offers=3) == {"refused amber": (1, 1, 0)}
    # The offers of a new owner are counted anew.
    cast.hand(ticket, cast.carol)
    answers.decline(handoff=cast.offer(ticket, cast.bob).pk, by=cast.bob, reason="Nor is this one.")
    assert given(refused_amber_offers=3)["refused amber"] == (1, 1, 0)


def test_a_customer_who_chases(cast: Cast, wait: Wait, given: Given) -> None:
    ticket = cast.open_ticket()
    acknowledge(ticket)
    for _ in range(2):
        wait(HOUR)
        contacts.contact(ticket=ticket.pk, by=cast.bob, direction="inbound", chase=True)
    assert given() == {"repeat_contact amber": (1, 1, 1)}
    assert given(repeat_contact_amber_chases=3) == {"repeat_contact amber": (1, 1, 0)}
    assert given(repeat_contact_red_chases=2) == {"repeat_contact amber": (1, 1, 0), "repeat_contact red": (0, 0, 1)}


def test_a_customer_who_chases_makes_three_owners_too_many(cast: Cast, wait: Wait, given: Given) -> None:
    ticket = cast.open_ticket()
    acknowledge(ticket)
    cast.hand(ticket, cast.bob)
    wait(3 * HOUR)
    contacts.contact(ticket=ticket.pk, by=cast.bob, direction="inbound", chase=True)
    wait(25 * HOUR)
    cast.hand(ticket, cast.carol)
    found = given(bounced_red_owners_chased=4)
    assert (found["bounced red"], found["bounced amber"]) == ((1, 1, 0), (0, 0, 1))


def test_an_imported_ticket_counts_from_the_day_on_which_somebody_takes_it_over(
    cast: Cast, wait: Wait, given: Given
) -> None:
    number = copying.next_ids(Ticket, 1)[0]
    opened, moved = MONDAY - 30 * DAY, MONDAY - 20 * DAY
    ticket = ImportedTicket(
        id=number,
        customer_id=cast.customer.pk,
        team_id=cast.billing.pk,
        subject="Charged twice",
        status="open",
        owner_id=cast.bob.pk,
        owner_since=moved,
        tenure_seq=2,
        owner_count=2,
        change_count=1,
        opened_at=opened,
        acknowledged_at=opened,
        resolved_at=None,
        closed_at=None,
        source="log",
        source_key="1",
    )
    first = ImportedTenure(number, 1, cast.alice.pk, opened, moved, counted=False)
    ownership.load_chains([ticket], [first, ImportedTenure(number, 2, cast.bob.pk, moved, None, counted=True)])
    ownership.settle()
    wait(5 * DAY)
    assert given(silent_amber_days=1) == {}
    takeovers.take_over(ticket=number, by=cast.maya, reason="It has been lying about for a month.")
    wait(5 * HOUR)
    assert given() == {"bounced amber": (1, 1, 1), "cold_transfer red": (1, 1, 1)}
    assert given(unintroduced_red_seconds=6 * 3600) == {"bounced amber": (1, 1, 1), "cold_transfer red": (1, 1, 0)}
