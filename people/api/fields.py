"""The fields of the API: strict about what comes in, one shape for what goes out."""

import re
from datetime import UTC, datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from people.models import Person, Team
from people.statements import GIVEN_TEXT, Kept

LONGEST_TEXT = 20_000
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Input(serializers.Serializer[Any]):
    """What a request may say. A field that is not known is refused: it was meant to do something."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated values. Raises ValidationError that names each unknown field."""
        if isinstance(data, dict) and (unknown := set(map(str, data)) - set(self.fields)):
            known = ", ".join(sorted(self.fields)) or "none"
            raise serializers.ValidationError(
                dict.fromkeys(sorted(unknown), f"There is no such field here. Known: {known}."), "unknown"
            )
        return super().to_internal_value(data)


class Words(serializers.CharField):
    """Free text, in any language."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TEXT)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Return the text; numbers and truth values are not text."""
        if not isinstance(data, str):
            raise serializers.ValidationError("Give a text.", "invalid")
        return super().to_internal_value(data)


class Code(Words):
    """A short code: letters, digits, - and _."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 50)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Return the code. Raises ValidationError for anything that is more than a code."""
        code = super().to_internal_value(data)
        if not re.fullmatch(r"[\w-]*", code):
            raise serializers.ValidationError("Give a short code: letters, digits, - and _.", "invalid")
        return code


class Instant(serializers.DateTimeField):
    """A moment with its zone, in UTC on the way out."""

    default_error_messages = {"naive": "Give the time with its zone: 2026-05-01T15:30:00Z."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators += [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]

    def enforce_timezone(self, value: datetime) -> datetime:
        """Return the moment in UTC. Raises ValidationError when it has no zone, or none that exists."""
        if value.tzinfo is None:
            self.fail("naive")
        try:
            return value.astimezone(UTC)
        except OverflowError:
            self.fail("overflow")

    def to_representation(self, value: Any) -> str | None:
        """Return ISO 8601 in UTC, as the database's own JSON has it."""
        return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


class NumberConverter:
    """The number of a row in a path: what a bigint can hold."""

    regex = r"[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        """Return the number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Return the digits."""
        return str(value)


class UsernameConverter:
    """A username in a path."""

    regex = r"[\w.@+:/-]{1,150}"

    def to_python(self, value: str) -> str:
        """Return the username."""
        return value

    def to_url(self, value: str) -> str:
        """Return the username."""
        return value


@extend_schema_field(OpenApiTypes.STR)
class Username(serializers.Field[Person, str, Any, Any]):
    """A person, by username."""

    def __init__(self, *, active: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.active = active

    def to_internal_value(self, data: Any) -> Person:
        """Return the person. Raises ValidationError when there is none."""
        people = Person.objects.filter(is_active=True) if self.active else Person.objects.all()
        found = people.filter(username=data).first() if _is_name(data) else None
        if found is None:
            raise serializers.ValidationError("There is no person of that username.", "unknown")
        return found


@extend_schema_field(OpenApiTypes.STR)
class TeamSlug(serializers.Field[Team, str, Any, Any]):
    """A team, by its slug."""

    def to_internal_value(self, data: Any) -> Team:
        """Return the team. Raises ValidationError when there is none."""
        found = _TEAM.first(data) if _is_name(data) else None
        if found is None:
            raise serializers.ValidationError("There is no team of that slug.", "unknown")
        return found


_TEAM = Kept(lambda: Team.objects.select_related("manager").filter(slug=GIVEN_TEXT))


def _is_name(data: Any) -> bool:
    return isinstance(data, str) and len(data) <= 150 and data.isprintable()


class PersonOut(serializers.Serializer[Any]):
    """A person as others see them."""

    username = serializers.CharField()
    name = serializers.CharField()
