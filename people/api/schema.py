"""The OpenAPI description: written from `Endpoint.operations`, so that it cannot say something else."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_array_type, build_basic_type, build_object_type
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from people.api.endpoints import Operation
from people.api.pagination import LARGEST_PAGE, PAGE
from people.api.problems import MEDIA_TYPE, TITLES

READING = (400, 401, 403, 404, 406, 422, 429)
WRITING = (*READING, 409, 412, 413, 415)


class Schema(AutoSchema):
    """Describe an endpoint by its operations."""

    @property
    def operation(self) -> Operation:
        """The operation that is being described."""
        found: Operation = self.view.operations[self.method.lower()]
        return found

    def get_operation_id(self) -> str:
        """Return the operation's own name, which generated clients call it by."""
        return self.operation.name

    def get_tags(self) -> list[str]:
        """Return the first part of the path."""
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_override_parameters(self) -> list[Any]:
        """Return the query, the paging and the headers."""
        parameters: list[Any] = []
        if self.method == "GET" and self.operation.takes is not None:
            parameters.append(self.operation.takes)
        if self.operation.many:
            parameters += [
                OpenApiParameter("cursor", str, description="From `next` or `previous`."),
                OpenApiParameter(
                    "page_size",
                    {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE},
                    description="How many at once.",
                ),
            ]
        if self.method == "POST" and self.operation.keyed:
            parameters.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    str,
                    OpenApiParameter.HEADER,
                    description="Send the same key again and get the first answer, for 24 hours.",
                )
            )
        if self.operation.versioned:
            parameters.append(
                OpenApiParameter(
                    "If-Match",
                    str,
                    OpenApiParameter.HEADER,
                    description="The ETag you know; 412 when the ticket has changed since.",
                )
            )
        return parameters

    def get_request_serializer(self) -> Any:
        """Return what the body is."""
        return None if self.method == "GET" else self.operation.takes

    def get_response_serializers(self) -> Any:
        """Return what success looks like."""
        return dict.fromkeys(self.operation.statuses, self.operation.gives)

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False

    def _get_response_for_code(self, serializer: Any, status_code: str, *args: Any, **kwargs: Any) -> Any:
        response = super()._get_response_for_code(serializer, status_code, *args, **kwargs)
        if self.operation.many:
            link = {"type": ["string", "null"], "format": "uri"}
            for media in response["content"].values():
                media["schema"] = build_object_type(
                    properties={
                        "results": build_array_type(media["schema"]),
                        "next": link,
                        "previous": link,
                    },
                    required=["results", "next", "previous"],
                )
        return response

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """Return the operation with all the ways in which it may be refused."""
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            for code in READING if self.method == "GET" else WRITING:
                operation["responses"].setdefault(
                    str(code),
                    {
                        "description": TITLES[code],
                        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                    },
                )
        return operation


def add_problem(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Describe problem details (RFC 9457), which every operation may answer."""
    text, number = build_basic_type(OpenApiTypes.STR), build_basic_type(OpenApiTypes.INT)
    error = build_object_type(properties={"field": text, "message": text}, required=["field", "message"])
    result["components"]["schemas"]["Problem"] = build_object_type(
        properties={
            "type": text,
            "title": text,
            "status": number,
            "detail": text,
            "errors": build_array_type(error or {}),
        },
        required=["type", "title", "status", "detail", "errors"],
        description="What is wrong, where, and what to do about it (RFC 9457).",
    )
    return result


class BearerToken(OpenApiAuthenticationExtension):
    """How one signs in."""

    target_class = "people.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme: a bearer token."""
        return {"type": "http", "scheme": "bearer", "description": "From `manage.py create_token USERNAME`."}
