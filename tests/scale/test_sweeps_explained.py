"""What a sweep costs follows from what is due, not from what is stored: counted by PostgreSQL.

The same is due in two databases, of 10,000 tickets and of 1,000,000, and every statement that the product
sends is explained there (see `explaining`). The million is a real one: it takes half a minute, and a
gigabyte, so it is made once and everything is asked of it in one test.
"""

from collections.abc import Sequence

import pytest

from tests.scale import history
from tests.scale.explaining import STEADY
from tests.scale.worlds import SWEEPS, Measured, make_worlds

# The way through an index is one page longer over a million rows than over ten thousand: three instead of two.
HIGHER_INDEXES = 3 / 2
# EXPLAIN says how many rows each run of a node found on average.
ROUNDED = 0.01


@pytest.fixture
def worlds(transactional_db: None) -> Sequence[dict[str, Measured]]:
    """What each sweep touched over a few tickets, and over many."""
    return make_worlds()


def figures(few: Measured, many: Measured) -> str:
    """Return what each statement cost, in rows and pages."""
    lines = [
        f"{cost.runs:4} runs {few.touched.each[sql].rows:9.0f} → {cost.rows:9.0f} rows"
        f" {few.touched.each[sql].pages:7} → {cost.pages:7} pages  {' '.join(sql.split())[:150]}"
        for sql, cost in many.touched.each.items()
    ]
    return "\n".join(["", *lines])


def test_over_a_million_tickets_a_sweep_touches_what_it_touches_over_ten_thousand(
    worlds: Sequence[dict[str, Measured]], subtests: pytest.Subtests
) -> None:
    filled = {model._meta.db_table for model in history.TABLES}
    for name, (_, due) in SWEEPS.items():
        few, many = (world[name] for world in worlds)
        with subtests.test(f"{name}: all that is due is done"):
            assert (few.done, many.done) == (due, due)
        with subtests.test(f"{name}: the same rows, statement by statement"):
            rows = [{sql: cost.rows for sql, cost in each.touched.each.items()} for each in (few, many)]
            assert rows[1] == pytest.approx(rows[0], rel=ROUNDED), figures(few, many)
        with subtests.test(f"{name}: the same pages, but for the height of the indexes"):
            assert many.touched.pages <= HIGHER_INDEXES * few.touched.pages, figures(few, many)
        with subtests.test(f"{name}: no table is read whole"):
            assert many.touched.read_whole == set()
            # Nor by the checks of keys at COMMIT, which EXPLAIN does not show, nor by a plan that was kept.
            assert many.read_whole == set()
        with subtests.test(f"{name}: no table that would have had to be filled, too"):
            assert many.touched.tables <= STEADY | filled
