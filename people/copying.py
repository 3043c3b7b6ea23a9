"""Many rows at once: COPY, the way in which an import writes.

The rows are unsaved instances of a model; every key, check and trigger of the table holds for them as for
any others. The caller owns the transaction.
"""

import json
from collections.abc import Iterable
from operator import attrgetter

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
    fields = [
        field for field in model._meta.concrete_fields if not field.generated and (with_ids or not field.primary_key)
    ]
    value_of = attrgetter(*(field.attname for field in fields))
    json_places = [place for place, field in enumerate(fields) if isinstance(field, JSONField)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN") as stream,
    ):
        for row in rows:
            values = list(value_of(row))
            for place in json_places:
                if values[place] is not None:
                    values[place] = json.dumps(values[place], cls=DjangoJSONEncoder)
            stream.write_row(values)
