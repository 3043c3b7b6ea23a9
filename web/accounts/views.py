"""Allauth's views where ours do more."""

from typing import Any

from allauth.account.views import LoginView, logout
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect
from requests import RequestException

from web.accounts.single_sign_on import PROVIDER


class SignIn(LoginView):  # type: ignore[misc]  # allauth has no types
    """The sign-in page, with the button of single sign-on where that is configured."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the whole page there when a part of one was asked for after the session had ended."""
        if request.htmx:
            here = urlencode({"next": request.htmx.current_url_abs_path or "/"})
            return HttpResponseClientRedirect(f"{request.path}?{here}")
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the template shows."""
        return {
            **super().get_context_data(**kwargs),
            "single_sign_on": settings.OIDC_ISSUER and settings.OIDC_NAME,
            "provider": PROVIDER,
        }


sign_in = SignIn.as_view()


def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, and take the drafts out of the browser: the next person at this desk is somebody else."""
    response: HttpResponse = logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"storage"'
    return response


def single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send somebody to the provider, with nothing from the address but where they want to go afterwards.

    A link, not a form: `form-action` holds for redirects, too, and where a provider redirects to is its own.
    """
    if provider_id != PROVIDER or not settings.OIDC_ISSUER:
        raise Http404
    wanted = QueryDict(mutable=True)
    if "next" in request.GET:
        wanted["next"] = request.GET["next"]
    request.GET = wanted  # type: ignore[assignment]  # as immutable as anybody treats it
    try:
        response: HttpResponse = openid_connect.login(request, provider_id)
    except RequestException as error:
        provider = get_adapter().get_provider(request, provider_id)
        response = render_authentication_error(request, provider, exception=error)
    return response
