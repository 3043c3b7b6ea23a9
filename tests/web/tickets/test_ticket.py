"""A ticket's page: the owner, the clock, what happened, and what one may do."""

import re

import pytest

from handoffs import help_requests, manager_requests, takeovers
from handoffs.models import Handoff
from people.models import Person
from tests.cast import PACKET, READ_BACK, Cast, in_hours
from tests.web.screens import read, signed_in
from tickets import contacts, customers, flags, holds, ownership, promises, resolution
from tickets.bounces import Finding
from tickets.kinds import EntryKind, FlagKind, HoldKind, Level
from tickets.models import Look, Ticket
from web.tickets import sentences
from web.tickets.sentences import SENTENCES


def buttons(person: Person, ticket: Ticket) -> set[str]:
    """Return the verbs that somebody is offered on a ticket's page."""
    page = read(signed_in(person), f"/tickets/{ticket.reference}/")
    return set(re.findall(rf"/tickets/{ticket.reference}/do/([a-z-]+)/", page))


def test_it_names_owner_and_next_clock(cast: Cast, ticket: Ticket) -> None:
    promises.make(ticket=ticket.pk, by=cast.alice, what="I call you back.", due_at=in_hours(0.3))

    page = read(signed_in(cast.bob), f"/tickets/{ticket.reference}/")

    assert re.search(r"Owner:\s*<strong>Alice", page)
    assert "promise due" in page
    assert "The March invoice was taken" in page


def test_a_look_is_logged_and_a_stranger_sees_nothing(cast: Cast, ticket: Ticket) -> None:
    read(signed_in(cast.bob), f"/tickets/{ticket.reference}/")

    assert signed_in(cast.lena).get(f"/tickets/{ticket.reference}/").status_code == 404
    assert list(Look.objects.values_list("person__username", flat=True)) == ["bob"]


def test_a_reference_is_understood_as_people_type_it(cast: Cast, ticket: Ticket) -> None:
    for said in (f"t-{ticket.pk}", str(ticket.pk)):
        assert ticket.reference in read(signed_in(cast.alice), f"/tickets/{said}/")


def test_each_is_offered_what_is_theirs_to_do(cast: Cast, ticket: Ticket) -> None:
    assert buttons(cast.alice, ticket) == {
        "acknowledge", "note", "contact", "help", "offer", "hold", "promise", "manager", "edit", "resolve", "close",
    }  # fmt: skip
    assert buttons(cast.bob, ticket) == {"note", "contact", "hold", "promise", "manager", "claim"}
    assert buttons(cast.maya, ticket) == {
        "note", "contact", "help", "offer", "hold", "promise", "manager", "claim", "take-over", "edit", "resolve",
        "close",
    }  # fmt: skip
    assert buttons(cast.ada, ticket) == set()


def test_an_offer_is_answered_by_its_receiver_and_taken_back_by_its_giver(offer: Handoff, cast: Cast) -> None:
    ticket = offer.ticket

    assert {"accept", "decline"} <= buttons(cast.bob, ticket)
    assert "withdraw" in buttons(cast.alice, ticket)
    assert not {"offer", "claim"} & buttons(cast.alice, ticket)
    # Whoever manages the team speaks for the giver.
    assert "withdraw" in buttons(cast.maya, ticket)


def test_an_offer_that_waits_for_approval_is_not_its_receivers_yet(cast: Cast, ticket: Ticket) -> None:
    cast.hand(ticket, cast.bob, cast.carol)
    cast.offer(ticket, cast.alice, by=cast.carol)

    assert {"approve", "refuse"} <= buttons(cast.maya, ticket)
    page = read(signed_in(cast.alice), f"/tickets/{ticket.reference}/")
    assert "Call the bank" not in page.partition("Timeline")[0]
    assert "accept" not in buttons(cast.alice, ticket)


def test_what_is_resolved_can_be_closed_or_reopened(cast: Cast, ticket: Ticket) -> None:
    said = {"resolution": "Paid back.", "root_cause": "billing", "customer_agreed": True}
    resolution.resolve(ticket=ticket.pk, by=cast.alice, **said)

    assert {"close", "reopen"} <= buttons(cast.alice, ticket)
    assert not {"hold", "promise", "offer", "resolve"} & buttons(cast.alice, ticket)


def test_a_customer_who_was_passed_on_need_not_tell_it_again(cast: Cast, ticket: Ticket) -> None:
    cast.hand(ticket, cast.bob, cast.carol)

    page = read(signed_in(cast.carol), f"/tickets/{ticket.reference}/")

    assert "Do not ask them to tell it again" in page
    assert "They have not heard from the present owner yet" in page


def test_the_timeline_says_it_in_words(cast: Cast, ticket: Ticket) -> None:
    contacts.note(ticket=ticket.pk, by=cast.alice, text="The card is closed.")
    cast.hand(ticket, cast.bob)

    page = read(signed_in(cast.bob), f"/tickets/{ticket.reference}/")

    assert "The card is closed." in page
    assert "offered it to Bob: Needs another skill" in page
    assert "Alice → Bob: said back, accepted" in page
    for words in (*PACKET.values(), READ_BACK):
        assert words.replace("'", "&#x27;") in page


def test_what_was_erased_is_said_to_be(cast: Cast, ticket: Ticket) -> None:
    customers.forget(customer=cast.customer.pk, by=cast.adam)

    page = read(signed_in(cast.alice), f"/tickets/{ticket.reference}/")

    assert "The March invoice" not in page
    assert "(erased)" in page


def test_every_kind_of_entry_has_words() -> None:
    assert set(SENTENCES) == set(EntryKind)


@pytest.mark.parametrize("kind", EntryKind)
def test_no_sentence_breaks_on_an_entry_that_says_little(kind: EntryKind, cast: Cast, ticket: Ticket) -> None:
    entry = ticket.entries.select_related("by", "text").get()
    entry.kind, entry.data = kind, {}

    assert sentences.line(entry, {}).sentence


def test_everything_that_is_open_is_on_the_page(cast: Cast, ticket: Ticket) -> None:
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I do it.", next_contact_at=in_hours(5))
    holds.start(ticket=ticket.pk, by=cast.alice, kind=HoldKind.TICKET, reason="The bank answers tomorrow.")
    help_requests.ask(ticket=ticket.pk, by=cast.alice, asked=cast.bob, question="Which desk?", answer_by=in_hours(1))
    manager_requests.ask(ticket=ticket.pk, by=cast.alice, reason="She has had enough.")
    ticket.refresh_from_db()
    flags.raise_for(ticket, [Finding(FlagKind.SILENT, Level.AMBER, {})], at=ticket.opened_at)

    page = read(signed_in(cast.maya), f"/tickets/{ticket.reference}/")

    for words in ("The bank answers tomorrow.", "Which desk?", "She has had enough.", "Amber: Silence"):
        assert words in page
    assert {"back", "later", "keep", "another-time", "manager-answer", "take-on", "false-alarm"} <= buttons(
        cast.maya, ticket
    )


def test_a_former_owner_still_sees_it_and_may_not_promise(cast: Cast, ticket: Ticket) -> None:
    takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason="It burns.")
    ownership.edit(ticket=ticket.pk, by=cast.maya, subject="Charged twice")

    assert "note" in buttons(cast.alice, ticket)
    assert "resolve" not in buttons(cast.alice, ticket)


def test_searching(cast: Cast, ticket: Ticket) -> None:
    client = signed_in(cast.alice)

    for words in ("invoice", ticket.reference, "+1 212 555 0100"):
        assert ticket.reference in read(client, "/search/", data={"q": words})
    assert "Nothing that you may see" in read(client, "/search/", data={"q": "zebra"})
    assert ticket.reference not in read(signed_in(cast.lena), "/search/", data={"q": "invoice"})
