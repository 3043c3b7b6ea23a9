"""What holds for every page of the administration (Django's admin): looking, and changing by verbs.

Nothing is deleted there, and what has a verb is changed by that verb. The site itself is the roof's.
"""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from people.errors import Refusal


def worded(refusal: Refusal) -> str:
    """Return a refusal in one line, with its fields."""
    return " ".join([refusal.detail, *(f"{field}: {message}" for field, message in refusal.fields.items())])


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # it takes no parameter at run time
    """Rows to look at: their verbs are on the screens and in the API."""

    actions = None
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say no."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say no."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say no."""
        return False


class ByVerb(admin.ModelAdmin):  # type: ignore[type-arg]  # it takes no parameter at run time
    """Rows that a verb writes: `save_model` calls it, and sets the key of what it was given."""

    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say no: whoever was here, was here."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save nothing: the verb has done it."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show or save one; what a verb refuses is said on the page."""
        try:
            response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except Refusal as refusal:
            self.message_user(request, worded(refusal), messages.ERROR)
            response = redirect(request.get_full_path())
        return response
