"""What holds for every page: the second factor of who must have one, the length of a session, Valkey away."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from web.accounts import second_factor

log = structlog.get_logger(__name__)

# A session that is used is written no more often than this, in seconds.
KEPT_FOR = 600


class Door:
    """Middleware around the pages. The API has nothing to do with sessions and passes by."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Lead whoever must have a second factor, and has none, to where they get one."""
        if request.path.startswith("/api/") or not request.user.is_authenticated:
            return None
        _keep(request)
        if request.path.startswith("/accounts/") or not second_factor.is_missing(request):
            return None
        messages.warning(request, _("Your role needs a second step to sign in. Set it up to go on."))
        return redirect("mfa_activate_totp")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Without Valkey nobody counts the wrong tries, so nobody signs in: 503, in words."""
        if not isinstance(exception, RedisError) or not request.path.startswith("/accounts/"):
            return None
        log.warning("memory_is_away", error=type(exception).__name__)
        answer = render(request, "account/away.html", status=503)
        answer["Retry-After"] = "30"
        return answer


def _keep(request: HttpRequest) -> None:
    """Let a session that is used last for another working day.

    Only what a person does counts: the pages of a forgotten desk ask for news by themselves for ever.
    """
    if request.method != "POST" and request.headers.get("Sec-Fetch-Dest") != "document":
        return
    now = int(time.time())
    if now - request.session.get("kept_at", 0) > KEPT_FOR:
        request.session["kept_at"] = now
