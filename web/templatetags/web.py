"""Icons, and times that stay true while a page is open."""

import functools
from collections.abc import Callable
from datetime import datetime, timedelta

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from handoffs.models import Handoff
from handoffs.protocol import Kind
from web import labels
from web.labels import CLOCKS, Label

register = template.Library()

SOON = timedelta(minutes=15)


@register.simple_tag
@functools.cache  # a page has hundreds
def icon(name: str) -> SafeString:
    """Return an icon of the sprite; it decorates words, which say the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("web/vendor/tabler-icons.svg"),
        name,
    )


def length(span: timedelta) -> str:
    """Return a length of time as it is said: the two largest units that matter."""
    minutes = int(span.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days >= 2:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if days or hours:
        hours += 24 * days
        return f"{hours} h {minutes} min" if minutes and hours < 10 else f"{hours} h"
    return _("%(n)d min") % {"n": minutes} if minutes else _("under a minute")


@register.filter
def lasted(seconds: float | None) -> str:
    """Return a number of seconds as a length of time."""
    return "-" if seconds is None else length(timedelta(seconds=seconds))


def relative(at: datetime, now: datetime) -> str:
    """Return a moment as seen from now: "in 5 min", "2 h ago"."""
    span = length(abs(at - now))
    if abs(at - now) < timedelta(minutes=1):
        return _("now")
    return _("in %(span)s") % {"span": span} if at > now else _("%(span)s ago") % {"span": span}


def exact(at: datetime) -> str:
    """Return a moment with its day, in the reader's time zone."""
    return date_format(timezone.localtime(at), "D j M Y, H:i")


@register.simple_tag
def moment(at: datetime | None) -> SafeString:
    """Return a moment, relative, with the exact one on hover and focus; the page keeps it true."""
    if at is None:
        return SafeString("-")
    return format_html(
        '<time datetime="{}" data-exact="{}" tabindex="0" class="moment" data-tick="moment">{}</time>',
        at.isoformat(),
        exact(at),
        relative(at, timezone.now()),
    )


@register.simple_tag
def clock(at: datetime | None, kind: str, focusable: bool = False) -> SafeString:
    """Return what falls due and when, in words, with an icon and a colour; the page keeps it true."""
    if at is None:
        return format_html('<span class="clock clock-none">{}</span>', _("nothing due"))
    now = timezone.now()
    late = at <= now
    state = "late" if late else "soon" if at - now <= SOON else "later"
    name, label = CLOCKS.get(kind, ("clock", kind))
    span = length(abs(at - now))
    words = _("%(span)s late") % {"span": span} if late else _("in %(span)s") % {"span": span}
    return format_html(
        '<span class="clock clock-{}" data-tick="clock" data-at="{}">{}'
        '<span class="clock-kind">{}</span> <time datetime="{}" data-exact="{}"{}>{}</time></span>',
        state,
        at.isoformat(),
        icon(name),
        label,
        at.isoformat(),
        exact(at),
        SafeString(' tabindex="0"') if focusable else "",
        words,
    )


def _label(words: dict[str, Label]) -> Callable[[str], Label]:
    return lambda code: words.get(code, code)


for _name in ("flag", "flag_status", "status", "severity", "channel", "reason", "level", "began_by", "outcome"):
    register.filter(f"{_name}_label", _label(getattr(labels, _name.upper())))


@register.filter
def packet_of(handoff: Handoff) -> list[tuple[Label, str]]:
    """Return what a handoff's giver wrote, field by field; what a claimer says back is all that a claim has."""
    said = handoff.said()
    if handoff.kind == Kind.CLAIM and handoff.read_back is not None:
        return [(_("Read-back"), str(handoff.read_back))]
    return [(label, said[name]) for name, label in labels.PACKET.items() if said.get(name)]


FIRST_WORDS = {
    "promise_broken": gettext_lazy("A promise was not kept in time. Say sorry, and say when it will be."),
    "kept_waiting": gettext_lazy("They have waited longer than we said. Say sorry first."),
    "new_owner": gettext_lazy("They have not heard from the present owner yet. Say your name, and that it is yours."),
    "passed_on": gettext_lazy("They have told it to several people. Do not ask them to tell it again."),
    "has_asked": gettext_lazy("They have asked what became of it. Begin with that."),
}


@register.filter
def first_words(code: str) -> Label:
    """Return what the customer should hear first."""
    return FIRST_WORDS[code]
