"""The flows: who may look, at whose tickets, through which filters."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.insights.past import import_it
from tests.web.flows.marks import listed, marks
from tests.web.screens import read, signed_in
from tickets.models import Ticket
from web.flows import lists as flow_lists

FEBRUARY = "since=2027-02-01&until=2027-02-28"
VIEWS = ("hops", "weeks", "teams", "categories")


@pytest.fixture
def ada(cast: Cast) -> Client:
    """The auditor."""
    return signed_in(cast.ada)


def references(page: str) -> list[str]:
    """Return the tickets that a list names."""
    return re.findall(r">(T-\d+)</a>", page)


@pytest.mark.parametrize("path", ["/flows/", "/flows/tickets/", "/flows/tickets/?measure=opened"])
def test_the_flows_are_for_managers(cast: Cast, path: str) -> None:
    allowed = {name: signed_in(getattr(cast, name)).get(path).status_code for name in ("maya", "dora", "ada", "adam")}

    assert set(allowed.values()) == {200}
    assert signed_in(cast.alice).get(path).status_code == 403
    assert signed_in(cast.form).get(path).status_code in (302, 403)
    assert Client().get(path).status_code == 302


def test_a_page_of_nothing_says_what_to_do(ada: Client) -> None:
    pages = {view: read(ada, f"/flows/?view={view}") for view in VIEWS}

    assert [view for view in VIEWS if "Choose a longer one" in pages[view]] == ["hops", "teams", "categories"]


def test_a_manager_counts_the_tickets_of_their_teams_and_below(month: Cast) -> None:
    lists = {
        name: listed(signed_in(getattr(month, name)), f"/flows/tickets/?measure=opened&imported=left_out&{FEBRUARY}")
        for name in ("petra", "maya", "dora", "lars", "ada")
    }

    measured = Ticket.objects.filter(historical=False).exclude(outcome="spam")
    assert lists["ada"] == lists["petra"] == measured.count()
    assert lists["maya"] == lists["dora"] == measured.filter(team=month.billing).count()
    assert lists["lars"] == measured.filter(team=month.logistics).count()
    assert lists["maya"] + lists["lars"] + measured.filter(team=month.care).count() == lists["petra"]


def test_a_manager_can_open_every_ticket_of_a_list(month: Cast) -> None:
    lars = signed_in(month.lars)

    named = references(read(lars, f"/flows/tickets/?measure=changes&{FEBRUARY}"))

    assert named
    assert {lars.get(f"/tickets/{reference}/").status_code for reference in named} == {200}


def test_a_manager_never_reads_the_names_of_other_teams_people(month: Cast) -> None:
    lars = signed_in(month.lars)
    for path in (f"/flows/?who=people&{FEBRUARY}", f"/flows/tickets/?measure=changes&who=people&{FEBRUARY}"):
        main = read(lars, path).partition("<main")[2]
        assert "Luis" in main
        assert not re.search(r"\b(Alice|Bob|Carol)\b", re.sub(r"<td>[^<]*<br>.*?</td>", "", main, flags=re.DOTALL))


@pytest.mark.parametrize(
    "wrong",
    [
        "measure=nothing",
        "measure=opened&part=late",
        "measure=changes&hop=0",
        "measure=changes&hop=6",
        "measure=changes&giver=alice",
        "measure=changes&who=people&giver=person:alice",
        "measure=opened&team=billing",
        "measure=opened&since=yesterday",
        "measure=",
    ],
)
def test_a_list_that_there_is_not_for_lars_is_not_there(cast: Cast, wrong: str) -> None:
    assert signed_in(cast.lars).get(f"/flows/tickets/?{wrong}").status_code == 404


def test_a_filter_that_cannot_be_read_is_named_beside_its_field(cast: Cast, ada: Client) -> None:
    cast.open_ticket(category="refund")

    page = read(ada, "/flows/?since=2027-02-20&until=2027-02-01&team=nowhere&category=refund")

    assert "This lies before the beginning." in page
    assert 'id="filter-until_error"' in page
    assert "nowhere is not one of the available choices" in page
    assert '<option value="refund" selected>' in page


def test_the_address_holds_the_filters(cast: Cast, monday: object, ada: Client) -> None:
    cast.open_ticket(category="refund")
    said = "team=billing&category=refund&channel=phone&imported=left_out"

    page = read(ada, f"/flows/?view=teams&since=2027-03-01&until=2027-03-01&{said}")

    for pair in said.split("&"):
        name, _, value = pair.partition("=")
        assert re.search(
            rf'<select name="{name}"[^>]*>[^/]*(?:</option>[^/]*)*<option value="{value}" selected>', page
        )
        assert all(pair in mark.url for mark in marks(page))
    assert marks(page)
    assert "1 Mar 2027 · Billing · refund · Phone" in page


def test_all_the_time_is_that_of_the_tickets_that_count(
    cast: Cast, monday: object, ada: Client, tmp_path: Path
) -> None:
    assert "the imported history" not in read(ada, "/flows/")
    cast.open_ticket()
    import_it(tmp_path, manager="maya")

    assert "1 Feb 2027 – 1 Mar 2027" in read(ada, "/flows/?period=all")  # noqa: RUF001
    assert "1 Feb 2027 – 10 Feb 2027" in read(ada, "/flows/?period=all&imported=only")  # noqa: RUF001
    assert "period=all&amp;imported=only" in read(ada, "/flows/")


def test_without_a_filter_it_is_the_last_eight_weeks(monday: object, ada: Client) -> None:
    page = read(ada, "/flows/?view=weeks")

    assert "11 Jan 2027 – 1 Mar 2027" in page  # noqa: RUF001
    assert 'value="2027-01-11"' in page


@pytest.mark.parametrize(
    ("since", "until", "step", "rows"),
    [
        ("2027-02-01", "2027-02-28", "Week from", 4),
        ("2025-06-15", "2027-02-28", "Month", 21),
        ("2000-05-05", "2027-01-01", "Year", 28),
    ],
)
def test_a_long_time_is_told_in_longer_steps(ada: Client, since: str, until: str, step: str, rows: int) -> None:
    page = read(ada, f"/flows/?view=weeks&since={since}&until={until}")

    assert f'<th scope="col">{step}</th>' in page
    assert page.count('<tr><th scope="row">') == rows


def test_lists_go_on_on_further_pages_and_the_longest_come_first(month: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow_lists, "PAGE", 2)
    client, path = signed_in(month.ada), f"/flows/tickets/?measure=holds&order=longest&{FEBRUARY}"

    pages = [read(client, path), read(client, f"{path}&page=2")]

    # Four days, of the imported history.
    assert "4 days" in pages[0].partition("<tbody>")[2].partition("</tr>")[0]
    assert "&amp;page=2" in pages[0]
    named = [references(page) for page in pages]
    assert [len(each) for each in named] == [2, 2]
    assert not set(named[0]) & set(named[1])


def test_a_page_costs_few_statements_however_much_there_is(month: Cast) -> None:
    ada = signed_in(month.ada)

    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            read(ada, path)
        return len(captured)

    # Who asks, teams, categories, whether there is a history; then one a measure, or the moves and their names.
    costs = {view: statements(f"/flows/?view={view}&{FEBRUARY}&who=people") for view in VIEWS}
    listing = statements(f"/flows/tickets/?measure=changes&who=people&giver=others&{FEBRUARY}")

    assert max(costs.values()) <= 13, costs
    assert listing <= 12
