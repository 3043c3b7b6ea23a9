"""What the template of every page needs to know."""

from typing import Any

from django.utils import timezone

from people.roles import Role
from web import origins

THEMES = ("auto", "light", "dark")


def of_every_page(request: Any) -> dict[str, Any]:
    """Return the chosen theme, the server's time, where the stream is, and what the person's role shows them."""
    person: Any = getattr(request, "user", None)
    signed_in = bool(person and person.is_authenticated)
    theme = request.COOKIES.get("theme", "auto")
    return {
        "theme": theme if theme in THEMES else "auto",
        "server_time": timezone.now(),
        "live_url": origins.of_stream(request),
        "sees_board": signed_in and person.role in (Role.MANAGER, Role.AUDITOR, Role.ADMIN),
        "is_admin": signed_in and person.role == Role.ADMIN,
        # htmx asks for a part of a page; everybody else for the whole.
        "base": "web/part.html" if getattr(request, "htmx", False) and not request.htmx.boosted else "web/base.html",
    }
