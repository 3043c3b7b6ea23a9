"""Many rows at once: COPY, the way in which an import writes.

Every key, check and trigger of the table holds for them as for any other rows. The caller owns the
transaction.
"""

import json
from collections.abc import Iterable
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


def copy(model: type[Model], columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]], **constants: Any) -> None:
    """Write `rows`, each with one value for each of `columns`, into the table of a model.

    constants: what the same columns of all rows hold. Every other column holds the default of its field,
    and an id is the database's to give unless it is among the columns. (Making an instance of the model of
    each row would take longer than all the rest.)
    """
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.generated}
    for name, field in fields.items():
        if name not in columns and name not in constants and not field.primary_key:
            constants[name] = field.get_default()
    same = tuple(constants.values())
    json_places = [place for place, name in enumerate(columns) if isinstance(fields[name], JSONField)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(fields[name].column)) for name in (*columns, *constants))
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN") as stream,
    ):
        for row in rows:
            values = [*row, *same]
            for place in json_places:
                values[place] = json.dumps(values[place], cls=DjangoJSONEncoder)
            stream.write_row(values)
