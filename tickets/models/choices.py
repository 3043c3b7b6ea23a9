"""Enumerations as columns: their choices, and the check that holds them in the database too."""

from collections.abc import Iterable
from enum import StrEnum

from django.db import models
from django.db.models import Q


def of(kinds: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Return an enumeration as the choices of a field."""
    return [(kind.value, kind.value.replace("_", " ")) for kind in kinds]


def known(field: str, kinds: Iterable[StrEnum], name: str, *, blank: bool = False) -> models.CheckConstraint:
    """Return the check that a column holds one of the kinds (or, with `blank`, nothing)."""
    values = [kind.value for kind in kinds] + [""] * blank
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)
