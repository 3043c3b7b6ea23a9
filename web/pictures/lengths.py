"""A length of time in words, short enough to be drawn. On a call every second counts."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

EXACT_BELOW = timedelta(minutes=10)


def words(span: timedelta) -> str:
    """Return a length: "32 s", "3 min 17 s", "47 min", "6 h 47 min", "17 h", "12 days"."""
    seconds = max(int(span.total_seconds()), 0)
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if days >= 2:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if hours:
        rest = minutes % 60
        return _("%(h)d h %(m)d min") % {"h": hours, "m": rest} if rest and hours < 10 else _("%(h)d h") % {"h": hours}
    if span >= EXACT_BELOW or (minutes and not seconds % 60):
        return _("%(n)d min") % {"n": minutes}
    if minutes:
        return _("%(m)d min %(s)d s") % {"m": minutes, "s": seconds % 60}
    return _("%(n)d s") % {"n": seconds}


def short(span: timedelta) -> str:
    """Return a length of time in its largest unit: "5 h"."""
    hours = round(span.total_seconds() / 3600)
    return words(timedelta(hours=hours)) if hours else words(timedelta(minutes=span.total_seconds() // 60))
