"""What belongs to no app: health, and the errors that no endpoint answers."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from notices import outbox
from ownership_tracker import lag
from ownership_tracker.metrics import broker_answers, database_answers, exposition
from people.api.problems import MEDIA_TYPE, problem
from web import errors


def live(request: HttpRequest) -> HttpResponse:
    """Say that this process answers."""
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> HttpResponse:
    """Say whether the database and the broker answer; 503 names the one that does not."""
    services = {"database": database_answers(), "broker": broker_answers()}
    status = 200 if all(services.values()) else 503
    body: dict[str, object] = {"status": "ready" if status == 200 else "not ready", **services}
    if services["database"]:
        # How far the clocks and the messages are behind; growing for minutes, the worker or the beat is gone.
        body["sweep_lag_seconds"] = round(lag.of_sweeps().total_seconds())
        body["outbox_lag_seconds"] = round(outbox.lag().total_seconds())
    return JsonResponse(body, status=status)


def metrics(request: HttpRequest) -> HttpResponse:
    """Tell Prometheus how it is going: where a token for it is set, and to whoever has it."""
    if not settings.METRICS_TOKEN:
        return _nothing_here()
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        refused = _problem("NotAuthenticated", 401, "Only the bearer of the metrics token is told.")
        refused["WWW-Authenticate"] = "Bearer"
        return refused
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _problem(kind: str, status: int, detail: str) -> HttpResponse:
    return JsonResponse(problem(kind, status, detail, []), status=status, content_type=MEDIA_TYPE)


def _is_for_programs(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/health/", "/metrics"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that could not even be read."""
    if not _is_for_programs(request):
        return errors.bad_request(request)
    return _problem("ParseError", 400, "That request cannot be read.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that does not exist."""
    return _nothing_here() if _is_for_programs(request) else errors.not_found(request, exception)


def _nothing_here() -> HttpResponse:
    return _problem("NotFound", 404, "There is nothing at this address. The API is described at /api/v1/docs/.")


def our_fault(request: HttpRequest) -> HttpResponse:
    """Answer when something broke; what it was stands in the log."""
    if not _is_for_programs(request):
        return errors.our_fault(request)
    return _problem("ServerError", 500, "Something broke on our side. It has been written to the log.")
