"""The administration: for administrators, who come in by the same door as everybody."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from web.accounts.views import sign_out


class Site(AdminSite):
    """Signing in is ours, so its limits, the second step and single sign-on hold here, too."""

    site_header = site_title = "Ownership Tracker: administration"
    index_title = "People, teams, and what there is to look at"

    def has_permission(self, request: HttpRequest) -> bool:
        """Say whether it is an administrator."""
        return request.user.is_authenticated and request.user.is_staff

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Send somebody to our sign-in page; who is signed in and comes here has no business here."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied("The administration is for administrators.")
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """Sign out as everywhere."""
        return sign_out(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """Send somebody to our page for it."""
        return redirect("account_change_password")
