"""Signing in by the company's own provider (OpenID Connect).

Whoever comes from there is the one active person with the e-mail address that the provider vouches for
(`email_verified`). Nothing is stored about it, so nothing can disagree: an administrator who changes an
address changes who comes in. `preferred_username` is not asked: at many providers people choose it themselves.
"""

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from web.accounts.backend import people_at

PROVIDER = "sso"


class SingleSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Lets in whom we know, and creates nobody."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Say who it is. Raises ImmediateHttpResponse with the reason when it is nobody we know."""
        addresses = {each.email: each.verified for each in sociallogin.email_addresses}
        verified = [address for address, is_verified in addresses.items() if is_verified]
        if not addresses:
            refuse(request, _("It did not tell us your e-mail address."))
        if not verified:
            words = _("It does not vouch for your e-mail address, %(address)s.")
            refuse(request, words % {"address": next(iter(addresses))})
        people = {person for address in verified for person in people_at(address)}
        if not people:
            words = _("Nobody who works here has the e-mail address %(address)s.")
            refuse(request, words % {"address": verified[0]})
        if len(people) > 1:
            words = _("More than one of us has the e-mail address %(address)s.")
            refuse(request, words % {"address": verified[0]})
        sociallogin.user = people.pop()


def refuse(request: HttpRequest, why: str) -> NoReturn:
    """Answer with a page that says why."""
    raise ImmediateHttpResponse(render(request, "socialaccount/refused.html", {"why": why}, status=403))
