"""Telephone systems in the administration, to look at: `manage.py phone_source` and the API change them."""

from django.contrib import admin

from people.administration import ReadOnly
from phones.models import Source


@admin.register(Source)
class SourceAdmin(ReadOnly):
    """Which telephone systems report to us, and how it is going; not what they sign with."""

    list_display = ("name", "slug", "team", "active", "heard_at", "refused", "looks_broken_at")
    list_select_related = ("team",)
    exclude = ("secrets", "digest", "vendor_secret")
