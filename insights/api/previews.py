"""What other thresholds would have given, over REST."""

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from insights import previews
from people.api.endpoints import Endpoint, Operation
from people.api.fields import Instant
from tickets.api.representations import choice
from tickets.api.thresholds import ThresholdsIn, team_called
from tickets.kinds import FlagKind, Level


class PreviewRow(serializers.Serializer[Any]):
    """How many flags of a kind and level were really raised, and how many there would have been."""

    kind = choice(FlagKind)
    level = choice(Level)
    raised = serializers.IntegerField(help_text="really raised")
    now = serializers.IntegerField(help_text="under the thresholds that the team has now")
    then = serializers.IntegerField(help_text="under those that were sent")


class PreviewOut(serializers.Serializer[Any]):
    """The flags of the last seven days, kind by kind and level by level; what never came has no row."""

    since = Instant()
    until = Instant()
    rows = PreviewRow(many=True)


class PreviewThresholds(Endpoint):
    """What last week would have given."""

    scope = "people"
    # It changes nothing: asked twice, it is answered twice.
    operations = {"post": Operation("preview_thresholds", takes=ThresholdsIn, gives=PreviewOut, keyed=False)}

    def post(self, request: Request, slug: str) -> HttpResponse:
        """Try thresholds on the last seven days, before they are set: what is not named follows the default."""
        team = team_called(slug)
        return self.answered(previews.last_week(team=team, by=request.user, thresholds_now=self.said()))
