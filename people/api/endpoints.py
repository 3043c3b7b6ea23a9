"""What every endpoint has in common: strict input, one transaction, one shape of answer, its own schema."""

import functools
import re
from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from people.api.fields import Input
from people.api.idempotency import once
from people.api.parsers import JSON
from people.roles import OWNERS, Role


class Endpoint(APIView):
    """One address of the API.

    scope: what a token needs (`people.roles.Scope` without the verb); None for everybody. writers: the
    roles that may change anything here. operations: for each method its operation id, the serializer of
    what comes in (a body, or a query), the serializer of what goes out, and the status of success (with
    others that say the same): from it the requests are read and the OpenAPI schema is written.
    """

    parser_classes = [JSON]
    scope: ClassVar[str | None] = None
    writers: ClassVar[frozenset[str]] = OWNERS | {Role.INTEGRATION}
    operations: ClassVar[dict[str, "Operation"]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check who asks, how often and how much, before anything is read."""
        try:
            super().initial(request, *args, **kwargs)
        except (AuthenticationFailed, NotAuthenticated, PermissionDenied):
            # DRF counts only whom it lets in, but guessing tokens must be slow work above all.
            self.check_throttles(request)
            raise
        # Read through Django once: it refuses a body beyond the limit, which DRF's stream would not.
        len(request.body)

    def said(self) -> dict[str, Any]:
        """Return the validated body, or the validated query of a GET. Raises ValidationError."""
        reads = self.request.method in ("GET", "HEAD")
        operation = self.operations["get" if reads else (self.request.method or "").lower()]
        if reads:
            paging = ("cursor", "page_size") if operation.many else ()
            query = self.request.query_params.dict()
            data: Any = {name: value for name, value in query.items() if name not in paging}
        else:
            data = self.request.data
        if operation.takes is None and reads and not data:
            return {}
        return dict(operation.reader.run_validation(data))

    def named(self, username: str) -> str:
        """Return the username that a query names: `me` is the caller."""
        return str(self.request.user.username) if username == "me" else username

    def answered(self, result: Any) -> Response:
        """Return what a verb did, in the shape and with the status of the operation."""
        operation = self.operations[(self.request.method or "").lower()]
        return Response(operation.writer.to_representation(result), status=operation.statuses[0])

    def once(self, work: Callable[[], HttpResponse]) -> HttpResponse:
        """Do `work` once, however often the request is sent under its Idempotency-Key."""
        return once(self.request, work)


class Operation:
    """How one method of an endpoint is called; see `Endpoint.operations`.

    reader, writer: its serializers, made once. A serializer copies its fields when it is made, which
    takes longer than reading a request with it.
    """

    def __init__(
        self,
        name: str,
        *,
        takes: type[Input] | None = None,
        gives: type[serializers.BaseSerializer[Any]],
        status: int = 200,
        also: tuple[int, ...] = (),
        many: bool = False,
        versioned: bool = False,
        keyed: bool = True,
    ) -> None:
        self.name, self.takes, self.gives = name, takes, gives
        self.statuses, self.many, self.versioned = (status, *also), many, versioned
        # Whether a POST is done once under its Idempotency-Key; what telephone systems send has ids of its own.
        self.keyed = keyed

    @functools.cached_property
    def reader(self) -> Input:
        """What reads the body or the query."""
        return (self.takes or Input)()

    @functools.cached_property
    def writer(self) -> serializers.BaseSerializer[Any]:
        """What writes the answer."""
        return self.gives()


def if_match(request: Request) -> int | None:
    """Return the version that the caller believes a ticket to be at. Raises ValidationError."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    found = re.fullmatch(r'\s*"([0-9]{1,9})"\s*', header)
    if found is None:
        raise ValidationError({"If-Match": 'Give the ETag as it was received, such as "7".'})
    return int(found[1])
