"""What is new since somebody last looked at the board."""

from datetime import timedelta

from django.test import Client
from time_machine import TimeMachineFixture

from tests.cast import Cast
from tests.web.board.conftest import words
from tests.web.board.test_board import flag
from tests.web.screens import read, signed_in
from tickets.kinds import FlagKind, Level

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NOW = timedelta(0)


def news(client: Client, path: str = "/board/", **headers: str) -> str:
    """Return what the board says is new, and how many marks of that there are."""
    page = read(client, path, headers={name.replace("_", "-"): said for name, said in headers.items()})
    since = words(page[page.index('class="since"') : page.index('id="wanted"')])
    return f"{since.removesuffix('<section').strip()} [{page.count('tag-blue')}]"


def test_on_the_first_look_nothing_is_new(monday: TimeMachineFixture, cast: Cast) -> None:
    flag(cast.open_ticket())

    said = news(signed_in(cast.maya))

    assert "first look" in said
    assert "[0]" in said


def test_what_came_or_rose_since_is_marked(monday: TimeMachineFixture, cast: Cast) -> None:
    client = signed_in(cast.maya)
    ticket = cast.open_ticket()
    flag(ticket, level=Level.AMBER, ago=NOW)
    flag(ticket, FlagKind.SILENT, Level.AMBER, ago=NOW)
    monday.shift(MINUTE)
    read(client, "/board/")
    monday.shift(2 * HOUR)
    assert "nothing new" in news(client)
    monday.shift(2 * HOUR)
    flag(ticket, ago=MINUTE)
    flag(cast.open_ticket(), ago=MINUTE)

    said = news(client)

    assert "Since you last looked, 2 h ago: 1 new flag, 1 flag turned red" in said
    assert "[2]" in said


def test_loading_again_is_the_same_visit(monday: TimeMachineFixture, cast: Cast) -> None:
    client = signed_in(cast.maya)
    read(client, "/board/")
    monday.shift(HOUR)
    flag(cast.open_ticket(), ago=MINUTE)
    assert "1 new flag" in news(client)
    monday.shift(20 * MINUTE)
    assert "1 new flag" in news(client)
    monday.shift(31 * MINUTE)
    assert "nothing new" in news(client)


def test_a_board_that_keeps_itself_true_has_not_been_looked_at(monday: TimeMachineFixture, cast: Cast) -> None:
    client = signed_in(cast.maya)
    read(client, "/board/")
    for _ in range(2):
        monday.shift(HOUR)
        flag(cast.open_ticket(), ago=MINUTE)
        assert "1 new flag" in news(client)
    monday.shift(HOUR)
    flag(cast.open_ticket(), ago=MINUTE)

    # Open all the time, it goes on from where this visit began, and is no visit itself.
    assert "2 new flags" in news(client, hx_request="true")
    assert "1 new flag" in news(client)


def test_one_says_that_one_has_seen_it(monday: TimeMachineFixture, cast: Cast) -> None:
    client = signed_in(cast.petra)
    read(client, "/board/")
    monday.shift(HOUR)
    flag(cast.open_ticket(), ago=MINUTE)
    assert "1 new flag" in news(client)

    answer = client.post("/board/looked/", {"team": "billing"})

    assert answer["Location"] == "/board/?team=billing"
    assert "nothing new" in news(client)
    assert client.get("/board/looked/").status_code == 405


def test_everybody_has_looked_for_themselves(monday: TimeMachineFixture, cast: Cast) -> None:
    client = signed_in(cast.maya)
    read(client, "/board/")
    client.force_login(cast.petra)

    assert "first look" in news(client)


def test_a_cookie_of_nonsense_is_a_first_look(cast: Cast) -> None:
    client = signed_in(cast.maya)
    for said in ("nonsense", "1", "1.2.3", "9" * 40 + ".1", "-1.x", "NaN.1"):
        client.cookies[f"board_{cast.maya.pk}"] = said
        assert "first look" in news(client), said
