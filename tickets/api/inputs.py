"""What a request about a ticket may say."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from people.api.fields import Code, Input, Instant, TeamSlug, Username, Words
from people.errors import Incomplete
from tickets import customers, timeline
from tickets.api.fields import CustomerNumber, Reference
from tickets.api.representations import choice
from tickets.kinds import FlagKind, HoldEnd, HoldKind, Level
from tickets.models import ContactPoint, Customer
from tickets.states import Channel, Outcome, Severity, Status


class Happened(Instant):
    """When something happened that is written down now: at most 24 hours ago."""

    def to_internal_value(self, value: Any) -> datetime:
        """Return the moment. Raises NotSoLate."""
        at = super().to_internal_value(value)
        timeline.moment_reported(at)
        return at


class OpenIn(Input):
    """A new complaint."""

    customer = CustomerNumber()
    team = TeamSlug()
    subject = Words(max_length=200)
    description = Words()
    category = Code(required=False, allow_blank=True)
    skill = Code(required=False, allow_blank=True)
    severity = choice(Severity, required=False)
    channel = choice(Channel, required=False)
    new = serializers.BooleanField(required=False)
    further_contact_on = Reference(required=False)


class EditIn(Input):
    """What a ticket says it is."""

    subject = Words(required=False, max_length=200)
    description = Words(required=False)
    category = Code(required=False, allow_blank=True)
    severity = choice(Severity, required=False)


class TicketsQuery(Input):
    """Which tickets, in which order."""

    owner = Words(required=False, max_length=150, help_text="A username, or `me`.")
    team = TeamSlug(required=False)
    status = choice([*Status], required=False)
    live = serializers.BooleanField(required=False)
    flag = choice(FlagKind, required=False)
    customer = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    q = Words(required=False, max_length=200, help_text="Words, a reference, or a telephone number.")
    ordering = serializers.ChoiceField(choices=["next_due", "-opened_at"], required=False)


class AcknowledgeIn(Input):
    """What the customer was told, and when they hear again."""

    message = Words()
    next_contact_at = Instant()


class NoteIn(Input):
    """A note."""

    text = Words()
    at = Happened(required=False)


class ContactIn(Input):
    """A contact with the customer."""

    direction = serializers.ChoiceField(choices=["inbound", "outbound"])
    channel = choice(Channel, required=False)
    chase = serializers.BooleanField(required=False)
    summary = Words(required=False, allow_blank=True)
    at = Happened(required=False)


class HoldIn(Input):
    """Why the customer waits, and by when we return."""

    kind = choice(HoldKind)
    reason = Words(required=False, allow_blank=True)
    return_by = Instant(required=False)


class HoldEndIn(Input):
    """How the waiting ended."""

    how = choice(HoldEnd, required=False)


class HoldExtendIn(Input):
    """A later return."""

    return_by = Instant()
    reason = Words(required=False, allow_blank=True)


class PromiseIn(Input):
    """What is promised, and by when."""

    what = Words()
    due_at = Instant()


class NothingIn(Input):
    """Nothing needs to be said."""


class RenegotiateIn(Input):
    """Another time, and how the customer was told."""

    due_at = Instant()
    told = Words()


class ReasonIn(Input):
    """Why."""

    reason = Words()


class ResolveIn(Input):
    """How it was put right, what had caused it, and whether the customer agrees."""

    resolution = Words()
    root_cause = Code()
    customer_agreed = serializers.BooleanField()


class CloseIn(Input):
    """With which outcome."""

    outcome = choice(Outcome)
    root_cause = Code(required=False, allow_blank=True)
    duplicate_of = Reference(required=False)
    note = Words(required=False, allow_blank=True)


class DuplicateIn(Input):
    """Whether it really is a duplicate."""

    yes = serializers.BooleanField()


class FlagsQuery(Input):
    """Which flags."""

    status = serializers.ChoiceField(choices=["raised", "taken_on", "open", "all"], required=False)
    kind = choice(FlagKind, required=False)
    level = choice(Level, required=False)
    team = TeamSlug(required=False)


class FlagNoteIn(Input):
    """What was done about it, or why it is a false alarm."""

    note = Words()


class ContactPointIn(Input):
    """A number or an address."""

    kind = serializers.ChoiceField(choices=ContactPoint.Kind.choices)
    value = Words(max_length=254)
    label = Words(required=False, allow_blank=True, max_length=50)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the contact point. Raises ValidationError for a number or an address that is none."""
        try:
            if attrs["kind"] == ContactPoint.Kind.EMAIL:
                serializers.EmailField().run_validation(attrs["value"])
            else:
                customers.e164(attrs["value"])
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"value": error.detail}) from error
        except Incomplete as refusal:
            raise serializers.ValidationError({"value": refusal.fields["phone"]}) from refusal
        return attrs


class CustomerIn(Input):
    """A customer."""

    name = Words(max_length=200)
    since = serializers.DateField(required=False, allow_null=True)
    value = serializers.ChoiceField(choices=Customer.Value.choices, required=False)
    language = Code(required=False, allow_blank=True, max_length=8)
    preferences = Words(required=False, allow_blank=True)
    preferred_rep = Username(required=False, allow_null=True)
    contact_points = ContactPointIn(many=True, required=False, max_length=20)


class CustomerChangesIn(CustomerIn):
    """What changes about a customer."""

    name = Words(max_length=200, required=False)


class CustomersQuery(Input):
    """Which customers: by telephone number, or by name or e-mail address."""

    phone = Words(required=False, max_length=40)
    q = Words(required=False, max_length=200)
