"""What belongs to every page of a person, before its view runs."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from web import origins


def time_zone(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Read and show times in the time zone that the browser says it is in; UTC until it has."""

    def answered(request: HttpRequest) -> HttpResponse:
        try:
            zone = ZoneInfo(request.COOKIES.get("time_zone", "UTC"))
        except (ValueError, OSError, ZoneInfoNotFoundError):
            return answer(request)
        with timezone.override(zone):
            return answer(request)

    return answered


def reach_stream(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let a page connect to the stream where that is another origin."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        stream = origins.of_stream(request)
        if "://" in stream:
            response._csp_update = {"connect-src": [stream]}  # type: ignore[attr-defined]  # django-csp's
        return response

    return answered
