"""Times of an audit, exact; and the sums of its picture."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tickets.models import Tenure
from web.pictures import lengths, strip
from web.templatetags.web import exact

register = template.Library()


@register.simple_tag
def exactly(at: datetime) -> SafeString:
    """Return a moment with its day, in the reader's time zone; with its seconds on hover."""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}" class="number">{}</time>', at.isoformat(), f"{local:%H:%M:%S}", exact(at)
    )


@register.inclusion_tag("web/chain/small.html")
def small_chain(tenures: Iterable[Tenure], closed_at: datetime | None = None) -> dict[str, strip.Strip]:
    """Draw a chain in one narrow strip, from its tenures with their owners: nothing more is read."""
    stints = [strip.Stint(each.owner.name, each.started_at, each.ended_at, each.began_by) for each in tenures]
    return {"strip": strip.small(stints, now=closed_at or timezone.now())}


@register.filter
def span(length: timedelta) -> str:
    """Return a length of time."""
    return lengths.words(length)


@register.filter
def add_to(place: float, more: float) -> float:
    """Return a coordinate so much further on: Django's own `add` knows whole numbers only."""
    return round(place + more, 1)


@register.filter
def hour(at: datetime) -> str:
    """Return an hour of a day: the day, and from when to when."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'D j M')}, {local:%H:%M}–{local + timedelta(hours=1):%H:%M}"  # noqa: RUF001
