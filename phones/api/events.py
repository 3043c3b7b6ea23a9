"""What telephone systems send, as the API describes it: one event, or a list. `phones.events` reads it."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers

from people.api.fields import Input, Instant, Words
from phones.events import LONGEST, Type
from tickets.api.representations import choice


class EventIn(Input):
    """One event, shaped like a CloudEvent. What `data` says depends on the type: see docs/phones.md."""

    id = Words(max_length=LONGEST)
    type = choice(Type)
    call_id = Words(max_length=LONGEST)
    occurred_at = Instant()
    sequence = serializers.IntegerField(required=False, allow_null=True)
    data = serializers.DictField(required=False)
    source = Words(required=False)
    specversion = Words(required=False)


class EventsIn(Input):
    """One event, or a list of up to a thousand."""


class EventsBody(OpenApiSerializerExtension):
    """Describe the body as it is."""

    target_class = EventsIn

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """Return the schema: an event, or a list of them."""
        one = auto_schema.resolve_serializer(EventIn, direction).ref
        return {"oneOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": 1_000}]}
