"""Which tickets a list shows: what may be seen, what was asked for, in which order."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from handoffs import answers, help_requests, takeovers
from people.models import Person
from tests.api.calls import acknowledged
from tests.cast import READ_BACK, Cast, client_of, in_hours
from tickets import contacts, customers, flags, ownership, promises, resolution
from tickets.bounces import Finding
from tickets.kinds import FlagKind, Level
from tickets.models import Ticket


def listed(who: Person, **query: Any) -> list[str]:
    """Return the references that `who` is shown."""
    answer = client_of(who).get("/api/v1/tickets/", query)
    assert answer.status_code == 200, answer.content
    return [ticket["reference"] for ticket in answer.json()["results"]]


moment = datetime.fromisoformat


def sees(cast: Cast, ticket: Ticket) -> set[str]:
    """Return who finds a ticket in their list."""
    people = ["petra", "maya", "dora", "alice", "bob", "carol", "lars", "luis", "lena", "ada", "adam", "form"]
    return {name for name in people if ticket.reference in listed(getattr(cast, name))}


TEAM = {"petra", "maya", "dora", "alice", "bob", "carol"}
ALL_SEEING = {"ada", "adam", "form"}


def test_a_ticket_is_seen_by_its_team_those_above_and_who_reads_all(cast: Cast, ticket: Ticket) -> None:
    assert sees(cast, ticket) == TEAM | ALL_SEEING


def test_whoever_is_offered_it_sees_it_until_it_is_over(cast: Cast, ticket: Ticket) -> None:
    offer = cast.offer(ticket, cast.luis)
    assert sees(cast, ticket) == TEAM | ALL_SEEING | {"luis"}
    answers.decline(handoff=offer.pk, by=cast.luis, reason="I know no refunds.")
    assert sees(cast, ticket) == TEAM | ALL_SEEING


def test_whoever_is_asked_about_it_sees_it_until_they_have_answered(cast: Cast, ticket: Ticket) -> None:
    said = {"asked": cast.lena, "question": "Which parcel?", "answer_by": in_hours(1)}
    request = help_requests.ask(ticket=ticket.pk, by=cast.alice, **said)
    assert sees(cast, ticket) == TEAM | ALL_SEEING | {"lena"}
    help_requests.answer(help_request=request.pk, by=cast.lena, answer="The blue one.")
    assert sees(cast, ticket) == TEAM | ALL_SEEING


def test_whoever_owned_it_sees_it_for_good(cast: Cast, ticket: Ticket) -> None:
    offer = cast.offer(ticket, cast.luis)
    answers.accept(handoff=offer.pk, by=cast.luis, read_back=READ_BACK, next_contact_at=in_hours(2))
    assert Ticket.objects.get(pk=ticket.pk).team == cast.logistics
    assert sees(cast, ticket) == {"petra", "alice", "lars", "luis", "lena"} | ALL_SEEING


def test_of_me_of_somebody_of_nobody(cast: Cast) -> None:
    mine, other = cast.open_ticket(), cast.open_ticket(cast.bob)
    assert listed(cast.alice, owner="me") == [mine.reference]
    assert listed(cast.alice, owner="bob") == [other.reference]
    assert listed(cast.alice, owner="carol") == listed(cast.alice, owner="no-such-person") == []


def test_of_a_team(cast: Cast) -> None:
    billing, logistics = cast.open_ticket(), cast.open_ticket(cast.luis, team=cast.logistics)
    assert listed(cast.petra, team="billing") == [billing.reference]
    assert listed(cast.petra, team="logistics") == [logistics.reference]
    assert listed(cast.alice, team="logistics") == []


@pytest.fixture
def one_of_each(cast: Cast) -> dict[str, str]:
    """A ticket in each status."""
    new, on_hold, resolved, closed = cast.open_ticket(), *(acknowledged(cast) for _ in range(3))
    opened = acknowledged(cast)
    client_of(cast.alice).post(f"/api/v1/tickets/{on_hold.reference}/holds/", {"kind": "ticket"})
    for ticket in (resolved, closed):
        said = {"resolution": "Paid back.", "root_cause": "double", "customer_agreed": True}
        resolution.resolve(ticket=ticket.pk, by=cast.alice, **said)
    resolution.close(ticket=closed.pk, by=cast.alice, outcome="resolved")
    tickets = {"new": new, "open": opened, "on_hold": on_hold, "resolved": resolved, "closed": closed}
    return {status: ticket.reference for status, ticket in tickets.items()}


@pytest.mark.parametrize("status", ["new", "open", "on_hold", "resolved", "closed"])
def test_in_a_status(status: str, one_of_each: dict[str, str], cast: Cast) -> None:
    assert listed(cast.alice, status=status) == [one_of_each[status]]


def test_that_somebody_still_answers_for_or_not(one_of_each: dict[str, str], cast: Cast) -> None:
    live = {one_of_each[status] for status in ("new", "open", "on_hold")}
    assert set(listed(cast.alice, live="true")) == set(listed(cast.alice, live="true", owner="me")) == live
    assert set(listed(cast.alice, live="false")) == set(one_of_each.values()) - live


def test_with_an_open_flag_of_a_kind(cast: Cast) -> None:
    ticket, _ = cast.open_ticket(), cast.open_ticket()
    flag = flags.raise_for(ticket, [Finding(FlagKind.BOUNCED, Level.RED)], at=timezone.now())[0]
    assert listed(cast.alice, flag="bounced") == [ticket.reference]
    assert listed(cast.alice, flag="refused") == []
    flags.close(flag=flag.pk, by=cast.maya, note="Talked to both of them.")
    assert listed(cast.alice, flag="bounced") == []


def test_of_a_customer(cast: Cast, ticket: Ticket) -> None:
    other = customers.create(name="Customer Two")
    theirs = cast.open_ticket(customer=other)
    assert listed(cast.alice, customer=other.pk) == [theirs.reference]
    assert listed(cast.alice, customer=10**9) == []


@pytest.mark.parametrize(
    "words", ["invoice march", '"charged twice"', "INVOICES", "T-{number}", "t{number}", "{number}"]
)
def test_words_a_reference_or_a_number_find_it(words: str, cast: Cast, ticket: Ticket) -> None:
    cast.open_ticket(subject="Late parcel", description="It is late.", customer=customers.create(name="Customer Two"))
    assert listed(cast.alice, q=words.format(number=ticket.pk)) == [ticket.reference]


def test_the_customers_telephone_number_finds_it(cast: Cast, ticket: Ticket) -> None:
    assert listed(cast.alice, q="+1 (212) 555-0100") == [ticket.reference]


def test_what_was_noted_later_finds_it_too(cast: Cast, ticket: Ticket) -> None:
    contacts.note(ticket=ticket.pk, by=cast.alice, text="Her dentist paid for it.")
    assert listed(cast.alice, q="dentists") == [ticket.reference]


def test_a_search_finds_only_what_one_may_see(cast: Cast, ticket: Ticket) -> None:
    for words in ("invoice", ticket.reference, "+12125550100"):
        assert listed(cast.luis, q=words) == []


def test_every_condition_counts(cast: Cast, ticket: Ticket) -> None:
    asked = {"owner": "me", "team": "billing", "status": "new", "customer": cast.customer.pk, "q": "march"}
    assert listed(cast.alice, **asked) == [ticket.reference]
    for name, other in {"owner": "bob", "team": "care", "status": "open", "q": "april"}.items():
        assert listed(cast.alice, **{**asked, name: other}) == []


def test_the_newest_first_unless_asked_otherwise(cast: Cast) -> None:
    old, new = (cast.open_ticket(at=timezone.now() - timedelta(hours=hours)) for hours in (3, 1))
    assert listed(cast.alice) == listed(cast.alice, ordering="-opened_at") == [new.reference, old.reference]


@pytest.mark.parametrize("query", [{}, {"owner": "me", "live": "true"}], ids=["anybody's", "the desk"])
def test_what_falls_due_first_comes_first(query: dict[str, str], cast: Cast) -> None:
    never, late, soon = (acknowledged(cast) for _ in range(3))
    for ticket, hours in ((late, 3), (soon, 1)):
        promises.make(ticket=ticket.pk, by=cast.alice, what="I call you back.", due_at=in_hours(hours))
    expected = [ticket.reference for ticket in (soon, late, never)]
    assert listed(cast.alice, ordering="next_due", **query) == expected


def test_what_it_shows_of_a_ticket(cast: Cast, ticket: Ticket) -> None:
    takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason="She asked for a manager.")
    ownership.edit(ticket=ticket.pk, by=cast.maya, severity="serious", category="billing")
    row = client_of(cast.alice).get("/api/v1/tickets/").json()["results"][0]
    now = Ticket.objects.get(pk=ticket.pk)
    assert row["owner"] == {"username": "maya", "name": "Maya"}
    assert (row["next_due"]["kind"], moment(row["next_due"]["at"])) == ("acknowledge", now.acknowledge_by)
    assert (moment(row["owner_since"]), row["chain_length"]) == (now.owner_since, 2)
    assert (row["severity"], row["category"], row["version"]) == ("serious", "billing", now.version)
