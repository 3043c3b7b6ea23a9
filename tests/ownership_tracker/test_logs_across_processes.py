"""The id of a request, followed through the web server, the outbox, the broker and the worker."""

from pathlib import Path

import pytest
import structlog
from django.db import connection
from pytest_django import Settings

from notices import webhooks
from notices.tasks import deliver_notices
from people import tokens
from tests.cast import Cast
from tests.notices.receivers import receiving
from tests.ownership_tracker.product import BEAT, WEB, WORKER, running
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)

FAILING = """
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'Customer Unmentionable' USING CONSTRAINT = 'failing'; END $$;
CREATE TRIGGER failing BEFORE UPDATE ON tickets_ticket FOR EACH ROW EXECUTE FUNCTION fail()"""


def test_the_delivery_of_what_a_request_caused_carries_its_id(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")  # Celery's advice not to be root, printed as it starts
    with receiving() as receiver:
        receiver.answers = [500, 200]
        hook = webhooks.create(by=cast.adam, url=receiver.url)
        token = tokens.create(cast.adam)
        with running(tmp_path, monkeypatch, WEB, WORKER, BEAT, EMAIL_URL="dummymail://") as product:
            status, headers, _ = product.ask(
                "POST", f"/api/v1/webhooks/{hook.pk}/test/", {}, token=token, X_Request_ID="followed-1"
            )
            assert (status, headers["x-request-id"]) == (201, "followed-1")
            first, second = product.wait_for(lambda: len(found := product.lines("delivery", WORKER)) == 2 and found)
            runs = product.wait_for(lambda: len(found := product.lines("task", WORKER)) > 9 and found)
            logged = product.logged(WORKER, BEAT).splitlines()  # as it ends it says good-bye to a terminal
    asked = [line for line in product.lines("request", WEB) if "webhooks" in line["route"]]
    assert [line["request_id"] for line in asked] == ["followed-1"]
    assert {(line["request_id"], line["to"]) for line in (first, second)} == {("followed-1", "webhook")}
    assert [(line["state"], line["level"]) for line in (first, second)] == [
        ("queued", "warning"),
        ("delivered", "info"),
    ]
    assert (first["attempts"], first["why"], second["attempts"]) == (1, "it answered 500", 2)
    assert first["notice"] == second["notice"] == receiver.received[0].id
    # What the clock started has an id of its own, each time.
    assert len({run["request_id"] for run in runs}) == len({run["id"] for run in runs}) == len(runs)
    assert {run["state"] for run in runs} == {"SUCCESS"}
    assert "notices.tasks.deliver_notices" in {run["task"] for run in runs}
    assert product.lines("beat: Starting...", BEAT)
    assert [line for line in logged if not line.startswith('{"')] == []


def test_a_task_carries_the_id_of_the_request_that_sent_it(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path, monkeypatch, WORKER) as product:
        with structlog.contextvars.bound_contextvars(request_id="sender-1"):
            deliver_notices.delay()
        deliver_notices.delay()
        first, second = product.wait_for(lambda: len(found := product.lines("task", WORKER)) == 2 and found)
    assert first["request_id"] == "sender-1"
    assert second["request_id"] == second["id"].replace("-", "")
    assert first["milliseconds"] > 0


def test_a_task_that_fails_is_logged_with_where_and_without_values(
    cast: Cast, ticket: Ticket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tickets_ticket SET check_at = now()")
        cursor.execute(FAILING)
        try:
            with running(tmp_path, monkeypatch, WORKER, BEAT) as product:
                failure = product.wait_for(lambda: product.lines("task_failed", WORKER))[0]
                run = product.wait_for(
                    lambda: [line for line in product.lines("task", WORKER) if line["id"] == failure["id"]]
                )[0]
        finally:
            cursor.execute("DROP TRIGGER failing ON tickets_ticket; DROP FUNCTION fail()")
    assert (run["task"], run["state"]) == ("tickets.tasks.sweep_tickets", "FAILURE")
    assert (failure["task"], failure["level"], failure["request_id"]) == (run["task"], "error", run["request_id"])
    assert [error["type"] for error in failure["exception"]] == [
        "django.db.utils.ProgrammingError",
        "psycopg.errors.RaiseException",
    ]
    assert failure["exception"][1]["constraint"] == "failing"
    assert any("tickets/sweeps.py" in frame for frame in failure["exception"][0]["frames"])
    assert "Unmentionable" not in product.logged(WORKER, BEAT)
