"""For how long somebody is locked out, in words. What may be tried how often stands in the settings."""

import math
import time

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

APP, ACTION = "allauth.account", "login_failed"


def seconds_left(request: HttpRequest, key: str) -> float:
    """Return for how many seconds nobody can try again under `key` from where the request comes."""
    now, longest = time.time(), 0.0
    for rate in ratelimit.get_rates(app=APP, action=ACTION):
        name = ratelimit.get_cache_key(request, app=APP, action=ACTION, rate=rate, key=key)
        tries: list[float] = cache.get(name, [])  # the newest first
        if len(tries) >= rate.amount:
            longest = max(longest, tries[rate.amount - 1] + rate.duration - now)
    return longest


def locked(seconds: float) -> str:
    """Return what a person who is locked out is told."""
    if seconds <= 0:
        return gettext("Too many tries at once. Try again in a moment.")
    minutes = math.ceil(seconds / 60)
    return ngettext(
        "Too many wrong tries: locked for another minute. After that, try again.",
        "Too many wrong tries: locked for another %(minutes)d minutes. After that, try again.",
        minutes,
    ) % {"minutes": minutes}


def forgive(request: HttpRequest, key: str) -> None:
    """Forget the wrong tries under `key`."""
    ratelimit.clear(request, app=APP, action=ACTION, key=key)
