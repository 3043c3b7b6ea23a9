"""Holding an answer against what the published schema says of it."""

import functools
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker

FORMATS = FormatChecker(formats=["date"])


@FORMATS.checks("date-time", raises=ValueError)
def is_moment_with_zone(value: object) -> bool:
    """Say whether a text is ISO 8601 with its zone."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@functools.cache
def published() -> dict[str, Any]:
    """Return the published schema."""
    return dict(SchemaGenerator().get_schema(request=None, public=True))


@functools.cache
def operations() -> dict[str, dict[str, Any]]:
    """Return every operation of it by its id."""
    return {
        operation["operationId"]: operation for path in published()["paths"].values() for operation in path.values()
    }


def closed(schema: Any) -> Any:
    """Return a schema that says the same, and that nothing else may be there."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(value) for name, value in schema.items()}
    if "properties" in inner:
        inner.setdefault("additionalProperties", False)
    return inner


def check(operation: str, answer: HttpResponse) -> None:
    """Raise ValidationError unless `answer` is one that the schema documents, to the last field."""
    described = operations()[operation]["responses"][str(answer.status_code)]
    if answer.status_code == HTTPStatus.NO_CONTENT:
        assert (described.get("content"), answer.content) == (None, b"")
        return
    documented = described["content"]
    media_type = answer.headers["Content-Type"].partition(";")[0]
    schema = {**closed(documented[media_type]["schema"]), "components": closed(published()["components"])}
    Draft202012Validator(schema, format_checker=FORMATS).validate(answer.json())
