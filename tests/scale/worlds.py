"""Two databases in which the same is due, over ten thousand tickets and over a million."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import time_machine
from django.db import connection
from django.test import Client

from handoffs import covers, expiry, overdue, ringing
from notices import delivery
from ownership_tracker import metrics
from tests.invariants import broken_invariants
from tests.scale import colleagues, history, present
from tests.scale.explaining import STEADY, Touched, explained
from tests.scale.loading import bulk_load
from tests.scale.present import LIVE, NOW
from tickets import climbing, sweeps

FEW, MANY = 10_000, 1_000_000


def _claim_all() -> int:
    """Claim what is due as deliveries do, batch by batch, and return how many notices that are."""
    claimed = 0
    while batch := delivery._claim():
        claimed += len(batch)
    return claimed


def _ask_for_lags() -> int:
    """Ask how far behind the sweeps are, and return how many minutes that is."""
    answer = Client().get("/health/ready").json()
    return round(answer["sweep_lag_seconds"] / 60)


# What is measured, in this order, and how much there is for it to do.
SWEEPS: dict[str, tuple[Callable[[], int], int]] = {
    "lags": (_ask_for_lags, 600),
    "metrics": (lambda: len(metrics.exposition()) and 1, 1),
    "deliveries": (_claim_all, 1000),
    "tickets": (sweeps.sweep, 1000),
    "climbing flags": (climbing.sweep, 200),
    "offers": (expiry.sweep, 50),
    "packets and questions": (overdue.sweep, 100),
    "managers": (ringing.sweep, 50),
    "covers": (covers.sweep, 50),
}


@dataclass
class Measured:
    """What a sweep did, what its statements touched, and which tables were read from end to end all told."""

    done: int
    touched: Touched
    read_whole: set[str]


def make_worlds() -> tuple[dict[str, Measured], dict[str, Measured]]:
    """Return what each sweep touches over a few tickets, and over many."""
    with time_machine.travel(NOW, tick=False), clone("few"):
        with bulk_load([*history.TABLES, *present.TABLES]):
            present.write()
            colleagues.write()
            history.write(1, FEW - LIVE)
            present.write_chains()
            history.write_chains(1, FEW - LIVE)
        assert broken_invariants() == []
        with clone("many"):
            with bulk_load(history.TABLES):
                history.write(FEW - LIVE + 1, MANY - LIVE)
            many = _measure()
        # A small table is read faster whole than by its index. To be compared at all, it has to be read as a
        # large one is; and that is the least that can be touched.
        with connection.cursor() as cursor:
            for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
                cursor.execute(f"SET enable_{way} = off")
        return _measure(), many


@contextmanager
def clone(name: str) -> Iterator[None]:
    """Work in a copy of the database, which is dropped afterwards."""
    original = connection.settings_dict["NAME"]
    connection.creation.clone_test_db(name, verbosity=0)
    connection.settings_dict["NAME"] = f"{original}_{name}"
    try:
        yield
    finally:
        connection.creation.destroy_test_db(original, verbosity=0)


def _measure() -> dict[str, Measured]:
    measured = {}
    for name, (sweep, _) in SWEEPS.items():
        before = _reads_of_whole_tables()
        with explained() as touched:
            done = sweep()
        after = _reads_of_whole_tables()
        measured[name] = Measured(done, touched, {table for table in after if after[table] != before[table]} - STEADY)
    return measured


def _reads_of_whole_tables() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT relname, seq_scan FROM pg_stat_user_tables")
        return dict(cursor.fetchall())
