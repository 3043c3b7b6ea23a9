"""What the board is read for."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from people.models import Person
from tests.web.screens import read, signed_in

Section = Callable[..., str]


def words(html: str) -> str:
    """Return what a part of a page says, without its markup."""
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).replace("&#x27;", "'").strip()
    return re.sub(r" ([,.:])", r"\1", said)


@pytest.fixture
def section() -> Section:
    """A function that returns one section of somebody's board, as words."""

    def shown(person: Person, name: str, path: str = "/board/") -> str:
        page = read(signed_in(person), path)
        found: Any = re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)
        assert found, f"no section {name}"
        return words(found[0])

    return shown
