"""What belongs to no app: health, and the errors that no endpoint answers."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.exceptions import RedisError

from notices import outbox
from people import memory
from people.api.problems import MEDIA_TYPE, problem
from tickets import sweeps


def live(request: HttpRequest) -> HttpResponse:
    """Say that this process answers."""
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> HttpResponse:
    """Say whether the database and the broker answer; 503 names the one that does not."""
    services = {"database": _answers(_ask_database), "broker": _answers(_ask_broker)}
    status = 200 if all(services.values()) else 503
    body: dict[str, object] = {"status": "ready" if status == 200 else "not ready", **services}
    if services["database"]:
        # How far the clocks and the messages are behind; growing for minutes, the worker or the beat is gone.
        body["sweep_lag_seconds"] = round(sweeps.lag().total_seconds())
        body["outbox_lag_seconds"] = round(outbox.lag().total_seconds())
    return JsonResponse(body, status=status)


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    memory.valkey().ping()


def _answers(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except (DatabaseError, RedisError):
        return False
    return True


def _problem(kind: str, status: int, detail: str) -> HttpResponse:
    return JsonResponse(problem(kind, status, detail, []), status=status, content_type=MEDIA_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that could not even be read."""
    return _problem("ParseError", 400, "That request cannot be read.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that does not exist."""
    return _problem("NotFound", 404, "There is nothing at this address. The API is described at /api/v1/docs/.")


def our_fault(request: HttpRequest) -> HttpResponse:
    """Answer when something broke; what it was stands in the log."""
    return _problem("ServerError", 500, "Something broke on our side. It has been written to the log.")
