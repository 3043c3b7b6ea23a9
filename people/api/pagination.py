"""Pages of a list that stays right while it grows: cursors instead of page numbers."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer


class Pages(CursorPagination):
    """Pages of 50, or of `page_size`, at most 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"

    def decode_cursor(self, request: Request) -> Any:
        """Return the cursor. Raises ValidationError for one that we did not make."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                readable = cursor.position.isdigit() or parse_datetime(cursor.position) is not None
            except ValueError:
                readable = False
            if not readable:
                raise ValidationError({"cursor": "That is no cursor of this list: follow `next` and `previous`."})
        return cursor


def _page(request: Request, rows: QuerySet[Any, Any], by: str) -> tuple[list[Any], Pages]:
    pages = Pages()
    # The second column breaks ties, so that equal times keep their places.
    pages.ordering = (by, "-id" if by.startswith("-") else "id")
    pages.get_ordering = lambda *_: pages.ordering
    return pages.paginate_queryset(rows, request) or [], pages


def page(request: Request, rows: QuerySet[Any, Any], *, by: str, shape: type[BaseSerializer[Any]]) -> Response:
    """Return a page of `rows` in their `shape`.

    by: the ordering, a column or annotation (with - for descending) of times or numbers.
    """
    found, pages = _page(request, rows, by)
    return pages.get_paginated_response(shape(found, many=True).data)


def page_of_json(request: Request, rows: QuerySet[Any, Any], *, by: str) -> HttpResponse:
    """Return a page of `rows`, whose `json` the database has written already; `by` as for `page`."""
    found, pages = _page(request, rows.values("id", by.lstrip("-"), "json"), by)
    links = {"next": pages.get_next_link(), "previous": pages.get_previous_link()}
    ends = ",".join(f'"{name}":{_quoted(link)}' for name, link in links.items())
    body = '{"results":[' + ",".join(row["json"] for row in found) + "]," + ends + "}"
    return HttpResponse(body, content_type="application/json")


def _quoted(link: str | None) -> str:
    # A link is percent-encoded: nothing in it needs escaping.
    return "null" if link is None else f'"{link}"'
