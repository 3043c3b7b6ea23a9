"""Statements that Django writes once: for the few reads and writes that nearly every request goes through.

Writing the SQL of a query takes Django longer than PostgreSQL takes to answer it. Here the SQL of a
queryset is kept, and only the numbers in it change; the rows come back as ordinary model instances.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)

# They stand in a kept queryset where a number, or a text, will be given; no row has them.
GIVEN = -(2**62)
GIVEN_TEXT = "\N{WHITE QUESTION MARK ORNAMENT}"


class Kept(Generic[M]):
    """A queryset whose SQL is kept: `Kept(lambda: Ticket.objects.filter(pk=GIVEN)).first(100001)`.

    rows: a function that returns the queryset, with GIVEN or GIVEN_TEXT wherever `first` takes something;
    it may lock, and may follow foreign keys with select_related.
    """

    def __init__(self, rows: Callable[[], QuerySet[M]]) -> None:
        self.rows = rows

    @functools.cached_property
    def _written(self) -> Any:
        compiler = self.rows()[:1].query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        places = compiler.klass_info["select_fields"]
        first, last = places[0], places[-1]
        names = [column[0].target.attname for column in compiler.select[first : last + 1]]
        related = get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return compiler, sql, params, names, slice(first, last + 1), related, converters

    def first(self, *given: int | str) -> M | None:
        """Return the first row, with `given` in the places left open; None when there is none."""
        compiler, sql, params, names, own, related, converters = self._written
        places = iter(given)
        with connection.cursor() as cursor:
            cursor.execute(sql, [next(places) if value in (GIVEN, GIVEN_TEXT) else value for value in params])
            row = cursor.fetchone()
        if row is None:
            return None
        if converters:
            row = next(compiler.apply_converters([row], converters))
        found: M = compiler.klass_info["model"].from_db(DEFAULT_DB_ALIAS, names, row[own])
        for populator in related:
            populator.populate(row, found)
        return found


def insert(row: M) -> M:
    """Write a new row as `save(force_insert=True)` would, and return it with its id."""
    sql, fields, numbered = _insert(type(row))
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(row, fields))
        if numbered:
            row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


def update(row: Model, *names: str) -> None:
    """Write the named fields of a row as `save(update_fields=names)` would."""
    sql, fields = _update(type(row), names)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_values(row, fields), row.pk])


def _values(row: Model, fields: list[Field[Any, Any]]) -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


@functools.cache
def _insert(model: type[Model]) -> tuple[str, list[Field[Any, Any]], bool]:
    written = [field for field in model._meta.concrete_fields if not field.generated]
    # Numbers and defaults that the database gives are left to it.
    numbered = any(field.get_internal_type().endswith("AutoField") for field in written)
    fields = [
        field for field in written if not (field.get_internal_type().endswith("AutoField") or field.has_db_default())
    ]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our own
    return sql + (" RETURNING id" if numbered else ""), fields, numbered


@functools.cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Field[Any, Any]]]:
    fields: list[Field[Any, Any]] = [model._meta.get_field(name) for name in dict.fromkeys(names)]  # type: ignore[misc]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    return f"UPDATE {model._meta.db_table} SET {columns} WHERE id = %s", fields  # noqa: S608 - names of our own
