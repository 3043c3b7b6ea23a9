"""The shapes of what goes out; for what is read most, `sql` writes them."""

from typing import Any

from rest_framework import serializers

from people.api.fields import Instant, PersonOut
from tickets.kinds import FlagKind, FlagState, HoldEnd, HoldKind, Level, PromiseState
from tickets.models import ContactPoint, Customer
from tickets.states import Channel, Outcome, Severity, Status


def choice(kinds: Any, **kwargs: Any) -> serializers.ChoiceField:
    """Return a field that holds one of an enumeration's values."""
    return serializers.ChoiceField(choices=[(kind.value, kind.name) for kind in kinds], **kwargs)


class FlagSummary(serializers.Serializer[Any]):
    """An open flag, as it stands on its ticket."""

    kind = choice(FlagKind)
    level = choice(Level)


class NextDue(serializers.Serializer[Any]):
    """What falls due next."""

    kind = serializers.ChoiceField(choices=["acknowledge", "hold", "promise"])
    at = Instant()


class CustomerSummary(serializers.Serializer[Any]):
    """Who complains."""

    id = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)


class TicketOut(serializers.Serializer[Any]):
    """A complaint and who answers for it."""

    reference = serializers.CharField()
    subject = serializers.CharField(allow_blank=True)
    category = serializers.CharField(allow_blank=True)
    skill = serializers.CharField(allow_blank=True)
    severity = choice(Severity)
    channel = choice(Channel)
    status = choice(Status)
    team = serializers.CharField()
    customer = CustomerSummary()
    owner = PersonOut()
    owner_since = Instant()
    chain_length = serializers.IntegerField()
    opened_at = Instant()
    acknowledge_by = Instant(allow_null=True)
    acknowledged_at = Instant(allow_null=True)
    resolved_at = Instant(allow_null=True)
    closed_at = Instant(allow_null=True)
    outcome = choice(Outcome, allow_blank=True)
    root_cause = serializers.CharField(allow_blank=True)
    duplicate_of = serializers.CharField(allow_null=True)
    next_due = NextDue(allow_null=True)
    flags = FlagSummary(many=True)
    version = serializers.IntegerField()
    historical = serializers.BooleanField()


class TicketDetails(TicketOut):
    """A complaint with what was said when it was opened."""

    description = serializers.CharField(allow_null=True)


class EntryOut(serializers.Serializer[Any]):
    """One line of the timeline: what happened when, by whom, and when it was written down."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    at = Instant()
    recorded_at = Instant()
    by = PersonOut(allow_null=True)
    data = serializers.DictField()
    text = serializers.DictField(child=serializers.CharField(), allow_null=True)
    erased_at = Instant(allow_null=True)


class CapacityOut(serializers.Serializer[Any]):
    """The load of a team that was over its limit: a cause, where no person's doing is one."""

    live_tickets = serializers.IntegerField()
    reps = serializers.IntegerField()
    limit_each = serializers.IntegerField()


class FlagOut(FlagSummary):
    """A flag with its evidence and who deals with it."""

    id = serializers.IntegerField()
    ticket = serializers.CharField(source="ticket.reference")
    status = choice(FlagState)
    raised_at = Instant()
    rose_at = Instant(allow_null=True)
    evidence = serializers.DictField()
    capacity = CapacityOut(allow_null=True)
    taken_on_by = PersonOut(allow_null=True)
    taken_on_at = Instant(allow_null=True)
    closed_by = PersonOut(allow_null=True)
    closed_at = Instant(allow_null=True)
    historical = serializers.BooleanField()


class HoldOut(serializers.Serializer[Any]):
    """The customer waits."""

    id = serializers.IntegerField()
    ticket = serializers.CharField(source="ticket.reference")
    kind = choice(HoldKind)
    by = PersonOut()
    started_at = Instant()
    return_by = Instant()
    ended_at = Instant(allow_null=True)
    how = choice(HoldEnd, allow_blank=True)


class PromiseOut(serializers.Serializer[Any]):
    """A promise to the customer."""

    id = serializers.IntegerField()
    ticket = serializers.CharField(source="ticket.reference")
    what = serializers.SerializerMethodField()
    made_by = PersonOut()
    made_at = Instant()
    due_at = Instant()
    first_due_at = Instant()
    renegotiations = serializers.IntegerField()
    state = choice(PromiseState)
    ended_at = Instant(allow_null=True)

    def get_what(self, promise: Any) -> str:
        """Return what was promised."""
        return str(promise.what)


class ContactPointOut(serializers.Serializer[Any]):
    """A way to reach a customer."""

    kind = serializers.ChoiceField(choices=ContactPoint.Kind.choices)
    value = serializers.CharField()
    label = serializers.CharField(allow_blank=True)


class CustomerOut(CustomerSummary):
    """A customer, how to reach them, and their live tickets."""

    since = serializers.DateField(allow_null=True)
    value = serializers.ChoiceField(choices=Customer.Value.choices)
    language = serializers.CharField(allow_blank=True)
    preferences = serializers.CharField(allow_blank=True)
    preferred_rep = PersonOut(allow_null=True)
    anonymous = serializers.BooleanField()
    erased_at = Instant(allow_null=True)
    contact_points = ContactPointOut(many=True)
    open_tickets = serializers.ListField(child=serializers.CharField())
