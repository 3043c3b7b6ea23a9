"""Customers: how they are reached, found and forgotten."""

from typing import Any

import pytest
from django.db import connection

from handoffs import answers, help_requests
from notices.models import Notice
from people.errors import Incomplete
from tests.cast import READ_BACK, Cast, client_of, entries, in_hours
from tests.invariants import broken_invariants
from tickets import contacts, customers, errors, flags, holds, promises, resolution
from tickets.bounces import Finding
from tickets.kinds import FlagKind, HoldKind, Level
from tickets.models import Customer, Text, Ticket
from tickets.states import Outcome

TABLES = """
    SELECT table_name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"""


def traces(*words: str) -> dict[str, int]:
    """Return in how many rows of each table any of the words still stand, in whatever column."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} AS line WHERE line::text ~* %s", ["|".join(words)])
            found[table] = cursor.fetchone()[0]
    return {table: count for table, count in found.items() if count}


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("+1 212 555 0100", "", "+12125550100"),
        ("+44 (0)20 7946 0018", "", "+442079460018"),
        ("0041 44 668 18 00", "CH", "+41446681800"),
        ("030 901820", "DE", "+4930901820"),
    ],
)
def test_numbers_are_kept_as_they_are_dialled_from_anywhere(written: str, region: str, number: str) -> None:
    assert customers.e164(written, region=region) == number


@pytest.mark.parametrize("written", ["", "call me", "030 901820", "+1 23", "+49" + "1" * 20])
def test_what_cannot_be_dialled_is_no_number(written: str) -> None:
    with pytest.raises(Incomplete) as refused:
        customers.e164(written)
    assert list(refused.value.fields) == ["phone"]


def test_numbers_and_addresses_are_kept_in_one_form(cast: Cast) -> None:
    created = customers.create(
        name="Two", contact_points=[("phone", "+1 (212) 555-0142", "work"), ("email", " Two@Example.COM ", "")]
    )
    assert list(created.contact_points.values_list("kind", "value", "label")) == [
        ("phone", "+12125550142", "work"),
        ("email", "two@example.com", ""),
    ]


def test_a_household_shares_a_number(cast: Cast) -> None:
    other = customers.create(name="Two", contact_points=[("phone", "+12125550100", "")])
    assert list(customers.by_phone("+1 212 555 0100")) == [cast.customer, other]


def test_one_customer_has_a_number_once(cast: Cast) -> None:
    with pytest.raises(errors.ContactPointTwice) as refused:
        customers.create(name="Two", contact_points=[("phone", "+12125550142", ""), ("phone", "+1 212 555 0142", "")])
    assert refused.value.fields == {"contact_points": "+12125550142 stands here twice."}
    assert Customer.objects.get() == cast.customer


def test_they_are_found_by_part_of_a_name_or_by_address(cast: Cast) -> None:
    assert list(customers.search("customer one")) == [cast.customer]
    assert list(customers.search("ustom")) == [cast.customer]
    assert list(customers.search("ONE@example.com ")) == [cast.customer]
    assert list(customers.search("nobody")) == []


def test_what_is_known_can_be_changed_and_the_numbers_replaced(cast: Cast) -> None:
    customers.update(customer=cast.customer.pk, name="One and only", contact_points=[("phone", "+1 212 555 0143", "")])
    cast.customer.refresh_from_db()
    assert cast.customer.name == "One and only"
    assert [point.value for point in cast.customer.contact_points.all()] == ["+12125550143"]


def test_a_customer_who_does_not_exist_is_not_found(cast: Cast) -> None:
    with pytest.raises(errors.UnknownCustomer):
        customers.update(customer=0, name="Nobody")


@pytest.fixture
def told(cast: Cast) -> Ticket:
    """A complaint of Quentin Quibble's, about whom everybody has typed something with “quibble” in it."""
    fields = ("need", "next_action", "expectation", "history")
    words: dict[str, Any] = {name: f"A quibble about {name}." for name in fields}

    def post(address: str, body: dict[str, Any]) -> Any:
        """Post as Alice, under a key: so the answer is kept too."""
        return client_of(cast.alice).post(f"/api/v1/{address}", body, headers={"Idempotency-Key": address}).json()

    quibble = post(
        "customers/",
        {
            "name": "Quentin Quibble",
            "preferences": "Never before quibble o'clock",
            "contact_points": [
                {"kind": "email", "value": "q@quibble.example", "label": "quibble home"},
                {"kind": "phone", "value": "+1 212 555 0177"},
            ],
        },
    )
    opened = post(
        "tickets/",
        {"customer": quibble["id"], "team": "billing", "subject": "Quibble", "description": "My quibble is this."},
    )
    ticket = Ticket.objects.get(pk=int(opened["reference"][2:]))
    post(f"tickets/{ticket.reference}/promises/", {"what": "A quibble call.", "due_at": in_hours(1).isoformat()})
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="Quibble noted.", next_contact_at=in_hours(2))
    contacts.note(ticket=ticket.pk, by=cast.alice, text="Quibbles a lot.")
    contacts.contact(ticket=ticket.pk, by=cast.alice, direction="inbound", summary="Another quibble.")
    held = holds.start(ticket=ticket.pk, by=cast.alice, kind=HoldKind.TICKET, reason="Quibble with the bank.")
    holds.extend(hold=held.pk, by=cast.alice, return_by=in_hours(99), reason="Quibble goes on.")
    promised = promises.make(ticket=ticket.pk, by=cast.alice, what="Quibble settled.", due_at=in_hours(3))
    promises.renegotiate(promise=promised.pk, by=cast.alice, due_at=in_hours(9), told="In a quibble call.")
    asked = help_requests.ask(
        ticket=ticket.pk, by=cast.alice, asked=cast.luis, question="Quibble where?", answer_by=in_hours(1)
    )
    help_requests.answer(help_request=asked.pk, by=cast.luis, answer="Quibble here.")
    declined = cast.offer(ticket, cast.bob, packet=words)
    answers.decline(handoff=declined.pk, by=cast.bob, reason="No quibble today.")
    moved = cast.offer(ticket, cast.bob, packet=words)
    cast.accept(moved, read_back=READ_BACK + " Quibble.")
    answers.correct(handoff=moved.pk, by=cast.alice, correction="Quite another quibble.")
    flag = flags.raise_for(ticket, [Finding(FlagKind.BOUNCED, Level.AMBER)], at=in_hours(0))[0]
    flags.close(flag=flag.pk, by=cast.maya, note="Just a quibble.")
    ticket.refresh_from_db()
    return ticket


def test_forgotten_nothing_that_anybody_typed_is_left(cast: Cast, told: Ticket) -> None:
    assert set(traces("quibble", "quentin")) >= {
        "tickets_text",
        "tickets_customer",
        "tickets_ticket",
        "notices_notice",
    }
    customers.forget(customer=told.customer_id, by=cast.adam)
    assert traces("quibble", "quentin", "2125550177", "q@") == {}
    assert not Text.objects.filter(ticket=told, content__isnull=False).exists()


def test_forgotten_the_chain_is_whole(cast: Cast, told: Ticket) -> None:
    before = list(told.tenures.values_list("seq", "owner", "started_at", "began_by"))
    written = entries(told)
    customers.forget(customer=told.customer_id, by=cast.adam)
    assert list(told.tenures.values_list("seq", "owner", "started_at", "began_by")) == before
    assert entries(told) == [*written, "customer_forgotten"]
    assert broken_invariants() == []


def test_a_message_to_the_forgotten_has_no_receiver(cast: Cast, told: Ticket) -> None:
    customers.forget(customer=told.customer_id, by=cast.adam)
    receipt = Notice.objects.get(kind="receipt", about=told.reference)
    assert (receipt.address, receipt.person) == ("", None)


def test_others_are_not_forgotten_with_them(cast: Cast, told: Ticket, ticket: Ticket) -> None:
    customers.forget(customer=told.customer_id, by=cast.adam)
    ticket.refresh_from_db()
    assert (ticket.subject, cast.customer.contact_points.count()) == ("Charged twice in March", 2)


def test_the_forgotten_are_found_no_more(cast: Cast, told: Ticket) -> None:
    customers.forget(customer=told.customer_id, by=cast.adam)
    assert not customers.by_phone("+12125550177").exists()
    assert not customers.search("").filter(pk=told.customer_id).exists()


def test_they_are_forgotten_once_and_never_written_to_again(cast: Cast, told: Ticket) -> None:
    customers.forget(customer=told.customer_id, by=cast.adam)
    with pytest.raises(errors.CustomerForgotten):
        customers.forget(customer=told.customer_id, by=cast.adam)
    with pytest.raises(errors.CustomerForgotten):
        customers.update(customer=told.customer_id, name="Quentin Quibble")


def test_the_ticket_of_the_forgotten_can_be_ended(cast: Cast, told: Ticket) -> None:
    customers.forget(customer=told.customer_id, by=cast.adam)
    for promise in told.promises.filter(state="open"):
        promises.keep(promise=promise.pk, by=cast.bob)
    found = resolution.close(ticket=told.pk, by=cast.bob, outcome=Outcome.WITHDRAWN, root_cause="forgotten")
    assert found.status == "closed"
