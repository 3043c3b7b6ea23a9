"""Every mark opens its list, and the list has as many rows as the mark says."""

import pytest

from tests.cast import Cast
from tests.web.flows.marks import different, marks
from tests.web.screens import read, signed_in
from web.flows import moves as reads

FEBRUARY = "since=2027-02-01&until=2027-02-28"


def wrong_marks(cast: Cast, pages: dict[str, tuple[str, int]]) -> list[str]:
    """Return which marks of some pages (query: viewer, how many there are at least) say what is not so."""
    wrong = []
    for query, (viewer, at_least) in pages.items():
        client = signed_in(getattr(cast, viewer))
        page = read(client, f"/flows/?{FEBRUARY}&{query}")
        assert len(marks(page)) >= at_least, query
        wrong += different(client, page)
    return wrong


def test_every_mark_opens_as_many_rows_as_it_says(month: Cast) -> None:
    pages = {
        "view=weeks": ("petra", 60),
        "view=teams": ("ada", 30),
        "view=categories&team=billing&imported=left_out": ("maya", 20),
        "who=teams": ("petra", 5),
        "who=people&imported=counted": ("ada", 15),
        "who=people": ("lars", 10),
        "who=people&channel=email&imported=left_out": ("maya", 5),
    }

    assert wrong_marks(month, pages) == []


def test_so_do_the_others_and_what_is_beyond_the_picture(month: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "MATRIX", 2)
    monkeypatch.setattr(reads, "PER_LAYER", 1)
    monkeypatch.setattr(reads, "LAYERS", 3)

    page = read(signed_in(month.ada), f"/flows/?{FEBRUARY}&who=people")

    assert "giver=others&amp;taker=others" in page
    assert "hop=1&amp;giver=others" in page
    assert "hop=later" in page
    assert wrong_marks(month, {"who=people": ("ada", 10), "who=people&team=logistics": ("lars", 5)}) == []


def test_the_weeks_of_a_figure_add_up_to_its_total(month: Cast) -> None:
    page = read(signed_in(month.ada), f"/flows/?{FEBRUARY}&view=weeks")

    by_kind: dict[str, list[int]] = {}
    for mark in set(marks(page)):
        kind = "opened" if "measure=opened&" in mark.url and "part" not in mark.url else ""
        by_kind.setdefault(kind, []).append(mark.count)

    total = max(by_kind["opened"])
    assert sum(by_kind["opened"]) == 2 * total
