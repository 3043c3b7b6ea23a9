"""Pages of a list that stays right while it grows: places in it instead of page numbers."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpResponse
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.utils.urls import replace_query_param

PAGE, LARGEST_PAGE = 50, 200


@dataclass(frozen=True)
class Place:
    """A place in a list: the row with this value of the ordering column and this id; read on, or back."""

    value: datetime | int
    number: int
    back: bool = False

    def written(self) -> str:
        """Return the place as a cursor."""
        value = self.value.isoformat() if isinstance(self.value, datetime) else self.value
        return base64.urlsafe_b64encode(json.dumps([value, self.number, self.back]).encode()).decode()

    @classmethod
    def read(cls, cursor: str, *, timed: bool) -> "Place":
        """Return the place that a cursor names in a list ordered by times, or else by numbers.

        Raises ValidationError for a cursor that we did not write.
        """
        try:
            value, number, back = json.loads(base64.urlsafe_b64decode(cursor.encode()))
            place = cls(datetime.fromisoformat(value) if timed else int(value), int(number), bool(back))
            numbers = [place.number] + [place.value] * isinstance(place.value, int)
            if any(abs(each) >= 2**63 for each in numbers) or (timed and place.value.tzinfo is None):
                raise ValueError("no row stands there")
        except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as error:
            message = "That is no cursor of this list: follow `next` and `previous`."
            raise ValidationError({"cursor": message}) from error
        return place


class Page:
    """The page of a list that a request asks for; `fetch` reads it, the links lead on from it."""

    def __init__(self, request: Request, *, timed: bool = True) -> None:
        """Read `cursor` and `page_size` of the query. Raises ValidationError.

        timed: whether the list is ordered by times, or else by numbers.
        """
        self.request = request
        cursor = request.query_params.get("cursor")
        self.place = None if cursor is None else Place.read(cursor, timed=timed)
        size = request.query_params.get("page_size", str(PAGE))
        if not (size.isascii() and size.isdigit() and 1 <= int(size[:9]) <= LARGEST_PAGE):
            raise ValidationError({"page_size": f"Give a number from 1 to {LARGEST_PAGE}."})
        self.size = int(size)
        self.links: dict[str, str | None] = {"next": None, "previous": None}

    @property
    def back(self) -> bool:
        """Whether the page is read backwards from its place."""
        return self.place is not None and self.place.back

    def fetch(self, read: Callable[[int], Sequence[Any]], at: Callable[[Any], tuple[Any, int]]) -> list[Any]:
        """Return the rows of the page, in the order of the list, and set the links.

        read: returns so many rows beyond the place, in reading direction. at: a row's ordering value
        and id.
        """
        rows = list(read(self.size + 1))
        more, rows = len(rows) > self.size, rows[: self.size]
        if self.back:
            rows.reverse()
        if rows and (more or self.back):
            self.links["next"] = self._link(Place(*at(rows[-1])))
        if rows and (more if self.back else self.place is not None):
            self.links["previous"] = self._link(Place(*at(rows[0]), back=True))
        return rows

    def _link(self, place: Place) -> str:
        return str(replace_query_param(self.request.build_absolute_uri(), "cursor", place.written()))

    def of(self, rows: QuerySet[Any, Any], *, by: str) -> list[Any]:
        """Return the page of a queryset that is ordered `by` a column or annotation (- for descending)."""
        column, descending = by.lstrip("-"), by.startswith("-") != self.back
        if self.place is not None:
            beyond = "lt" if descending else "gt"
            # The first condition is what the index understands; the second leaves out the place itself.
            rows = rows.filter(**{f"{column}__{beyond}e": self.place.value}).filter(
                Q(**{f"{column}__{beyond}": self.place.value}) | Q(**{f"id__{beyond}": self.place.number})
            )
        sign = "-" if descending else ""
        ordered = rows.order_by(f"{sign}{column}", f"{sign}id")

        def at(row: Any) -> tuple[Any, int]:
            return (row[column], row["id"]) if isinstance(row, dict) else (getattr(row, column), row.pk)

        return self.fetch(lambda count: list(ordered[:count]), at)

    def json(self, items: Sequence[str]) -> HttpResponse:
        """Return the answer whose `results` are JSON already."""
        return HttpResponse(
            f'{{"results":[{",".join(items)}],"next":{json.dumps(self.links["next"])},'
            f'"previous":{json.dumps(self.links["previous"])}}}',
            content_type="application/json",
        )


def page(request: Request, rows: QuerySet[Any, Any], *, by: str, shape: type[BaseSerializer[Any]]) -> Response:
    """Return a page of `rows` in their `shape`; by: a column of times or numbers (- for descending)."""
    asked = Page(request, timed=by.lstrip("-") != "id")
    found = asked.of(rows, by=by)
    return Response({"results": shape(found, many=True).data, **asked.links})


def page_of_json(request: Request, rows: QuerySet[Any, Any], sql: str, *, by: str) -> HttpResponse:
    """Return a page of `rows`, each as the JSON that the expression `sql` writes of it; `by` as for `page`."""
    asked = Page(request, timed=by.lstrip("-") != "id")
    written = rows.annotate(json=written_by(sql)).values("id", by.lstrip("-"), "json")
    return asked.json([row["json"] for row in asked.of(written, by=by)])


def written_by(sql: str) -> RawSQL:
    """Return the expression for JSON that PostgreSQL writes, as text: nobody need parse it on the way."""
    return RawSQL(f"({sql})::text", ())  # noqa: S611 - our own constants, without parameters
