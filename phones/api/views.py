"""Telephone systems and calls over REST."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from notices.api.permissions import ForItsReaders
from people.api.endpoints import Endpoint, Operation
from people.api.pagination import page
from people.api.throttles import PerAddress
from people.roles import READS_ALL, Role
from phones import bodies, errors, inbox, sources
from phones.api import shapes
from phones.api.authentication import IsSource, SourceAuthentication
from phones.api.events import EventsIn
from phones.models import Call, Source
from tickets.api import inputs as ticket_inputs

MOST_EVENTS = 1_000


class Events(Endpoint):
    """What telephone systems report."""

    authentication_classes = [SourceAuthentication]
    permission_classes = [IsSource]
    # A busy telephone system is no attack; whoever has no token is.
    throttle_classes = [PerAddress]
    operations = {
        "post": Operation("send_phone_events", takes=EventsIn, gives=shapes.EventResults, keyed=False),
    }

    def post(self, request: Request) -> HttpResponse:
        """Take in one event, or a list of up to a thousand; `dry_run=1` only says what would be concluded."""
        query = shapes.EventsQuery().run_validation(request.query_params.dict())
        said = request.data
        payloads = said if isinstance(said, list) else [said]
        if not 0 < len(payloads) <= MOST_EVENTS:
            raise ValidationError({"": f"Send one event, or a list of up to {MOST_EVENTS}."})
        if query["dry_run"]:
            results = _as_if(request.auth, payloads)
        else:
            bodies.keep(request.auth, request.body)
            results = inbox.take_in(request.auth, payloads)
        if not isinstance(said, list) and results[0].status == inbox.Status.REFUSED:
            raise errors.EventRefused(**results[0].errors)
        return Response(shapes.EventResults({"results": results}).data)


def _as_if(source: Source, payloads: list[Any]) -> list[inbox.Result]:
    """Return what would become of the events, and leave no trace."""
    with transaction.atomic():
        results = inbox.take_in(source, payloads)
        transaction.set_rollback(True)
    return results


class Sources(Endpoint):
    """The telephone systems that report to us."""

    scope = "people"
    permission_classes = [ForItsReaders]
    readers = READS_ALL | {Role.MANAGER}
    writers = frozenset({Role.ADMIN})
    operations = {
        "get": Operation("list_phone_sources", gives=shapes.SourceOut, many=True),
        "post": Operation("create_phone_source", takes=shapes.SourceIn, gives=shapes.SourceSecrets, status=201),
    }

    def get(self, request: Request) -> Response:
        """List them, with when each was last heard, how late it was, and what was refused and why."""
        self.said()
        return page(request, Source.objects.select_related("team"), by="id", shape=shapes.SourceOut)

    def post(self, request: Request) -> HttpResponse:
        """Take one down; its token and its secret are shown only now."""

        def work() -> HttpResponse:
            source, token = sources.create(by=request.user, **self.said())
            return _secrets(source, token, status=201)

        return self.once(work)


def _secrets(source: Source, token: str | None = None, *, status: int = 200) -> Response:
    data = {**shapes.SourceOut(source).data, "token": token, "secret": source.secrets[0]}
    return Response(data, status=status)


class SourceView(Endpoint):
    """One telephone system."""

    scope = "people"
    writers = frozenset({Role.ADMIN})
    operations = {"patch": Operation("edit_phone_source", takes=shapes.SourceChangesIn, gives=shapes.SourceOut)}

    def patch(self, request: Request, slug: str) -> HttpResponse:
        """Listen to it, or do not: then it does not look broken any more. Learn what its vendor signs with."""
        return Response(shapes.SourceOut(sources.edit(source=slug, **self.said())).data)


class SourceSecret(Endpoint):
    """A new secret for a telephone system."""

    scope = "people"
    writers = frozenset({Role.ADMIN})
    operations = {"post": Operation("rotate_phone_secret", takes=ticket_inputs.NothingIn, gives=shapes.SourceSecrets)}

    def post(self, request: Request, slug: str) -> HttpResponse:
        """Make a new secret, shown only now; the one before stays good until the next."""

        def work() -> HttpResponse:
            self.said()
            return _secrets(sources.rotate(source=slug))

        return self.once(work)


class Calls(Endpoint):
    """The calls that the caller may see."""

    scope = "tickets"
    operations = {"get": Operation("list_calls", takes=shapes.CallsQuery, gives=shapes.CallOut, many=True)}

    def get(self, request: Request) -> Response:
        """List calls, the latest first; `?waiting=wrap_up&answered_by=me` is my wrap-up list."""
        said = self.said()
        found = Call.objects.visible_to(request.user)
        match said.get("waiting"):
            case "wrap_up":
                found = found.to_wrap_up()
            case "call_back":
                found = found.to_call_back()
            case "line":
                found = found.filter(ended_at=None)
        if "answered_by" in said:
            found = found.filter(answered_by__username=self.named(said["answered_by"]))
        for name, column in (("ticket", "ticket"), ("source", "source__slug"), ("number", "number")):
            if name in said:
                found = found.filter(**{column: said[name]})
        related = found.select_related("source", "team", "ticket", "answered_by").prefetch_related("conclusions")
        return page(request, related, by="-began_at", shape=shapes.CallOut)


class CallView(Endpoint):
    """One call."""

    scope = "tickets"
    operations = {"get": Operation("get_call", gives=shapes.CallOut)}

    def get(self, request: Request, number: int) -> Response:
        """Read a call."""
        self.said()
        return Response(shapes.CallOut(seen(request, number)).data)


def seen(request: Request, number: int) -> Call:
    """Return a call that the caller may see. Raises UnknownCall."""
    found = Call.objects.visible_to(request.user).filter(pk=number)
    call = found.select_related("source", "team", "ticket", "answered_by").prefetch_related("conclusions").first()
    if call is None:
        raise errors.UnknownCall
    return call
