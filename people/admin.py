"""People and teams in the administration. Leaving is an action, from the floor that knows of tickets."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey
from django.http import HttpRequest

from people import directory
from people.administration import ByVerb
from people.models import Person, Team
from people.roles import OWNERS


@admin.register(Person)
class PersonAdmin(ByVerb):
    """Who there is. Nobody is made inactive here: whoever leaves must leave no customer behind."""

    list_display = ("username", "name", "role", "email", "is_active", "last_login")
    list_filter = ("is_active", "role", "teams")
    search_fields = ("username", "name", "email")
    ordering = ("username",)
    filter_horizontal = ("teams",)
    fields = ("username", "name", "email", "role", "teams", "skills", "languages")
    read_only = ("is_active", "left_at", "presence", "away_until", "extension", "last_login")
    actions: list[Any] = []

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what is said of a new person, or shown of a known one."""
        return self.fields if obj is None else (*self.fields, *self.read_only)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what verbs elsewhere change, and the name that tokens and the past know them by."""
        return () if obj is None else ("username", *self.read_only)

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """Take down a person, or change what is known of them."""
        said = dict(form.cleaned_data)
        username = said.pop("username", obj.username)
        obj.pk = directory.save_person(username, **said)[0].pk


@admin.register(Team)
class TeamAdmin(ByVerb):
    """The teams, who answers for them, and when they work."""

    list_display = ("name", "slug", "manager", "deputy", "parent", "time_zone")
    search_fields = ("name", "slug")
    fields = (
        "slug",
        "name",
        "manager",
        "deputy",
        "parent",
        "time_zone",
        "hours",
        "country",
        "subdivision",
        "closed_on",
    )
    actions = None

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what is said of a new team, or shown of a known one: its thresholds have a page of their own."""
        return self.fields if obj is None else (*self.fields, "thresholds")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what stays."""
        return () if obj is None else ("slug", "thresholds")

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only those who can answer for a team."""
        if db_field.name in ("manager", "deputy"):
            kwargs["queryset"] = Person.objects.filter(is_active=True, role__in=OWNERS).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        """Take down a team, or change what is known of it."""
        said = dict(form.cleaned_data)
        slug = said.pop("slug", obj.slug)
        obj.pk = directory.save_team(slug, **said)[0].pk
