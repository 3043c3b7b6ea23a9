"""The page of a chain: what is on it, as of when, for whom, and what it hands out."""

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.formats import localize
from time_machine import TimeMachineFixture

from handoffs import answers, chains, offers, takeovers
from tests.cast import PACKET, READ_BACK, Cast, in_hours
from tests.insights.past import import_it
from tests.web.chain.made_up import TWENTY
from tests.web.screens import read, signed_in
from tickets import contacts, holds, promises
from tickets.kinds import HoldEnd, HoldKind
from tickets.models import Look, Ticket
from web.chain import audit as reads
from web.chain.legend import legend
from web.pictures.swimlane import layout

UTC = ZoneInfo("UTC")


@pytest.fixture
def story(cast: Cast, monday: TimeMachineFixture) -> Ticket:
    """Alice's offer to Bob is declined; Bob takes it after all, waits, promises; Maya takes it over; Carol has it."""
    ticket = cast.open_ticket()
    declined = cast.offer(ticket, cast.bob)
    monday.shift(timedelta(minutes=10))
    answers.decline(handoff=declined.pk, by=cast.bob, reason="I have the bank on the line.")
    contacts.contact(ticket=ticket.pk, by=cast.alice, direction="inbound", channel="phone", chase=True)
    offered = cast.offer(ticket, cast.bob)
    monday.shift(timedelta(minutes=4, seconds=5))
    cast.accept(offered)
    contacts.acknowledge(ticket=ticket.pk, by=cast.bob, message="I do it.", next_contact_at=in_hours(1))
    hold = holds.start(ticket=ticket.pk, by=cast.bob, kind=HoldKind.TICKET, reason="The bank.", return_by=in_hours(2))
    monday.shift(timedelta(hours=3))
    holds.end(hold=hold.pk, by=cast.bob, how=HoldEnd.RETURNED)
    takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason="Three hours, and nobody has called her.")
    promise = promises.make(ticket=ticket.pk, by=cast.maya, what="Your money is back at five.", due_at=in_hours(4))
    monday.shift(timedelta(hours=1))
    promises.keep(promise=promise.pk, by=cast.maya)
    cast.hand(Ticket.objects.get(pk=ticket.pk), cast.carol)
    monday.shift(timedelta(hours=1))
    return Ticket.objects.get(pk=ticket.pk)


def plain(page: str) -> str:
    """Return the words of a page, without its marks, scripts and runs of white space."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def chain_of(ticket: Ticket, tail: str = "/") -> str:
    return f"/tickets/{ticket.reference}/chain{tail}"


def test_the_page_tells_the_whole_chain(story: Ticket, cast: Cast) -> None:
    words = plain(read(signed_in(cast.maya), chain_of(story)))
    assert "Owner Carol Status Open Tenures 4 Different owners 4 Counted changes 2" in words
    assert "Since opening 5 h 14 min" in words
    assert "Verified : the rows prove this chain." in words
    assert "no gap, no overlap" in words
    for said in (
        *PACKET.values(),
        READ_BACK,
        "Three hours, and nobody has called her.",
        "I have the bank on the line.",
    ):
        assert said.replace("'", "&#x27;") in words
    assert "Alice → Bob · Needs another skill · Declined · Mon 1 Mar 2027, 09:00–09:10" in words  # noqa: RUF001
    assert "4 min 5 s" in words  # from the offer to Bob's yes
    assert "1 h past the promised return · We came back" in words
    assert "kept in time, Mon 1 Mar 2027, 13:14" in words
    assert "The customer asked what had become of it once" in words
    assert "never" in words  # Carol has not been introduced yet, and Maya never was
    assert "Who looked at it when" in words


def test_every_mark_of_the_picture_leads_to_a_row_and_says_what_it_is(story: Ticket, cast: Cast) -> None:
    page = read(signed_in(cast.maya), chain_of(story))
    picture = page[page.index('<svg class="pic"') : page.index("</svg>", page.index('<svg class="pic"'))]
    links = re.findall(r'<a href="#move-(\d+)"([^>]*)><title>([^<]+)</title>', picture)
    assert (
        {number for number, _, _ in links} == set(re.findall(r'<tbody id="move-(\d+)"', page)) == {"1", "2", "3", "4"}
    )
    assert len(links) == picture.count("<a ")
    # One stop of the tabulator a tenure; what stands beside a bar is told in its row.
    assert sum('tabindex="-1"' not in more for _, more, _ in links) == 4
    for kind in ("pic-by-accepted", "pic-by-taken_over", "pic-stub", "hatch-ticket", "hatch-late", "pic-kept"):
        assert kind in picture, kind
    assert any("Alice → Bob · Needs another skill · Declined" in says for _, _, says in links)


def test_the_page_keeps_to_the_policy(story: Ticket, cast: Cast) -> None:
    page = read(signed_in(cast.maya), chain_of(story))
    assert " style=" not in page
    assert "onclick" not in page


def test_what_came_later_is_not_in_the_chain_as_it_stood(story: Ticket, cast: Cast) -> None:
    client = signed_in(cast.maya)
    at = story.opened_at + timedelta(minutes=12)
    page = read(client, chain_of(story), data={"as_of": f"{at:%Y-%m-%dT%H:%M:%SZ}"})
    words = plain(page)
    assert "As it stood at Mon 1 Mar 2027, 09:12 ." in words
    assert "Owner then Alice Tenures 1" in words
    assert "Status" not in words
    assert "Carol" not in words
    # What waited for a yes then is shown as waiting.
    assert "Alice → Bob · Needs another skill · Offered · since Mon 1 Mar 2027, 09:10" in words
    assert f'href="{chain_of(story)}"' in page
    assert f'href="{chain_of(story, ".csv")}?as_of=2027-03-01T09%3A12%3A00Z"' in page


def test_a_promise_and_a_hold_are_as_they_stood(story: Ticket, cast: Cast) -> None:
    at = story.opened_at + timedelta(hours=3)
    words = plain(read(signed_in(cast.maya), chain_of(story), data={"as_of": f"{at:%Y-%m-%dT%H:%M:%SZ}"}))
    assert "45 min past the promised return · still waiting" in words
    assert "broken: it is past due" in words
    assert "kept in time" not in words


def test_a_moment_that_is_typed_becomes_one_that_can_be_passed_on(story: Ticket, cast: Cast) -> None:
    client = signed_in(cast.maya)
    client.cookies["time_zone"] = "Asia/Tokyo"
    answer = client.get(chain_of(story), {"as_of": "2027-03-01T18:12"})
    assert (answer.status_code, answer["Location"]) == (302, chain_of(story) + "?as_of=2027-03-01T09%3A12%3A00Z")
    assert "As it stood at Mon 1 Mar 2027, 18:12" in plain(read(client, answer["Location"]))


@pytest.mark.parametrize("said", ["yesterday", "2031-01-01T00:00:00Z"])
def test_a_moment_that_cannot_be_is_refused_beside_its_field(said: str, story: Ticket, cast: Cast) -> None:
    client = signed_in(cast.maya)
    page = read(client, chain_of(story), data={"as_of": said})
    assert 'role="alert"' in page
    assert "Tenures 4" in plain(page)
    for kind in (".csv", ".json"):
        assert client.get(chain_of(story, kind), {"as_of": said}).status_code == 400


def test_before_the_opening_there_is_no_chain_and_the_page_says_so(story: Ticket, cast: Cast) -> None:
    words = plain(read(signed_in(cast.maya), chain_of(story), data={"as_of": "2027-02-01T09:00:00Z"}))
    assert f"{story.reference} had not been opened then." in words


def test_a_chain_that_the_rows_do_not_prove_names_what_fails(
    story: Ticket, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = json.loads(chains.chain(story.pk))
    broken |= {"verified": False, "checks": broken["checks"] | {"one_open_tenure": False}}
    monkeypatch.setattr(reads.chains, "chain", lambda number, as_of: json.dumps(broken))
    words = plain(read(signed_in(cast.maya), chain_of(story)))
    assert "Not verified : the rows do not prove this chain. This does not hold: Exactly one tenure is open" in words


def test_the_table_has_a_row_a_tenure_with_what_was_handed_on(story: Ticket, cast: Cast) -> None:
    answer = signed_in(cast.maya).get(chain_of(story, ".csv"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{story.reference}-chain.csv"'
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["move"], row["owner"], row["began_by"]) for row in rows] == [
        ("1", "Alice", "opened"),
        ("2", "Bob", "accepted"),
        ("3", "Maya", "taken_over"),
        ("4", "Carol", "accepted"),
    ]
    assert {name: rows[1][name] for name in PACKET} == PACKET
    assert (rows[1]["read_back"], rows[1]["seconds_to_yes"]) == (READ_BACK, "245")
    assert rows[2]["take_over_reason"] == "Three hours, and nobody has called her."
    assert (rows[1]["holds"], rows[1]["holds_past_return"]) == ("1", "1")
    assert (rows[2]["promises"], rows[2]["promises_kept_in_time"]) == ("1", "1")


def test_nothing_that_was_typed_becomes_a_formula(cast: Cast, ticket: Ticket) -> None:
    packet = {**PACKET, "need": '=HYPERLINK("https://example.com";"money")', "history": "+1 was tried, in vain"}
    offered = offers.offer(ticket=ticket.pk, by=cast.alice, to=cast.bob, reason="skill", packet=packet)
    cast.accept(offered)
    text = signed_in(cast.maya).get(chain_of(ticket, ".csv")).content.decode("utf-8-sig")
    (_, row) = csv.DictReader(io.StringIO(text))
    assert row["need"].startswith("'=")
    assert row["history"].startswith("'+1")
    assert row["expectation"] == PACKET["expectation"]


def test_the_json_is_what_the_api_says(story: Ticket, cast: Cast) -> None:
    client = signed_in(cast.maya)
    assert client.get(chain_of(story, ".json")).json() == json.loads(chains.chain(story.pk))
    at = story.opened_at + timedelta(minutes=12)
    answer = client.get(chain_of(story, ".json"), {"as_of": f"{at:%Y-%m-%dT%H:%M:%SZ}"})
    assert answer.json() == json.loads(chains.chain(story.pk, as_of=at))
    assert answer["Content-Disposition"].endswith('-chain-as-of-20270301T091200Z.json"')


def test_who_may_not_see_the_ticket_finds_no_chain_and_whoever_looks_is_logged(cast: Cast) -> None:
    ticket = cast.open_ticket()
    for tail in ("/", ".csv", ".json"):
        assert signed_in(cast.lena).get(chain_of(ticket, tail)).status_code == 404
        assert signed_in(cast.maya).get("/tickets/T-999999/chain" + tail).status_code == 404
        assert signed_in(cast.maya).get(chain_of(ticket, tail), follow=True).status_code == 200
    # A moment that would be sent on tells nobody that there is such a ticket.
    assert signed_in(cast.lena).get(chain_of(ticket), {"as_of": "2020-01-01T00:00"}).status_code == 404
    assert list(Look.objects.values_list("person__username", flat=True)) == ["maya"]
    assert "Maya" in plain(read(signed_in(cast.ada), chain_of(ticket)).partition("Who looked at it when")[2])


def test_an_offer_that_waits_for_approval_is_not_told_to_its_receiver(story: Ticket, cast: Cast) -> None:
    # The third change: Maya must approve first. Bob sees the ticket, having owned it.
    offers.offer(ticket=story.pk, by=cast.carol, to=cast.bob, reason="skill", packet=PACKET)
    said = "Carol → Bob · Needs another skill · Waits for approval"
    assert said in plain(read(signed_in(cast.maya), chain_of(story)))
    assert said not in plain(read(signed_in(cast.bob), chain_of(story)))


def test_the_page_asks_as_much_of_a_long_chain_as_of_a_short_one(cast: Cast, ticket: Ticket) -> None:
    client = signed_in(cast.ada)
    read(client, chain_of(ticket))
    counts = []
    for people in ([], [cast.bob, cast.carol, cast.alice, cast.bob, cast.carol, cast.bob]):
        cast.hand(ticket, *people)
        with CaptureQueriesContext(connection) as asked:
            read(client, chain_of(ticket))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[1] <= 14


def test_an_imported_chain_says_that_it_is_one(cast: Cast, monday: TimeMachineFixture, tmp_path: Path) -> None:
    import_it(tmp_path, manager="maya")
    client = signed_in(cast.ada)
    tickets = Ticket.objects.filter(historical=True)
    assert len(tickets) == 3
    for ticket in tickets:
        words = plain(read(client, chain_of(ticket)))
        assert "imported history" in words
        assert "past the promised return" not in words
        assert "never" not in words


def test_coordinates_have_points_in_every_language() -> None:
    picture = layout(TWENTY, zone=UTC)
    context = {"picture": picture, "legend": legend(picture), "moves": TWENTY.tenures, "ticket": {"reference": "T-1"}}
    with translation.override("de"):
        assert localize(1.5) == "1,5"
        drawn = render_to_string("web/chain/picture.html", context)
    assert re.search(r' x="\d+\.\d', drawn)
    assert not re.search(r' (?:x|y|width|height|cx|cy|d)="[^"]*\d,\d+', drawn)
