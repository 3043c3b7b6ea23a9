"""Pages in a real browser: Debian's Chromium, on a server of the tests' own."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from people.models import Person
from tests.cast import Cast, make_cast

CHROMIUM = shutil.which("chromium")
MISSING = "These tests need Chromium. Install it: apt install chromium"
SIZE = {"width": 1400, "height": 900}

SignIn = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these tests in one process, so that one browser serves them all; they write and commit."""
    for item in items:
        if "/web/browser/" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """What drives the browser, for these tests and no longer than they last.

    It runs a loop of its own in this thread: other tests could not run theirs, and Django takes it for a mistake.
    """
    with pytest.MonkeyPatch.context() as here, sync_playwright() as started:
        here.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium. Without it continuous integration fails, and everybody else is told."""
    if CHROMIUM is None and "CI" in os.environ:
        pytest.fail(MISSING)
    if CHROMIUM is None:
        pytest.skip(MISSING)
    # Root may not have a sandbox.
    args = ["--no-sandbox"] if os.getuid() == 0 else []
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
    yield started
    started.close()


@pytest.fixture
def browser_context_args(live_server: LiveServer) -> dict[str, Any]:
    """What every window begins with."""
    return {"base_url": live_server.url, "viewport": SIZE, "locale": "en-GB", "reduced_motion": "reduce"}


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Everybody, committed: the server reads them."""
    return make_cast()


def ready(page: Page) -> Page:
    """Return the page once its scripts have begun: from then on keys do something."""
    page.wait_for_selector("body[data-ready]")
    return page


@pytest.fixture
def complaints() -> list[str]:
    """What stands in the consoles of the pages; a test that breaks something clears what it has caused."""
    return []


@pytest.fixture
def at(
    transactional_db: None,
    live_server: LiveServer,
    settings: Settings,
    new_context: Callable[..., BrowserContext],
    complaints: list[str],
) -> Iterator[SignIn]:
    """A function that returns somebody's page, signed in, in a browser window of their own.

    However the test ends, no page may have had an error in its console: what the security policy stops
    stands there as well. There is no stream: pages ask, and tests let them.
    """
    settings.LIVE_URL = ""

    def sign_in(person: Person | None, path: str = "/", **said: Any) -> Page:
        context = new_context(**said)
        if person is not None:
            client = Client()
            client.force_login(person)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(8_000)
        page.on(
            "console",
            lambda said: complaints.append(f"{said.text} {said.location['url']}") if said.type == "error" else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page if person is None else ready(page)

    yield sign_in
    # That a form comes back with what is wrong is no error of the page, nor is an address that leads nowhere.
    expected = ("422 (Unprocessable", "/nothing-here/")
    assert [said for said in complaints if not any(words in said for words in expected)] == []
