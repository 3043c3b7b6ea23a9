"""Many rows at once: COPY, the way in which an import writes.

The rows are unsaved instances of a model; every key, check and trigger of the table holds for them as for
any others. The caller owns the transaction.
"""

import json
from collections.abc import Iterable
from itertools import starmap
from operator import attrgetter
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import JSONField, Model


def next_ids(model: type[Model], count: int) -> list[int]:
    """Take `count` ids from the sequence of a model's table; those that are not used leave a gap, as always."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def copy(model: type[Model], rows: Iterable[Model], *, with_ids: bool = False) -> None:
    """Write `rows`, set-based, and leave their ids to the database unless they come `with_ids`."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    if not with_ids:
        fields = [field for field in fields if not field.primary_key]
    names = [field.attname for field in fields]
    json_places = frozenset(place for place, field in enumerate(fields) if isinstance(field, JSONField))

    def value(place: int, of: Any) -> Any:
        return json.dumps(of, cls=DjangoJSONEncoder) if place in json_places and of is not None else of

    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN") as stream,
    ):
        for values in map(attrgetter(*names), rows):
            stream.write_row(starmap(value, enumerate(values)) if json_places else values)
