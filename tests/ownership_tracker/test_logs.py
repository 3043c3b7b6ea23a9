"""What is logged, and how: one line of JSON an event."""

import io
import json
import logging
from typing import Any

import pytest
import structlog
from django.db import IntegrityError, connection, transaction
from django.test import Client
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from notices.tasks import deliver_notices
from ownership_tracker import logs
from tickets.models import Customer

SECRET = "Customer Unmentionable"


class Library:
    """A library that logs, and what is then written by our settings."""

    def __init__(self) -> None:
        before = structlog.get_config()
        line = logs.configure("DEBUG")["formatters"]["line"]
        structlog.configure(**before)
        self.stream = io.StringIO()
        handler = logging.StreamHandler(self.stream)
        handler.setFormatter(line.pop("()")(**line))
        self.log = logging.Logger("library")
        self.log.addHandler(handler)

    def written(self) -> Any:
        """Return the one line."""
        return json.loads(self.stream.getvalue())


@pytest.fixture
def library() -> Library:
    return Library()


def test_what_a_library_logs_is_a_line_of_json_with_the_requests_id(library: Library) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        library.log.warning("%s of %d", "one", 2)
    line = library.written()
    assert line.pop("timestamp")
    assert line == {"event": "one of 2", "logger": "library", "level": "warning", "request_id": "abc"}


def test_what_a_library_says_of_an_exception_is_its_type(library: Library) -> None:
    library.log.error("Trouble: %r", ValueError(SECRET))
    assert library.written()["event"] == "Trouble: 'ValueError'"


def test_what_a_library_words_wrongly_is_logged_without_its_values(library: Library) -> None:
    library.log.error("%d of %d", SECRET, 2)
    assert library.written()["event"] == "%d of %d"


@pytest.mark.django_db
def test_of_a_broken_rule_of_the_database_its_name_is_logged_and_no_value(library: Library) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tickets_customer ADD CONSTRAINT no_such_name CHECK (name = '')")
    with pytest.raises(IntegrityError, match=SECRET) as broken, transaction.atomic():
        Customer.objects.create(name=SECRET)

    library.log.error("It broke", exc_info=broken.value)

    outer, inner = library.written()["exception"]
    assert outer["type"] == "django.db.utils.IntegrityError"
    assert any(
        frame.endswith("test_of_a_broken_rule_of_the_database_its_name_is_logged_and_no_value")
        for frame in outer["frames"]
    )
    assert inner.pop("frames")
    assert inner == {
        "type": "psycopg.errors.CheckViolation",
        "sqlstate": "23514",
        "constraint": "no_such_name",
        "table": "tickets_customer",
    }
    assert SECRET not in library.stream.getvalue()


def test_an_exception_is_logged_with_those_that_led_to_it_and_only_where_they_were_raised(
    library: Library,
) -> None:
    def deep(left: int) -> None:
        if left == 0:
            raise FileNotFoundError(2, "No such file", f"/{SECRET}")
        deep(left - 1)

    try:
        try:
            deep(200)
        except OSError as error:
            raise KeyError(SECRET) from error
    except KeyError:
        library.log.exception("It broke")

    outer, inner = library.written()["exception"]
    assert (outer["type"], inner["type"], inner["errno"]) == ("KeyError", "FileNotFoundError", "ENOENT")
    assert (len(outer["frames"]), len(inner["frames"])) == (1, logs.FRAMES)
    assert SECRET not in library.stream.getvalue()


@pytest.mark.parametrize("given", ["abc123", "4bf92f35-77b3-4da6-a3ce-929d0e0e4736", "a_b.c", "x" * 64])
def test_a_request_keeps_the_id_that_it_came_with(given: str) -> None:
    assert Client().get("/health/live", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "one@example.com", "a b", "ñ", 'a"b'])
def test_a_request_without_a_fit_id_gets_one(given: str) -> None:
    first, second = (Client().get("/health/live", headers={"X-Request-ID": given})["X-Request-ID"] for _ in "12")
    assert first != second
    assert len(first) == 32
    assert structlog.contextvars.get_contextvars() == {}


@pytest.mark.django_db
def test_a_task_leaves_the_id_of_whoever_ran_it_in_place() -> None:
    with structlog.contextvars.bound_contextvars(request_id="outer"), capture_logs([merge_contextvars]) as lines:
        deliver_notices.apply()
        assert structlog.contextvars.get_contextvars() == {"request_id": "outer"}
    assert [line["event"] for line in lines] == ["task"]
    assert lines[0]["request_id"] not in ("", "outer")
