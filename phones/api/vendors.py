"""What telephone systems send in their vendors' own words; see `phones.vendors`."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from django.utils import timezone
from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, FormParser, MultiPartParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from people.api.endpoints import Endpoint, Operation
from people.api.fields import Input, Words
from people.api.parsers import JSON
from people.api.throttles import PerAddress
from phones import bodies, errors, inbox, sources
from phones.api.authentication import IsSource
from phones.api.vendor_authentication import AddressToken, TwilioSignature
from phones.events import Event, Type, read, shown
from phones.models import PhoneEvent, Source
from phones.vendors import twilio, zammad


class TokenConverter:
    """The token of a telephone system at the end of an address, which some end with a slash and some do not."""

    regex = r"[\w-]{20,100}/?"

    def to_python(self, value: str) -> str:
        """Return the token."""
        return value.rstrip("/")

    def to_url(self, value: str) -> str:
        """Return the token."""
        return f"{value}/"


class AsIs(BaseContentNegotiation):
    """Answer in JSON, whatever a telephone system says that it accepts."""

    def select_parser(self, request: Request, parsers: Sequence[BaseParser]) -> BaseParser | None:
        """Return the parser of the body's type."""
        types = request.content_type.partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == types), None)

    def select_renderer(
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first."""
        return renderers[0], renderers[0].media_type


class TwilioIn(Input):
    """A status callback of a call, or of a conference; there is more, which is not read."""

    CallSid = Words(required=False)
    ParentCallSid = Words(required=False)
    CallStatus = Words(required=False)
    CallDuration = Words(required=False)
    Direction = Words(required=False)
    From = Words(required=False)
    To = Words(required=False)
    ConferenceSid = Words(required=False)
    FriendlyName = Words(required=False)
    StatusCallbackEvent = Words(required=False)
    ParticipantLabel = Words(required=False)
    ReasonParticipantLeft = Words(required=False)
    SequenceNumber = Words(required=False)
    Timestamp = Words()


class ZammadIn(Input):
    """A post of Zammad's generic CTI; there is more, which is not read."""

    event = serializers.ChoiceField(choices=zammad.EVENTS)
    direction = serializers.ChoiceField(choices=list(zammad.DIRECTIONS))
    callId = Words()  # noqa: N815 - Zammad's name
    to = Words(required=False)
    queue = Words(required=False)
    cause = Words(required=False)
    answeringNumber = Words(required=False)  # noqa: N815

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, with the one whose name is a word of Python's."""
        return {**super().get_fields(), "from": Words(required=False)}


class Nothing(serializers.Serializer[Any]):
    """Nothing is answered."""


class EmptyObject(serializers.Serializer[Any]):
    """Nothing is told in return: the call is neither refused nor given another number."""


class EmptyBody(OpenApiSerializerExtension):
    """Describe the answer as it is."""

    target_class = EmptyObject

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """Return the schema: an object without anything in it."""
        return {"type": "object", "additionalProperties": False}


class Twilio(Endpoint):
    """Where Twilio's callbacks go."""

    authentication_classes = [TwilioSignature]
    permission_classes = [IsSource]
    throttle_classes = [PerAddress]
    parser_classes = [FormParser, JSON]
    content_negotiation_class = AsIs
    operations = {"post": Operation("send_twilio_callback", takes=TwilioIn, gives=Nothing, status=204, keyed=False)}

    def post(self, request: Request, slug: str) -> Response:
        """Take in a callback, of a call or of a conference; what is of no interest is let pass."""
        said = _said(request)
        told, wrong = twilio.read(said, request.query_params.dict())
        _take_in(request.auth, told, wrong)
        return Response(status=204)


class Zammad(Endpoint):
    """Where whatever talks to Zammad posts its calls."""

    authentication_classes = [AddressToken]
    permission_classes = [IsSource]
    throttle_classes = [PerAddress]
    parser_classes = [FormParser, MultiPartParser, JSON]
    content_negotiation_class = AsIs
    operations = {"post": Operation("send_zammad_call", takes=ZammadIn, gives=EmptyObject, keyed=False)}

    def post(self, request: Request, token: str) -> Response:
        """Take in a call that begins, is answered, or ends; there is nothing to tell in return."""
        said, source = _said(request), request.auth
        told, wrong = zammad.read(said, at=timezone.now(), region=source.region)
        if not wrong:
            told = zammad.placed(told, _known(source, zammad.call_of(said)))
        _take_in(source, told, wrong)
        return Response({})


def _known(source: Source, call: str) -> list[Event]:
    """Return what is known of a call."""
    rows = PhoneEvent.objects.filter(source=source, call__source=source, call__call_id=call)
    return [Event(row.event_id, Type(row.type), call, row.occurred_at) for row in rows]


def _said(request: Request) -> dict[str, Any]:
    """Return the parameters, from a form or from JSON; what cannot be read is noted on the telephone system."""
    form = "json" not in request.content_type
    bodies.keep(request.auth, unquote_to_bytes(request.body.replace(b"+", b" ")) if form else request.body)
    try:
        said = request.data
        if not isinstance(said, dict):
            raise ParseError("Send the parameters as a form, or as a JSON object.")
    except APIException as error:
        sources.heard(request.auth, last=None, refused=1, why=str(error.detail))
        raise
    if not hasattr(said, "getlist"):
        return {shown(name): value for name, value in said.items()}
    return {shown(name): said.getlist(name) if name.endswith("[]") else said[name] for name in said}


def _take_in(source: Source, told: list[Event], wrong: dict[str, str]) -> None:
    """Take in the events of one post: all of them, or none. Raises EventRefused."""
    payloads = [_neutral(event) for event in told]
    for payload in payloads:
        wrong = wrong | read(payload)[1]
    if wrong:
        why = "; ".join(f"{name}: {problem}" for name, problem in wrong.items())
        sources.heard(source, last=None, refused=1, why=why)
        raise errors.EventRefused(**wrong)
    inbox.take_in(source, payloads)


def _neutral(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type.value,
        "call_id": event.call_id,
        "occurred_at": event.occurred_at.isoformat(),
        "sequence": event.sequence,
        "data": dict(event.data),
    }
