"""Where a browser finds the stream, and where the pages are from that it may be read by.

Behind a proxy both are one origin. Otherwise they are two ports of one host: which name of it a browser uses
decides which cookies it has, so each is told the name that it came by.
"""

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

USUAL = {"http": 80, "https": 443}


def of_stream(request: HttpRequest) -> str:
    """Return the address of the stream for the browser that asked for a page; "" when it cannot have one."""
    if not settings.LIVE_URL.startswith(":"):
        return settings.LIVE_URL  # type: ignore[no-any-return]
    host = split_domain_port(request.get_host())[0]
    # A content security policy cannot name such a host.
    return "" if host.startswith("[") else f"{request.scheme}://{host}{settings.LIVE_URL}"


def of_pages(request: HttpRequest) -> set[str]:
    """Return the origins whose pages may read the stream that was asked for: theirs, and the stream's own."""
    own = f"{request.scheme}://{request.get_host()}"
    if not settings.LIVE_URL.startswith(":"):
        return {own}
    pages = f"{request.scheme}://{split_domain_port(request.get_host())[0]}"
    return {own, pages if USUAL[request.scheme or "http"] == settings.PORT else f"{pages}:{settings.PORT}"}
