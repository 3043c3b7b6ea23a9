"""What comes in and what goes out about notices."""

from typing import Any

from rest_framework import serializers

from notices import table
from notices.models import Notice, Webhook
from notices.table import Channel
from people.api.fields import Code, Input, Instant, Words

KINDS = [(kind, kind) for kind in table.RULES]


class NoticeOut(serializers.Serializer[Any]):
    """What I was told, or am about to be."""

    id = serializers.UUIDField(help_text="In `webhook-id` and `Message-ID`, the same each time it is sent.")
    kind = serializers.CharField()
    about = serializers.CharField(help_text="A ticket's reference.")
    payload = serializers.DictField(help_text="The facts, by kind.")
    queued_at = Instant()


class DeliveryOut(NoticeOut):
    """A notice, to whom it goes, and how far it has come."""

    person = serializers.CharField(source="person.username", default=None, allow_null=True)
    webhook = serializers.IntegerField(source="webhook_id", allow_null=True)
    address = serializers.CharField()
    state = serializers.ChoiceField(choices=Notice.State.choices)
    attempts = serializers.IntegerField()
    next_attempt_at = Instant(allow_null=True)
    delivered_at = Instant(allow_null=True)
    last_error = serializers.CharField()


class DeliveriesQuery(Input):
    """Which deliveries."""

    state = serializers.ChoiceField(choices=Notice.State.choices, required=False)
    webhook = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    about = Code(required=False, max_length=30)


class ChoiceOut(serializers.Serializer[Any]):
    """One kind of notice: whether I get it, and whether that is not mine to choose."""

    kind = serializers.CharField()
    channel = serializers.ChoiceField(choices=[(channel.value, channel.name) for channel in Channel])
    wanted = serializers.BooleanField()
    must = serializers.BooleanField()


class ChoicesOut(serializers.Serializer[Any]):
    """What I get, kind by kind."""

    choices = ChoiceOut(many=True)


class ChoiceIn(Input):
    """Whether I want one kind of notice."""

    kind = serializers.ChoiceField(choices=KINDS)
    channel = serializers.ChoiceField(
        choices=[(channel.value, channel.name) for channel in Channel], default=Channel.MAIL.value
    )
    wanted = serializers.BooleanField()


class ChoicesIn(Input):
    """What I want; kinds that are not named stay as they are."""

    choices = ChoiceIn(many=True, allow_empty=False, max_length=200)


class WebhookOut(serializers.Serializer[Any]):
    """A webhook; its secrets were shown when they were made."""

    id = serializers.IntegerField()
    url = serializers.CharField()
    kinds = serializers.ListField(child=serializers.CharField(), help_text="Empty: every kind.")
    active = serializers.BooleanField()
    secrets = serializers.SerializerMethodField(help_text="How many it is signed with.")
    created_by = serializers.CharField(source="created_by.username")
    created_at = Instant()

    def get_secrets(self, webhook: Webhook) -> int:
        """Return how many secrets it is signed with."""
        return len(webhook.secrets)


class NewSecretOut(WebhookOut):
    """A webhook with its newest secret, which is shown only now."""

    secret = serializers.SerializerMethodField()

    def get_secret(self, webhook: Webhook) -> str:
        """Return the newest secret."""
        return str(webhook.secrets[0])


class WebhookIn(Input):
    """Where to send what."""

    url = Words(max_length=500)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=KINDS), required=False, max_length=100, help_text="Empty: every kind."
    )


class WebhookChangesIn(WebhookIn):
    """What to change about a webhook."""

    url = Words(max_length=500, required=False)
    active = serializers.BooleanField(required=False)


class NothingIn(Input):
    """Nothing needs to be said."""
