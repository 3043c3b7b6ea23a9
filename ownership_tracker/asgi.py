"""The ASGI entry point: the stream of changes, and nothing else."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Any

import django
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ownership_tracker.settings")
django.setup(set_prefix=False)

from web.live import stream as live  # noqa: E402 - it needs the settings

# Seconds within which a browser must take what it is sent.
PATIENCE = 10

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


async def answer(request: HttpRequest) -> HttpResponseBase:
    """Answer a request for the stream; there is nothing at any other address."""
    if request.path_info != "/live/":
        return HttpResponse(status=404)
    return await live.stream(request)


class Stream(ASGIHandler):
    """Django's handler without the middleware of pages, and without a thread for each request while it lasts."""

    def load_middleware(self, is_async: bool = False) -> None:
        """Load none: the one view asks for the session itself."""
        self._middleware_chain = convert_exception_to_response(answer)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the process's life and its requests; cut off whoever does not read what they are sent."""
        if scope["type"] == "lifespan":
            await self.live(receive, send)
            return

        async def send_or_cut(message: Any) -> None:
            async with asyncio.timeout(PATIENCE):
                await send(message)

        with contextlib.suppress(TimeoutError):
            await self.handle(scope, receive, send_or_cut)

    async def live(self, receive: Receive, send: Send) -> None:
        """Follow the changes while the process lives, and end the streams as soon as it is asked to stop."""
        await receive()
        following = asyncio.create_task(live.hub.follow())
        loop = asyncio.get_running_loop()
        theirs = signal.getsignal(signal.SIGTERM)

        def stop(number: int, frame: FrameType | None) -> None:
            # The server waits for open streams, and would tell us of its end only afterwards.
            loop.call_soon_threadsafe(live.hub.close)
            if callable(theirs):
                theirs(number, frame)

        signal.signal(signal.SIGTERM, stop)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        following.cancel()
        await send({"type": "lifespan.shutdown.complete"})


application = Stream()
