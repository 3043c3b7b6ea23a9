"""The chain in one narrow strip."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.web.chain.made_up import BEGIN, NAMES, minutes
from tickets.models import Ticket
from web.pictures.strip import WIDTH, Stint, small


def stints(count: int) -> list[Stint]:
    """Return so many tenures of ten minutes each; the last goes on."""
    edges = [BEGIN + minutes(10 * number) for number in range(count + 1)]
    return [
        Stint(NAMES[place % 3], begin, None if place == count - 1 else end, "accepted" if place else "opened")
        for place, (begin, end) in enumerate(pairwise(edges))
    ]


@pytest.mark.parametrize("count", [1, 2, 7, 8, 20, 200])
def test_the_strip_is_as_wide_as_it_is_however_many_tenures_there_are(count: int) -> None:
    blocks = small(stints(count), now=BEGIN + minutes(10 * count)).blocks
    assert blocks[0].number == 1
    assert blocks[-1].number == count
    assert blocks[-1].open
    assert blocks[-1].box.right <= WIDTH + 0.1
    assert all(before.box.right < after.box.x for before, after in pairwise(blocks))
    assert all(block.box.width >= 24 for block in blocks)
    left_out = sum(int(block.words.removeprefix("+")) for block in blocks if not block.number)
    assert sum(1 for block in blocks if block.number) + left_out == count


def test_who_had_it_longer_is_wider_and_named_in_full() -> None:
    long = Stint("Rosa Medlar", BEGIN, BEGIN + minutes(600), "opened")
    short = Stint("Effie Wagtail", BEGIN + minutes(600), None, "accepted")
    one, two = small([long, short], now=BEGIN + minutes(605)).blocks
    assert one.box.width > 4 * two.box.width
    assert (one.words, two.words) == ("Rosa Medlar", "EW")
    assert small([long, short], now=BEGIN + minutes(605)).says == "Rosa Medlar, 10 h → Effie Wagtail, 5 min"


def test_a_page_draws_it_from_the_tenures_that_it_has_read(cast: Cast, ticket: Ticket) -> None:
    cast.hand(ticket, cast.bob)
    tenures = list(ticket.tenures.select_related("owner"))
    with CaptureQueriesContext(connection) as asked:
        drawn = Template("{% load chain %}{% small_chain tenures closed_at %}").render(
            Context({"tenures": tenures, "closed_at": ticket.opened_at + timedelta(hours=3)})
        )
    assert not asked.captured_queries
    assert drawn.count("<rect") == 2
    assert "Bob, 2 h 59 min" in drawn or "Bob, 3 h" in drawn
    assert 'role="img"' in drawn
