"""The page to try the API: served by us to the last byte, and nothing on it that our own policy forbids."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from rest_framework.test import APIClient

DOCS = "/api/v1/docs/"


class Page(HTMLParser):
    """What a page loads, and what stands in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag loads, and what of it is a script or a style in the page itself."""
        given = dict(attrs)
        source = given.get("src") or (given.get("href") if tag == "link" else None)
        if source:
            self.loaded.append(source)
        elif tag in ("script", "style"):
            self.inline.append(tag)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]


@pytest.fixture
def page(db: None, client: Client) -> Page:
    """The page, as anybody gets it."""
    answer = client.get(DOCS)
    assert answer.status_code == 200
    return Page(answer.content.decode())


def test_everything_that_it_loads_is_ours_and_there(page: Page, client: Client) -> None:
    assert len(page.loaded) >= 4
    for source in page.loaded:
        assert re.match(r"/(?!/)|\?", source), source
        answer = client.get(source if source.startswith("/") else DOCS + source)
        assert answer.status_code == 200, source


def test_no_script_and_no_style_stands_in_the_page_itself(page: Page) -> None:
    assert page.inline == []


def test_the_styles_load_nothing_from_elsewhere(page: Page, client: Client) -> None:
    for source in [source for source in page.loaded if source.endswith(".css")]:
        style = b"".join(client.get(source)).decode()  # type: ignore[call-overload]
        assert [url for url in re.findall(r"url\(['\"]?([^)'\"]+)", style) if not url.startswith("data:")] == []


def test_the_policy_allows_our_own_files_and_nothing_else(page: Page, client: Client) -> None:
    policy = client.get(DOCS).headers["Content-Security-Policy"]
    directives = {name: set(values) for name, *values in (part.split() for part in policy.split(";"))}
    assert directives["default-src"] == {"'none'"}
    for name in ("script-src", "style-src", "font-src"):
        assert directives[name] == {"'self'"}
    # Beside us only the stream of changes, which is ours as well: another port of this host.
    assert directives["connect-src"] == {"'self'", f"http://testserver:{settings.LIVE_PORT}/live/"}
    assert "unsafe" not in policy


def test_the_script_asks_us_for_the_schema(page: Page, client: Client) -> None:
    (script,) = [source for source in page.loaded if source.endswith("script=") or "?script" in source]
    assert '"/api/v1/schema/' in client.get(DOCS + script[script.index("?") :]).content.decode()


def test_whoever_has_no_token_may_read_it(db: None) -> None:
    assert APIClient().get(DOCS).status_code == APIClient().get("/api/v1/schema/").status_code == 200
