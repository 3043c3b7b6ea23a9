"""Who may open a page: people who are signed in, never programs."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from people.errors import NotVisible, NotYours
from people.models import Person
from people.roles import Role

P = ParamSpec("P")


class PageRequest(HttpRequest):
    """A request by somebody who is signed in."""

    user: Person
    htmx: HtmxDetails


View = Callable[Concatenate[PageRequest, P], HttpResponse]

# Who answers for more than their own tickets.
MANAGING = frozenset({Role.MANAGER, Role.AUDITOR, Role.ADMIN})


def page(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Open a page to everybody who is signed in; what they may not see is not there."""

    @login_required
    @wraps(view)
    def opened(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.role == Role.INTEGRATION:
            raise PermissionDenied("Programs use the API.")
        try:
            return view(request, *args, **kwargs)
        except NotVisible as refusal:
            raise Http404(refusal.detail) from refusal
        except NotYours as refusal:
            raise PermissionDenied(refusal.detail) from refusal

    return opened


def managers_page(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Open a page to managers, auditors and administrators."""

    @page
    @wraps(view)
    def opened(request: PageRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.role not in MANAGING:
            raise PermissionDenied("This page is for managers.")
        return view(request, *args, **kwargs)

    return opened
