"""The desk: what needs somebody now, in order."""

import re
from copy import copy
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from handoffs import help_requests
from tests.cast import Cast, in_hours
from tests.web.screens import read, signed_in
from tickets import holds, promises
from tickets.kinds import HoldKind
from tickets.models import Tenure, Ticket
from web.desk.lists import LISTS, PAGE


def counts(page: str) -> dict[str, int]:
    """Return the numbers beside the lists."""
    links = re.findall(r'data-list="([a-z-]+)">.*?class="count[^"]*">(\d+)<', page, re.DOTALL)
    return {slug: int(number) for slug, number in links}


def references(page: str) -> list[str]:
    """Return the tickets of the rows, in their order."""
    return [f"T-{number}" for number in re.findall(r'class="row"[^>]*data-ticket="(\d+)"', page)]


def test_whoever_is_not_signed_in_is_led_to_the_door(client: object, db: None) -> None:
    answer = client.get("/")  # type: ignore[attr-defined]

    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/"


def test_a_program_has_no_desk(cast: Cast) -> None:
    assert signed_in(cast.form).get("/").status_code in (302, 403)


def test_what_falls_due_first_stands_first(cast: Cast) -> None:
    later, sooner = cast.open_ticket(channel="email"), cast.open_ticket(channel="phone")
    promises.make(ticket=later.pk, by=cast.alice, what="I call you.", due_at=in_hours(0.5))

    page = read(signed_in(cast.alice), "/")

    assert references(page) == [later.reference, sooner.reference]


def test_every_list_counts_what_it_holds(cast: Cast) -> None:
    mine = cast.open_ticket()
    cast.offer(mine, cast.bob)
    holds.start(ticket=cast.open_ticket().pk, by=cast.alice, kind=HoldKind.CALL)
    asked = cast.open_ticket()
    help_requests.ask(ticket=asked.pk, by=cast.alice, asked=cast.bob, question="Which bank?", answer_by=in_hours(1))

    alices, bobs = (read(signed_in(person), "/") for person in (cast.alice, cast.bob))

    assert counts(alices) == {
        "mine": 3, "due": 1, "wrap-up": 0, "offered": 0, "asked": 0, "asking": 2, "on-hold": 1, "team": 0,
    }  # fmt: skip
    assert counts(bobs) == {
        "mine": 0, "due": 0, "wrap-up": 0, "offered": 1, "asked": 1, "asking": 0, "on-hold": 0, "team": 3,
    }  # fmt: skip
    for slug, number in counts(bobs).items():
        assert len(references(read(signed_in(cast.bob), f"/desk/{slug}/"))) == number, slug


def test_what_is_due_now_is_due_within_half_an_hour_or_overdue(cast: Cast) -> None:
    ticket = cast.open_ticket(at=timezone.now() - timedelta(hours=5))
    promises.make(ticket=ticket.pk, by=cast.alice, what="Soon.", due_at=in_hours(0.4))
    promises.make(ticket=ticket.pk, by=cast.alice, what="Not so soon.", due_at=in_hours(2))

    page = read(signed_in(cast.alice), "/desk/due/")

    assert references(page) == [ticket.reference] * 2
    assert re.findall(r'class="clock-kind">([a-z ]+)<', page) == ["acknowledge", "promise due"]


def test_an_empty_list_says_what_to_do_next(cast: Cast) -> None:
    assert "Press c to open a ticket" in read(signed_in(cast.alice), "/")


def test_every_row_names_the_owner(cast: Cast) -> None:
    cast.open_ticket()

    assert "Alice (you)" in read(signed_in(cast.alice), "/")
    assert "Alice" in read(signed_in(cast.bob), "/desk/team/")


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30])
def test_a_page_that_there_is_not_is_the_first(number: str, cast: Cast) -> None:
    ticket = cast.open_ticket()

    assert references(read(signed_in(cast.alice), "/", data={"page": number})) == [ticket.reference]


def test_a_list_that_there_is_not(cast: Cast) -> None:
    assert signed_in(cast.alice).get("/desk/nothing/").status_code == 404


def test_five_hundred_own_tickets_cost_no_more_than_two(cast: Cast) -> None:
    client = signed_in(cast.alice)

    def statements() -> dict[str, int]:
        counted = {}
        for which in LISTS:
            with CaptureQueriesContext(connection) as captured:
                read(client, f"/desk/{which.slug}/")
            counted[which.slug] = len(captured)
        return counted

    for _ in range(2):
        holds.start(ticket=cast.open_ticket().pk, by=cast.alice, kind=HoldKind.CALL)
    statements()
    few = statements()
    first = cast.open_ticket()
    holds.start(ticket=first.pk, by=cast.alice, kind=HoldKind.CALL)
    _multiply(first, 500)
    many = statements()

    # Session, person, teams twice, whom they cover; what is due, the counts, the rows and their flags.
    assert max(many.values()) < 12, many
    assert many == few


def _multiply(ticket: Ticket, number: int) -> None:
    """Open so many tickets more like this one, set by set: five hundred verbs take their time."""
    tenure, numbers = ticket.tenures.get(), range(ticket.pk + 1, ticket.pk + 1 + number)
    with transaction.atomic():
        tickets = [copy(ticket) for _ in numbers]
        tenures = [copy(tenure) for _ in numbers]
        for place, each in enumerate(numbers):
            tickets[place].pk, tenures[place].pk, tenures[place].ticket_id = each, None, each
        Ticket.objects.bulk_create(tickets)
        Tenure.objects.bulk_create(tenures)


def test_a_long_list_comes_in_pages(cast: Cast) -> None:
    for _ in range(PAGE + 3):
        cast.open_ticket()
    client = signed_in(cast.alice)

    first = read(client, "/")
    second = read(client, "/desk/mine/?page=2", headers={"HX-Request": "true"})

    assert len(references(first)) == PAGE
    assert "Show more" in first
    assert len(references(second)) == 3
    assert not set(references(first)) & set(references(second))
