"""The marks of a page of the flows: links that say how many rows the list behind them has."""

import re
from html import unescape
from typing import NamedTuple

from django.test import Client

from tests.web.screens import read

LINK = re.compile(r"<a\s([^>]*)>")


class Mark(NamedTuple):
    """A mark: the list that it opens, and how many rows it says that there are."""

    url: str
    count: int


def marks(page: str) -> list[Mark]:
    """Return the marks of a page: every link to a list must be one."""
    found = []
    for attributes in LINK.findall(page):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        if said.get("href", "").startswith("/flows/tickets/"):
            assert "data-count" in said, f"a link that does not say how much is behind it: {said}"
            found.append(Mark(unescape(said["href"]), int(said["data-count"])))
    return found


def listed(client: Client, url: str) -> int:
    """Return how many rows the list at an address has in all."""
    (total,) = re.findall(r'data-total="(\d+)"', read(client, url))
    return int(total)


def different(client: Client, page: str) -> list[str]:
    """Return the marks of a page whose list has another number of rows than they say."""
    counted = {url: listed(client, url) for url in {mark.url for mark in marks(page)}}
    wrong = [mark for mark in marks(page) if counted[mark.url] != mark.count]
    return [f"{mark.url} says {mark.count} and lists {counted[mark.url]}" for mark in wrong]
