"""What people are shown when a page cannot be had; programs are answered by the roof in JSON."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from people.errors import Refusal


def _page(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    return render(request, "web/error.html", {"title": title, "words": words}, status=status)


def bad_request(request: HttpRequest) -> HttpResponse:
    """Answer what could not be read."""
    return _page(request, 400, _("That cannot be read"), _("Go back, load the page again, and repeat it."))


def forbidden(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """Answer what is not theirs to do."""
    words = str(exception or "") or _("Ask whoever owns it, or your manager.")
    return _page(request, 403, _("That is not yours to do"), words)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from our own pages, or from one that was open for too long."""
    del reason
    words = _("The page was open for too long, or cookies are off. Load it again; what you typed is kept.")
    return _page(request, 403, _("That form is too old"), words)


def not_found(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """Answer an address that leads nowhere, or to what one may not see."""
    cause = getattr(exception, "__cause__", None)
    words = cause.detail if isinstance(cause, Refusal) else _("There is nothing here, or nothing that you may see.")
    return _page(request, 404, _("Not found"), words)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Answer when something broke."""
    words = _("Something broke on our side. It has been written to the log. What you typed is kept.")
    return _page(request, 500, _("That did not work"), words)
