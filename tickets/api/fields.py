"""How tickets and what hangs on them are named in a request."""

import re
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from people.statements import GIVEN, Kept
from tickets.models import Customer


class ReferenceConverter:
    """A ticket's reference in a path."""

    regex = r"T-[0-9]{1,15}"

    def to_python(self, value: str) -> int:
        """Return the ticket's number."""
        return int(value[2:])

    def to_url(self, value: int) -> str:
        """Return the reference."""
        return f"T-{value}"


@extend_schema_field(OpenApiTypes.STR)
class Reference(serializers.Field[int, str, Any, Any]):
    """A ticket, by its reference."""

    def to_internal_value(self, data: Any) -> int:
        """Return the ticket's number, whether or not there is such a ticket."""
        found = re.fullmatch(r"T-([0-9]{1,15})", data) if isinstance(data, str) else None
        if found is None:
            raise serializers.ValidationError("Give a reference such as T-100001.", "invalid")
        return int(found[1])


@extend_schema_field(OpenApiTypes.INT)
class CustomerNumber(serializers.IntegerField):
    """A customer, by number."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the customer. Raises ValidationError when there is none."""
        if isinstance(data, bool):
            raise serializers.ValidationError("Give a number.", "invalid")
        number = super().to_internal_value(data)
        found = _CUSTOMER.first(number) if 0 < number < 2**63 else None
        if found is None:
            raise serializers.ValidationError("There is no customer of that number.", "unknown")
        return found


_CUSTOMER = Kept(lambda: Customer.objects.filter(pk=GIVEN))
