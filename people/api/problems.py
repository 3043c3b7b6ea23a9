"""Errors as RFC 9457 problem details: what is wrong, where, and what to do about it."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import ErrorResponse
from rest_framework import exceptions, status
from rest_framework.response import Response

from people.errors import Busy, Refusal

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: "Malformed",
    401: "Not signed in",
    403: "Not yours to do",
    404: "Not found",
    405: "No such method here",
    406: "Only JSON is served",
    409: "The state does not allow it",
    412: "Stale",
    413: "Too large",
    415: "Only JSON is understood",
    422: "Incomplete",
    429: "Too many requests",
}
LONGEST_ECHO = 500
# What was sent is of the right shape, but something is missing.
INCOMPLETE = frozenset({"required", "blank", "null", "empty"})


class Problem(exceptions.APIException):
    """A refusal on its way out."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.status_code = refusal.status
        self.refusal = refusal


class TooLarge(exceptions.APIException):
    """The body is larger than any request needs."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is too large: a megabyte is the limit."


class Handler(ExceptionHandler):
    """Turn the product's refusals into problem details."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        """Return the API's exception for one of ours; others as they are."""
        if isinstance(exc, Refusal):
            return Problem(exc)
        if isinstance(exc, RequestDataTooBig):
            return TooLarge()
        # Within a request's transaction a deadlock cannot be retried: say that it may be sent again.
        if isinstance(exc, OperationalError) and getattr(exc.__cause__, "sqlstate", "") in ("40P01", "40001"):
            return Problem(Busy())
        converted = super().convert_known_exceptions(exc)
        if isinstance(converted, exceptions.ValidationError) and _codes(converted.get_codes()) <= INCOMPLETE:
            converted.status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
        return converted

    def get_response(self, exc: exceptions.APIException, data: dict[str, Any]) -> Response:
        """Return the response, in the media type of problem details."""
        return Response(data, status=exc.status_code, headers=self.get_headers(exc), content_type=MEDIA_TYPE)


def _codes(codes: Any) -> set[str]:
    if isinstance(codes, dict):
        return {code for inner in codes.values() for code in _codes(inner)}
    if isinstance(codes, list):
        return {code for inner in codes for code in _codes(inner)}
    return {codes}


class Formatter(ExceptionFormatter):
    """Lay an error out as problem details."""

    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        """Return the members of the problem; `errors` names each field and its remedy."""
        if isinstance(self.exc, Problem):
            refusal = self.exc.refusal
            kind, detail = type(refusal).__name__, refusal.detail
            errors = [{"field": field, "message": message} for field, message in refusal.fields.items()]
        elif isinstance(self.exc, exceptions.ValidationError):
            kind, detail = "InvalidInput", "Something in the request is missing or cannot be read; see errors."
            errors = [
                {"field": _readable(_field(error.attr)), "message": _readable(str(error.detail))}
                for error in error_response.errors
            ]
        else:
            kind, detail, errors = type(self.exc).__name__, str(error_response.errors[0].detail), []
        return problem(kind, self.exc.status_code, detail, errors)


def _field(attr: str | None) -> str:
    # What is wrong with a whole object is said of the object: "" is the body itself.
    return "" if attr in (None, "non_field_errors") else attr.removesuffix(".non_field_errors")


def _readable(text: str) -> str:
    # A message may repeat what was sent, which may be a megabyte, or no text at all (a lone surrogate).
    return text[:LONGEST_ECHO].encode("utf-8", "replace").decode()


def problem(kind: str, status_code: int, detail: str, errors: list[dict[str, str]]) -> dict[str, Any]:
    """Return the body of a problem; `kind` identifies it to programs, in a `type` that resolves nowhere."""
    return {
        "type": f"urn:ownership-tracker:problem:{kind}",
        "title": TITLES.get(status_code, "Our fault"),
        "status": status_code,
        "detail": detail,
        "errors": errors,
    }
