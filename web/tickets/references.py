"""A ticket's reference in an address."""

import re


class ReferenceConverter:
    """T-100001 in an address is the ticket 100001; small letters and a missing T- are understood."""

    regex = r"(?:[Tt]-)?[0-9]{1,15}"

    def to_python(self, value: str) -> int:
        """Return the ticket's number."""
        return int(re.sub(r"^[Tt]-", "", value))

    def to_url(self, value: int) -> str:
        """Return the reference."""
        return f"T-{value}"
