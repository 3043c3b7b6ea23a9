"""What Prometheus is told at /metrics: read from the rows, and from the broker, whenever it asks.

The product is several processes, and none knows what the others did; the rows do. Everything here lies
under a partial index or within one day, so an answer costs the same however much is stored. It names teams,
and nobody.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import Error, connection, transaction
from django.db.models import Count, QuerySet, Value
from django.utils import timezone
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from handoffs.models import Handoff
from handoffs.protocol import ANSWERS
from notices import outbox
from notices.models import Notice
from ownership_tracker import lag
from people import memory
from people.models import Team
from tickets.kinds import FlagKind, HoldKind, Level
from tickets.models import Flag, Hold, Ticket

PREFIX = "ownership_tracker"
# A scrape that takes longer helps nobody, and Prometheus itself gives up after ten seconds.
STATEMENT_TIMEOUT = "5s"
LATELY = timedelta(days=1)

Labels = tuple[str, ...]


class Counted(NamedTuple):
    """Rows that are counted by their labels.

    labels: what Prometheus calls them, and where they stand. possible: those that are told even when there
    is nothing to count.
    """

    name: str
    help: str
    labels: dict[str, str]
    rows: Callable[[], list[QuerySet[Any]]]
    possible: Callable[[], Iterable[Labels]]


def _flags() -> Iterable[Labels]:
    return [(kind.value, level.value) for kind in FlagKind for level in Level]


UNDELIVERED = (Notice.State.QUEUED, Notice.State.DEAD)
BY_KIND_AND_LEVEL = {"kind": "kind", "level": "level"}

COUNTED = (
    Counted(
        "notices",
        "Messages that are on their way (queued), and those that were given up (dead).",
        {"state": "is"},
        # One by one, and without reading the state itself: so the two partial indexes are all that is read.
        lambda: [Notice.objects.filter(state=state).annotate(**{"is": Value(state)}) for state in UNDELIVERED],
        lambda: [(state.value,) for state in UNDELIVERED],
    ),
    Counted(
        "open_flags",
        "Flags that somebody still has to deal with.",
        BY_KIND_AND_LEVEL,
        lambda: [Flag.objects.filter(status__in=Flag.OPEN)],
        _flags,
    ),
    Counted(
        "flags_raised_24h",
        "Flags raised within the last 24 hours, at the level that they have now.",
        BY_KIND_AND_LEVEL,
        lambda: [Flag.objects.filter(raised_at__gt=timezone.now() - LATELY, historical=False)],
        _flags,
    ),
    Counted(
        "handoffs_in_progress",
        "Handoffs that wait for somebody's yes.",
        {"kind": "kind", "state": "state"},
        lambda: [Handoff.objects.in_progress()],
        lambda: sorted({(kind.value, state.value) for kind, state, _ in ANSWERS}),
    ),
    Counted(
        "open_holds",
        "Customers who wait because of us.",
        {"kind": "kind"},
        lambda: [Hold.objects.filter(ended_at=None)],
        lambda: [(kind.value,) for kind in HoldKind],
    ),
    Counted(
        "live_tickets",
        "Tickets that somebody still has to answer for.",
        {"team": "team__slug"},
        lambda: [Ticket.objects.live()],
        lambda: Team.objects.values_list("slug"),
    ),
)


def exposition() -> bytes:
    """Return everything, in the text format of Prometheus."""
    return generate_latest(_REGISTRY)


def database_answers() -> bool:
    """Say whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def broker_answers() -> bool:
    """Say whether the broker answers."""
    try:
        memory.valkey().ping()
    except RedisError:
        return False
    return True


class Product(Collector):
    """The metrics, as the library asks for them."""

    def collect(self) -> Iterator[Metric]:
        """Return each metric with its values; of a database that is away, only that it is."""
        try:
            told = _told_by_the_database()
        except Error:
            told = []
        yield _gauge("database_up", "1 when the database tells all this in time.", bool(told))
        yield _gauge("broker_up", "1 when Redis or Valkey answers.", broker_answers())
        yield from told


_REGISTRY = CollectorRegistry()
_REGISTRY.register(Product())


def _gauge(name: str, help: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}_{name}", help, value=value)


@transaction.atomic
def _told_by_the_database() -> list[Metric]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'")
    return [
        _gauge(
            "sweep_lag_seconds",
            "For how long the longest waiting ticket has been due to be looked at.",
            lag.of_sweeps().total_seconds(),
        ),
        _gauge(
            "outbox_lag_seconds",
            "For how long the oldest message has waited that could be sent now.",
            outbox.lag().total_seconds(),
        ),
        *(_count(counted) for counted in COUNTED),
    ]


def _count(counted: Counted) -> Metric:
    metric = GaugeMetricFamily(f"{PREFIX}_{counted.name}", counted.help, labels=list(counted.labels))
    counts: dict[Labels, int] = {}
    for rows in counted.rows():
        for *labels, count in rows.order_by().values_list(*counted.labels.values()).annotate(count=Count("*")):
            counts[tuple(labels)] = count
    for labels in counted.possible():
        metric.add_metric(labels, counts.get(labels, 0))
    return metric
