"""Drafts of offers over REST."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs import drafts
from people.api.endpoints import Endpoint, Operation
from people.api.fields import Instant, PersonOut
from people.api.pagination import page


class DraftOut(serializers.Serializer[Any]):
    """An offer that nobody has made yet: offer it with `POST tickets/{reference}/handoffs/`."""

    ticket = serializers.CharField(source="ticket.reference")
    giver = PersonOut()
    receiver = PersonOut()
    on_call = serializers.BooleanField()
    call = serializers.IntegerField()
    drafted_at = Instant()


class Drafts(Endpoint):
    """The offers that wait to be made: a call was passed on, and nobody has said why."""

    scope = "tickets"
    operations = {"get": Operation("list_drafts", gives=DraftOut, many=True)}

    def get(self, request: Request) -> Response:
        """List those that are the caller's to make, the latest first."""
        self.said()
        found = drafts.waiting_for(request.user).select_related("ticket", "giver", "receiver")
        return page(request, found, by="-drafted_at", shape=DraftOut)
