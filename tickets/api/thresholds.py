"""A team's thresholds over REST: read, set, and what was changed when."""

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from people.api.endpoints import Endpoint, Operation
from people.api.fields import Input, Instant, PersonOut
from people.models import Team
from tickets import errors, thresholds, tuning


class ThresholdsIn(Input):
    """The thresholds that a team sets for itself; what is not named follows the default."""

    def get_fields(self) -> dict[str, Any]:
        """Return a whole number for each threshold."""
        return {
            name: serializers.IntegerField(required=False, min_value=1, max_value=thresholds.most(name))
            for name in thresholds.NAMES
        }


class AllThresholds(serializers.Serializer[Any]):
    """Every threshold, with its unit in its name."""

    def get_fields(self) -> dict[str, Any]:
        """Return a whole number for each threshold."""
        return {name: serializers.IntegerField() for name in thresholds.NAMES}


class OwnThresholds(serializers.Serializer[Any]):
    """Those that the team has set for itself."""

    def get_fields(self) -> dict[str, Any]:
        """Return a whole number for each threshold that is set."""
        return {name: serializers.IntegerField(required=False) for name in thresholds.NAMES}


class ThresholdChangeOut(serializers.Serializer[Any]):
    """One change: what the team had set for itself before and after."""

    at = Instant()
    by = PersonOut()
    before = OwnThresholds()
    after = OwnThresholds()


class ThresholdsOut(serializers.Serializer[Any]):
    """What holds for a team, what of that it has set itself, the defaults, and the last changes."""

    team = serializers.CharField()
    values = AllThresholds()
    own = OwnThresholds()
    defaults = AllThresholds()
    changes = ThresholdChangeOut(many=True)


CHANGES_SHOWN = 50


def team_called(slug: str) -> Team:
    """Return a team, by its slug. Raises UnknownTeam."""
    found = Team.objects.filter(slug=slug).first()
    if found is None:
        raise errors.UnknownTeam
    return found


def _answer(team: Team) -> Response:
    changes = team.threshold_changes.select_related("by").order_by("-at", "-pk")[:CHANGES_SHOWN]
    facts = {
        "team": team.slug,
        "values": vars(thresholds.of(team.thresholds)),
        "own": team.thresholds,
        "defaults": vars(thresholds.DEFAULTS),
        "changes": changes,
    }
    return Response(ThresholdsOut(facts).data)


class TeamThresholds(Endpoint):
    """The numbers behind the flags of one team."""

    scope = "people"
    operations = {
        "get": Operation("get_thresholds", gives=ThresholdsOut),
        "put": Operation("set_thresholds", takes=ThresholdsIn, gives=ThresholdsOut),
    }

    def get(self, request: Request, slug: str) -> Response:
        """Read what holds, and the last changes, the latest first."""
        self.said()
        return _answer(team_called(slug))

    def put(self, request: Request, slug: str) -> HttpResponse:
        """Set them: those that are named; all others follow the defaults from now on."""
        team = team_called(slug)
        return _answer(tuning.change(team=team.pk, by=request.user, thresholds_now=self.said()))
