"""Webhooks in the administration: set up over REST, where their secret is shown once; changed here, too."""

from typing import Any

from django.contrib import admin
from django.db.models import URLField
from django.http import HttpRequest

from notices import webhooks
from notices.models import Webhook
from people.administration import ByVerb


@admin.register(Webhook)
class WebhookAdmin(ByVerb):
    """The programs that are told what happens."""

    list_display = ("url", "active", "kinds", "created_by", "resting_until")
    fields = ("url", "kinds", "active", "created_by", "created_at", "resting_until")
    readonly_fields = ("created_by", "created_at", "resting_until")
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say no: a page that shows a secret once is not this one."""
        return False

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:
        """Change where it is, what it wants, or whether it gets anything."""
        webhooks.edit(webhook=obj.pk, **form.cleaned_data)
