"""Logs: one line of JSON an event, and a request's id on every line that it causes.

No personal data: a request is logged by its route, not by its path and query, which name customers; an
exception by what it is and where it was raised, not by its message, which may repeat what somebody typed.
"""

import contextlib
import errno
import logging
import re
import sys
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import psycopg
import structlog
from django.http import HttpRequest, HttpResponse
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

log = structlog.get_logger("ownership_tracker.requests")

# Its innermost frames say where it went wrong; one that calls itself for ever has a thousand.
FRAMES = 50


def configure(level: str) -> dict[str, Any]:
    """Write events of `level` (a name of `logging`) and above to standard error.

    Returns what Django is to do with the loggers of the libraries: the same.
    """
    ours: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(described),
    ]
    line = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*ours, line],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    without_values = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [structlog.stdlib.add_logger_name, _without_values, *ours],
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, line],
        "pass_foreign_args": True,
        "use_get_message": False,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": without_values},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": []},
            # What is refused stands in the request's own line.
            "django.request": {"level": "ERROR"},
            # Paths with their queries, addresses, and the values of statements.
            "django.server": {"handlers": [], "propagate": False},
            "granian.access": {"handlers": [], "propagate": False},
            "django.db.backends": {"level": "WARNING"},
            "uvicorn.access": {"handlers": [], "propagate": False},
            "_granian": {"handlers": [], "propagate": True},
            "uvicorn": {"handlers": [], "level": "WARNING", "propagate": True},
            # Each run of a task is one line of our own: see `celery`.
            "celery.app.trace": {"level": "CRITICAL"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }


def described(exc_info: ExcInfo) -> list[dict[str, Any]]:
    """Return what is logged of an exception, and of those that led to it, the last one first."""
    return [_named(error) | {"frames": _frames(error)} for error in _chain(exc_info[1])]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _named(error: BaseException) -> dict[str, Any]:
    """Return what an exception is, in words that are never anybody's data."""
    facts: dict[str, Any] = {}
    if isinstance(error, psycopg.Error):
        facts = {"sqlstate": error.sqlstate, "constraint": error.diag.constraint_name, "table": error.diag.table_name}
        if error.sqlstate is None and isinstance(error, psycopg.OperationalError):
            facts["message"] = str(error)  # there is no connection, so there are no values
    elif isinstance(error, OSError):
        facts = {"errno": errno.errorcode.get(error.errno or 0)}
    return {"type": _type(error)} | {name: fact for name, fact in facts.items() if fact is not None}


def _type(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def _frames(error: BaseException) -> list[str]:
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    return [f"{code.co_filename}:{line} {code.co_name}" for code, line in frames[-FRAMES:]]


def _without_values(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Word what a library logs: without the paths of requests and the messages of exceptions."""
    args = event.pop("positional_args")
    if hasattr(event["_record"], "status_code"):  # Django, about a request
        event["event"] = HTTPStatus(event["_record"].status_code).phrase
    elif args:
        named = {key: _worded(value) for key, value in args.items()} if isinstance(args, dict) else None
        with contextlib.suppress(TypeError, ValueError, KeyError):  # what does not fit is logged without
            event["event"] %= named or tuple(_worded(value) for value in args)
    return event


def _worded(value: Any) -> Any:
    return _type(value) if isinstance(value, BaseException) else value


class Requests:
    """Log each request as it ends, and give it an id, the caller's own `X-Request-ID` where there is one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, with its id in the answer."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", given) else uuid.uuid4().hex
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            match = request.resolver_match
            log.info(
                "request",
                method=request.method,
                route=match.route if match else None,
                status=response.status_code,
                milliseconds=round((time.perf_counter() - began) * 1000, 1),
            )
        response["X-Request-ID"] = request_id
        return response
