"""What others do shows by itself: one stream for all tabs, and what pages do without one."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast
from tests.ownership_tracker.product import free_port
from tests.web.browser.conftest import SignIn
from tests.web.live.conftest import streaming
from tickets import contacts


@pytest.fixture
def ports(live_server: LiveServer, at: SignIn, settings: Settings) -> tuple[int, str]:
    """Where the stream is to be, and where the pages are: their port names the cookies."""
    stream, pages = free_port(), urlsplit(live_server.url).port
    settings.PORT, settings.LIVE_URL = pages, f":{stream}/live/"
    settings.SESSION_COOKIE_NAME = f"session_{pages}"
    return stream, str(pages)


def shows(page: Page, state: str) -> None:
    """See that the bar says "live" or "asking", and nothing else of it."""
    expect(page.locator("#live > :visible")).to_have_attribute("data-when", state, timeout=8_000)


def opened(folder: Path) -> int:
    """Return how many streams browsers have opened so far."""
    lines = [json.loads(line) for line in (folder / "stream.log").read_text().splitlines() if line.startswith("{")]
    return sum(line["event"] == "stream" and line["status"] == 200 for line in lines)


def test_tabs_share_a_stream_and_people_see_each_other(
    cast: Cast, at: SignIn, ports: tuple[int, str], tmp_path: Path
) -> None:
    ticket = cast.open_ticket()
    path = f"/tickets/{ticket.reference}/"
    with streaming(tmp_path, ports[0], PORT=ports[1]):
        first = at(cast.alice, path)
        shows(first, "live")
        second = first.context.new_page()
        second.goto(path)
        shows(second, "live")
        assert opened(tmp_path) == 1

        bobs = at(cast.bob, path)
        expect(bobs.locator("[data-here]")).to_have_text("Alice is here")
        expect(second.locator("[data-here]")).to_have_text("Bob is here")
        bobs.locator("body").press("n")
        expect(second.locator("[data-here]")).to_have_text("Bob is writing")

        contacts.note(ticket=ticket.pk, by=cast.bob, text="The bank has called back.")
        for page in (first, second):
            expect(page.locator("article")).to_contain_text("The bank has called back.")

        first.close()
        contacts.note(ticket=ticket.pk, by=cast.bob, text="It is sent back today.")
        expect(second.locator("article")).to_contain_text("It is sent back today.")
        assert opened(tmp_path) == 3


def test_a_page_asks_while_there_is_no_stream_and_misses_nothing(
    cast: Cast, at: SignIn, ports: tuple[int, str], complaints: list[str], tmp_path: Path
) -> None:
    ticket = cast.open_ticket()
    with streaming(tmp_path, ports[0], PORT=ports[1]):
        page = at(cast.alice, f"/tickets/{ticket.reference}/")
        shows(page, "live")
    shows(page, "asking")

    contacts.note(ticket=ticket.pk, by=cast.bob, text="The bank has called back.")
    with streaming(tmp_path, ports[0], PORT=ports[1]):
        shows(page, "live")
        expect(page.locator("article")).to_contain_text("The bank has called back.")
    assert all("ERR_CONNECTION_REFUSED" in complaint for complaint in complaints)
    complaints.clear()
