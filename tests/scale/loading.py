"""Filling tables by the million: INSERT … SELECT, past keys and triggers, their indexes made at the end."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import AutoField, Model


def insert(model: type[Model], rows: str, **columns: str) -> None:
    """Write a row for each of `rows` (what stands behind FROM), with its `columns` in SQL.

    Every other column holds the default of its field, and an id is the sequence's to give.
    """
    defaults: dict[str, Any] = {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.column not in columns
        and not (field.generated or field.has_db_default() or isinstance(field, AutoField))
    }
    names = ", ".join(f'"{name}"' for name in (*columns, *defaults))
    values = ", ".join((*columns.values(), *["%s"] * len(defaults)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM {rows}", list(defaults.values())
        )


@contextmanager
def bulk_load(models: Sequence[type[Model]]) -> Iterator[None]:
    """Let the block fill tables whose indexes are made again afterwards, as are the statistics.

    No key is checked: what is written has to be right, and `tests.invariants` says whether it is.
    """
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET maintenance_work_mem = '256MB'")
        cursor.execute(
            """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
               WHERE indrelid = ANY (%s::text[]::regclass[])
                 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)""",
            [tables],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        for _, definition in indexes:
            cursor.execute(definition)
        for model in models:
            if isinstance(model._meta.pk, AutoField):
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 1)) FROM {table}"
                )
        cursor.execute("RESET ALL")
        cursor.execute("VACUUM ANALYZE")
