"""What belongs to every page of a person, before its view runs."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


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
