"""Times of an audit, exact; and the sums of its picture."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from web.pictures import lengths
from web.templatetags.web import exact

register = template.Library()


@register.simple_tag
def exactly(at: datetime) -> SafeString:
    """Return a moment with its day, in the reader's time zone; with its seconds on hover."""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}" class="number">{}</time>', at.isoformat(), f"{local:%H:%M:%S}", exact(at)
    )


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
