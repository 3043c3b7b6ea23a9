"""How often one may ask: counted in fixed minutes, one step in the shared memory a request."""

import time
from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from people import memory


class _PerMinute(SimpleRateThrottle):
    duration: int

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request, and say whether it is within the rate."""
        self.ident = self.get_cache_key(request, view)
        if self.ident is None or self.rate is None:
            return True
        window = int(time.time() // self.duration)
        key = f"{self.ident}:{window}"
        # Valkey away counts nothing, and a counter that it lost starts again: both only let more in.
        return memory.count(key, seconds=self.duration * 2) <= self.num_requests

    def wait(self) -> float:
        """Return the seconds until the next minute begins."""
        return self.duration - time.time() % self.duration


class PerPerson(_PerMinute):
    """Of one person or program."""

    scope = "person"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Return who is counted: only those who have signed in."""
        return f"throttle:{request.user.pk}" if request.user.is_authenticated else None


class PerAddress(_PerMinute):
    """Of one network address, as long as nobody has signed in: guessing tokens is slow work."""

    scope = "address"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Return what is counted: the address of those who have not signed in."""
        return None if request.user.is_authenticated else f"throttle:{self.get_ident(request)}"
