"""What comes in and what goes out about telephone systems and calls."""

from typing import Any

from rest_framework import serializers

from people.api.fields import Code, Input, Instant, PersonOut, TeamSlug, Words
from phones import inbox
from phones.calls import Cause, SpellEnd
from phones.events import Direction, EndedBy, HeldKind, TransferKind
from phones.models import Call
from tickets.api.fields import Reference
from tickets.api.representations import choice


class EventsQuery(Input):
    """Whether it is only asked what would be concluded; and who signs."""

    dry_run = serializers.BooleanField(required=False, default=False)
    source = Code(required=False)


class EventResult(serializers.Serializer[Any]):
    """What became of one event."""

    id = serializers.CharField(allow_blank=True)
    status = choice(inbox.Status)
    call = serializers.IntegerField(allow_null=True)
    suspect = serializers.BooleanField()
    errors = serializers.DictField(child=serializers.CharField())
    concluded = serializers.ListField(child=serializers.CharField())


class EventResults(serializers.Serializer[Any]):
    """What became of each event, in their order."""

    results = EventResult(many=True)


class SourceIn(Input):
    """A telephone system: whose its calls are, and in which country its numbers are national."""

    slug = Code(max_length=50)
    name = Words(max_length=200)
    team = TeamSlug()
    region = Code(required=False, allow_blank=True, max_length=2)


class SourceChangesIn(Input):
    """Whether it is listened to, and what its vendor signs with (Twilio's auth token), which is never shown."""

    active = serializers.BooleanField(required=False)
    vendor_secret = Words(required=False, allow_blank=True, max_length=200)


class SourceOut(serializers.Serializer[Any]):
    """A telephone system, and how it is going."""

    slug = serializers.CharField()
    name = serializers.CharField()
    team = serializers.CharField(source="team.slug")
    region = serializers.CharField(allow_blank=True)
    active = serializers.BooleanField()
    created_at = Instant()
    heard_at = Instant(allow_null=True)
    lag_seconds = serializers.FloatField(allow_null=True)
    refused = serializers.IntegerField()
    refused_at = Instant(allow_null=True)
    refused_why = serializers.CharField(allow_blank=True)
    looks_broken_at = Instant(allow_null=True)


class SourceSecrets(SourceOut):
    """A telephone system with what it is known by, shown this once."""

    token = serializers.CharField(allow_null=True)
    secret = serializers.CharField()


class SpellOut(serializers.Serializer[Any]):
    """The caller waited on the line."""

    number = serializers.IntegerField()
    kind = choice(HeldKind)
    by = serializers.CharField(allow_blank=True)
    started_at = Instant()
    ended_at = Instant(allow_null=True)
    how = choice(SpellEnd, allow_null=True)


class TransferOut(serializers.Serializer[Any]):
    """The call was passed on."""

    number = serializers.IntegerField()
    kind = choice(TransferKind)
    by = serializers.CharField(allow_blank=True)
    target = serializers.CharField(allow_blank=True)
    at = Instant()
    picked_up_by = serializers.CharField(allow_blank=True)
    picked_up_at = Instant(allow_null=True)
    failed = serializers.BooleanField()


class ConclusionOut(serializers.Serializer[Any]):
    """Something that went wrong with the call; withdrawn when later news said otherwise."""

    cause = choice(Cause)
    number = serializers.IntegerField()
    at = Instant()
    withdrawn_at = Instant(allow_null=True)


class CallOut(serializers.Serializer[Any]):
    """A call, as its events tell it."""

    id = serializers.IntegerField()
    call_id = serializers.CharField()
    source = serializers.CharField(source="source.slug")
    team = serializers.CharField(source="team.slug")
    direction = choice(Direction)
    number = serializers.CharField(allow_blank=True)
    began_at = Instant()
    answered_at = Instant(allow_null=True)
    answered_by = PersonOut(allow_null=True)
    ended_at = Instant(allow_null=True)
    ended_by = choice(EndedBy, allow_blank=True)
    provisional = serializers.BooleanField(source="told.provisional", default=False)
    suspect = serializers.BooleanField()
    ticket = serializers.CharField(source="ticket.reference", default=None, allow_null=True)
    customer = serializers.IntegerField(source="customer_id", allow_null=True)
    linked = serializers.ChoiceField(choices=Call.Linked.choices)
    wrap_up = serializers.ChoiceField(choices=Call.WrapUp.choices)
    spells = SpellOut(source="told.spells", many=True)
    transfers = TransferOut(source="told.transfers", many=True)
    conclusions = ConclusionOut(many=True)
    call_back_since = Instant(allow_null=True)
    called_back_at = Instant(allow_null=True)


class CallsQuery(Input):
    """Which calls."""

    waiting = serializers.ChoiceField(
        choices=["wrap_up", "call_back", "line"],
        required=False,
        help_text="Those that wait for a wrap-up, or for a call back; or that go on.",
    )
    answered_by = Words(required=False, max_length=150, help_text="A username, or `me`.")
    ticket = Reference(required=False)
    source = Code(required=False)
    number = Words(required=False, max_length=30)
