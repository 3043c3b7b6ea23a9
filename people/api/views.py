"""People and teams over REST."""

from typing import Any

from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from people import presence
from people.api.endpoints import Endpoint, Operation
from people.api.fields import Code, Input, Instant, PersonOut, TeamSlug, Words
from people.api.pagination import page
from people.models import Person, Team
from people.roles import Role
from people.roles import Scope as TokenScope


class PersonDetails(PersonOut):
    """A person, with what matters to who might ask them for something."""

    role = serializers.ChoiceField(choices=[(role.value, role.name) for role in Role])
    is_active = serializers.BooleanField()
    presence = serializers.ChoiceField(choices=Person.Presence.choices)
    away_until = Instant(allow_null=True)
    extension = serializers.CharField(allow_null=True)
    skills = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())


class MeOut(PersonDetails):
    """Who I am, where I belong, and what my token is for."""

    teams = serializers.ListField(child=serializers.CharField())
    leads = serializers.ListField(child=serializers.CharField())
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=[(s.value, s.name) for s in TokenScope]))


class TeamOut(serializers.Serializer[Any]):
    """A team and who answers for it."""

    slug = serializers.CharField()
    name = serializers.CharField()
    manager = PersonOut()
    deputy = PersonOut(allow_null=True)
    parent = serializers.CharField(source="parent.slug", default=None, allow_null=True)
    time_zone = serializers.CharField()


class PeopleQuery(Input):
    """Which people."""

    team = TeamSlug(required=False)
    q = Words(required=False, max_length=100)


class PresenceIn(Input):
    """Whether I am there."""

    presence = serializers.ChoiceField(choices=Person.Presence.choices)
    away_until = Instant(required=False, allow_null=True)


class ExtensionIn(Input):
    """On which extension I can be reached; empty gives it up."""

    extension = Code(max_length=20, allow_blank=True)


class People(Endpoint):
    """The people who can be asked, offered and named."""

    scope = "people"
    operations = {"get": Operation("list_people", takes=PeopleQuery, gives=PersonDetails, many=True)}

    def get(self, request: Request) -> Response:
        """List the active people, by team or part of a name."""
        said = self.said()
        people = Person.objects.filter(is_active=True)
        if "team" in said:
            people = people.filter(teams=said["team"])
        if "q" in said:
            people = people.filter(Q(name__icontains=said["q"]) | Q(username__icontains=said["q"]))
        return page(request, people, by="id", shape=PersonDetails)


class Teams(Endpoint):
    """The teams."""

    scope = "people"
    operations = {"get": Operation("list_teams", gives=TeamOut, many=True)}

    def get(self, request: Request) -> Response:
        """List the teams and who answers for them."""
        self.said()
        return page(request, Team.objects.select_related("manager", "deputy", "parent"), by="id", shape=TeamOut)


class Me(Endpoint):
    """Who I am."""

    operations = {"get": Operation("me", gives=MeOut)}

    def get(self, request: Request) -> Response:
        """Say who I am, where I belong, and what my token is for."""
        self.said()
        return me(request)


def me(request: Request) -> Response:
    """Return the person who asks, read afresh."""
    person = Person.objects.get(pk=request.user.pk)
    data = {
        **PersonDetails(person).data,
        "teams": sorted(person.teams.values_list("slug", flat=True)),
        "leads": sorted(Team.objects.led_by(person).values_list("slug", flat=True)),
        "scopes": request.auth.scopes,
    }
    return Response(data)


class MyExtension(Endpoint):
    """Where I can be reached by telephone."""

    scope = "people"
    writers = frozenset(Role)
    operations = {"put": Operation("set_my_extension", takes=ExtensionIn, gives=MeOut)}

    def put(self, request: Request) -> Response:
        """Take an extension, or give it up."""
        presence.take_extension(person=request.user, **self.said())
        return me(request)
