"""What PostgreSQL touches for what the product asks: rows and pages, as EXPLAIN counts them."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) "
EXPLAINED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
# These do not grow with the tickets that are stored: who works here, and who is being asked something now.
STEADY = {
    *("people_person", "people_team", "people_person_teams", "notices_webhook", "tickets_viewer"),
}


@dataclass
class Cost:
    """What the runs of one statement touched in tables that grow."""

    runs: int = 0
    rows: float = 0
    pages: int = 0


@dataclass
class Touched:
    """What some statements touched in tables that grow.

    each: the cost of each statement. tables: which ones. read_whole: those of them that were read from
    beginning to end, with the statement.
    """

    each: dict[str, Cost] = field(default_factory=lambda: defaultdict(Cost))
    tables: set[str] = field(default_factory=set)
    read_whole: set[tuple[str, str]] = field(default_factory=set)

    @property
    def rows(self) -> float:
        """How many rows were read or written, with those that were read in vain."""
        return sum(cost.rows for cost in self.each.values())

    @property
    def pages(self) -> int:
        """How many times a page was taken in hand, found in memory or not."""
        return sum(cost.pages for cost in self.each.values())

    def add(self, sql: str, plan: dict[str, Any]) -> None:
        """Add one run of a statement, which went as `plan` says."""
        cost = self.each[sql]
        cost.runs += 1
        for node in _nodes(plan):
            table = node.get("Relation Name")
            if table in STEADY:
                continue
            # A node's pages are those of the nodes below it as well.
            cost.pages += _pages(node) - sum(_pages(below) for below in node.get("Plans", ()))
            if table is None:
                continue
            self.tables.add(table)
            found = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
            cost.rows += node["Actual Loops"] * sum(node.get(name, 0) for name in found)
            if node["Node Type"] == "Seq Scan":
                self.read_whole.add((table, sql))


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _pages(node: dict[str, Any]) -> int:
    return int(node["Shared Hit Blocks"] + node["Shared Read Blocks"])


@contextmanager
def explained() -> Iterator[Touched]:
    """Explain every statement that the block sends, just before it runs, and yield what they touch.

    To be explained each of them runs once more, and is undone; so the next meets what it would have met.
    """
    touched = Touched()

    def explain(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.lstrip().startswith(EXPLAINED):
            undo = connection.in_atomic_block
            if undo:
                execute("SAVEPOINT explained", None, False, context)
            execute(EXPLAIN + sql, params, False, context)
            touched.add(sql, context["cursor"].fetchone()[0][0]["Plan"])
            if undo:
                execute("ROLLBACK TO SAVEPOINT explained", None, False, context)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield touched
