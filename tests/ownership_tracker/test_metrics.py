"""What Prometheus is told, read with the library's own parser."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from notices import outbox
from notices.models import Notice
from people import memory
from tests.cast import Cast, in_hours
from tests.ownership_tracker.test_settings import INSTALLATION, read_settings
from tests.scene import make_scene
from tickets import flags
from tickets.bounces import Finding
from tickets.kinds import FlagKind, Level
from tickets.models import Flag, Ticket

TOKEN = "0123456789abcdefghij"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def scrape() -> dict[tuple[str, ...], float]:
    """Return every value by the name of its metric, without the product's, and its labels' values."""
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name.removeprefix("ownership_tracker_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_without_a_token_the_address_does_not_exist(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}"}):
        assert Client().get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize("given", [None, "", TOKEN, f"Bearer {TOKEN}x", "Bearer ", "Bearer ñ", f"Basic {TOKEN}"])
def test_only_the_bearer_of_the_token_is_told(given: str | None) -> None:
    refused = Client().get("/metrics", headers={} if given is None else {"Authorization": given})
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    assert b"database_up" not in refused.content


def test_an_installation_is_refused_a_token_that_can_be_guessed() -> None:
    assert "METRICS_TOKEN is too short" in read_settings(INSTALLATION | {"METRICS_TOKEN": TOKEN[1:]}).stderr


def test_an_installation_tells_it_past_the_proxy_too() -> None:
    read = read_settings(
        INSTALLATION | {"METRICS_TOKEN": TOKEN},
        "settings.METRICS_TOKEN, [each for each in settings.SECURE_REDIRECT_EXEMPT if 'metrics' in each]",
    )
    assert read.stdout.strip() == f"{TOKEN} ['^metrics$']"


def test_an_empty_installation_tells_noughts() -> None:
    told = scrape()
    assert told.pop(("database_up",)) == told.pop(("broker_up",)) == 1
    assert {name for name, *_ in told} == {
        "sweep_lag_seconds",
        "outbox_lag_seconds",
        "notices",
        "open_flags",
        "flags_raised_24h",
        "handoffs_in_progress",
        "open_holds",
    }
    assert set(told.values()) == {0}


def test_what_is_going_on_is_counted() -> None:
    scene = make_scene()
    Notice.objects.filter(pk=Notice.objects.earliest("number").pk).update(state="dead", next_attempt_at=None)

    told = scrape()

    assert told["open_flags", scene.flag.kind, scene.flag.level] == 1
    # A closed flag was raised all the same.
    assert told["open_flags", scene.closed_flag.kind, scene.closed_flag.level] == 0
    assert told["flags_raised_24h", scene.closed_flag.kind, scene.closed_flag.level] == 1
    assert told["handoffs_in_progress", "offer", "offered"] == 1
    assert told["handoffs_in_progress", "claim", "claimed"] == 0
    assert (told["open_holds", "call"], told["open_holds", "ticket"]) == (1, 0)
    # One ticket is closed.
    assert (told["live_tickets", "billing"], told["live_tickets", "logistics"]) == (3, 0)
    assert told["notices", "dead"] == 1
    assert told["notices", "queued"] == Notice.objects.count() - 1 > 0


def test_flags_of_yesterday_and_of_imported_histories_were_not_raised_lately(cast: Cast, ticket: Ticket) -> None:
    old, imported = flags.raise_for(
        ticket, [Finding(FlagKind.BOUNCED, Level.RED), Finding(FlagKind.REFUSED, Level.RED)], at=in_hours(0)
    )
    Flag.objects.filter(pk=old.pk).update(raised_at=in_hours(-25))
    Flag.objects.filter(pk=imported.pk).update(historical=True)

    told = scrape()

    assert told["flags_raised_24h", "bounced", "red"] == told["flags_raised_24h", "refused", "red"] == 0
    assert told["open_flags", "bounced", "red"] == 1


def test_what_is_behind_is_told_in_seconds(cast: Cast, ticket: Ticket) -> None:
    with transaction.atomic():
        outbox.queue("reopened", to=[cast.alice], about="T-1")
    Notice.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=3))
    Ticket.objects.filter(pk=ticket.pk).update(check_at=timezone.now() - timedelta(minutes=2))

    told = scrape()

    assert 180 <= told["outbox_lag_seconds",] < 240
    assert 120 <= told["sweep_lag_seconds",] < 180


def test_it_names_nobody() -> None:
    make_scene()
    page = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode().casefold()
    assert not [name for name in ("alice", "bob", "maya", "customer one", "212") if name in page]


def test_an_answer_costs_the_same_however_much_is_stored() -> None:
    """Everything is read under a partial index, or by the age of flags, or is as small as the teams."""
    make_scene()
    with CaptureQueriesContext(connection) as asked:
        scrape()
    questions = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NOT NULL")
        bounded = {name for (name,) in cursor.fetchall()} | {"flag_by_age"}
        # There is little here, and little is read faster without any index: see which could be used.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        for question in questions:
            cursor.execute(f"EXPLAIN {question}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            small = r"people_team\w*|notices_webhook\w*"
            read = set(re.findall(r"Scan (?:Backward )?using (\w+)|Seq Scan on (\w+)", plan))
            names = {index or table for index, table in read}
            assert {name for name in names if not re.fullmatch(small, name)} <= bounded, plan
    assert len(questions) == 5 + 2 + 5 + 1


@pytest.fixture
def database_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing listens where the database was."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", "9")
    yield
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_when_the_database_is_away_it_tells_so(database_away: None) -> None:
    assert scrape() == {("database_up",): 0, ("broker_up",): 1}
    ready = Client().get("/health/ready")
    assert (ready.status_code, ready.json()["database"], ready.json()["broker"]) == (503, False, True)


def test_when_the_broker_is_away_it_tells_so_and_the_rest(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    memory.valkey.cache_clear()
    try:
        told = scrape()
    finally:
        memory.valkey.cache_clear()
    assert (told["broker_up",], told["database_up",], told["notices", "queued"]) == (0, 1, 0)
