"""What a telephone system really sent, masked, for whoever has to find out why; kept for a set time."""

import re
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from phones.models import RawBody, Source

LONGEST = 100_000
# Thirteen to nineteen digits with at most a blank or dash between: what a payment card has, and callers dial.
_DIGITS = re.compile(r"(?<![\d+])(?:\d[ -]?){12,18}\d(?!\d)")
_SECRETS = re.compile(
    r"""(["']?[\w.-]*(?:token|secret|password|passwd|authorization|signature|api_?key)[\w.-]*["']?\s*[:=]\s*["']?)"""
    r"""([^"'&\s,}]+)""",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """Return a text without secrets, and without runs of digits that a payment card could have."""
    return _DIGITS.sub(_card, _SECRETS.sub(r"\1***", text))


def _card(match: re.Match[str]) -> str:
    digits = [int(digit) for digit in match[0] if digit.isdigit()]
    doubled = [digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4) for place, digit in enumerate(digits[::-1])]
    # The check digit of ISO/IEC 7812 tells cards from most other numbers.
    return match[0] if sum(doubled) % 10 else f"****{match[0][-4:]}"


def keep(source: Source, body: bytes) -> None:
    """Keep what was sent, masked."""
    text = body[:LONGEST].decode("utf-8", "replace").replace("\x00", "")
    RawBody.objects.create(source=source, content=masked(text))


def forget_old() -> int:
    """Delete what has been kept long enough; return how many there were."""
    old = timezone.now() - timedelta(days=settings.PHONE_BODIES_DAYS)
    return RawBody.objects.filter(received_at__lt=old).delete()[0]
