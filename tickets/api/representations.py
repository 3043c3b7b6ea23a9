"""What goes out: the shapes, and for what is read often, the JSON as PostgreSQL writes it in one statement."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat, JSONObject
from django.http import HttpResponse
from rest_framework import serializers

from people.api.fields import Instant, PersonOut
from people.api.views import as_json
from tickets import errors
from tickets.kinds import FlagKind, FlagState, HoldEnd, HoldKind, Level, PromiseState
from tickets.models import ContactPoint, Customer, Entry, Flag, Text, Ticket
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


def reference(column: str) -> Case:
    """Return the expression for a ticket's reference, NULL where there is no ticket."""
    words = Concat(Value("T-"), Cast(column, CharField()), output_field=CharField())
    return Case(When(**{f"{column}__isnull": False}, then=words), default=None, output_field=CharField())


OPEN_FLAGS = (
    Flag.objects.filter(ticket=OuterRef("pk"), status__in=[FlagState.RAISED, FlagState.TAKEN_ON])
    .order_by("id")
    .values(json=JSONObject(kind="kind", level="level"))
)
DESCRIPTION = (
    Text.objects.filter(ticket=OuterRef("pk"), part="description")
    .order_by("-id")
    .values(said=KT("content__description"))
)
PLAIN = (
    "subject",
    "category",
    "skill",
    "severity",
    "channel",
    "status",
    "owner_since",
    "opened_at",
    "acknowledge_by",
    "acknowledged_at",
    "resolved_at",
    "closed_at",
    "outcome",
    "root_cause",
    "version",
    "historical",
)
TICKET: dict[str, Any] = {
    "reference": reference("id"),
    "team": F("team__slug"),
    "customer": JSONObject(id="customer_id", name="customer__name"),
    "owner": JSONObject(username="owner__username", name="owner__name"),
    "chain_length": F("tenure_seq"),
    "duplicate_of": reference("duplicate_of_id"),
    "next_due": Case(
        When(next_due_at__isnull=False, then=JSONObject(kind="next_due_kind", at="next_due_at")), default=None
    ),
    "flags": ArraySubquery(OPEN_FLAGS),
    **{name: F(name) for name in PLAIN},
}


def tickets_as_json(tickets: QuerySet[Ticket]) -> QuerySet[Any, Any]:
    """Return tickets annotated with `json`, a TicketOut each."""
    return as_json(tickets, **TICKET)


def ticket_response(ticket: int, *, status: int = 200) -> HttpResponse:
    """Return a ticket's details as they now stand, with its version as ETag. Raises UnknownTicket."""
    rows = as_json(Ticket.objects.filter(pk=ticket), **TICKET, description=Subquery(DESCRIPTION[:1]))
    row = rows.values_list("json", "version").first()
    if row is None:
        raise errors.UnknownTicket
    return HttpResponse(row[0], status=status, content_type="application/json", headers={"ETag": f'"{row[1]}"'})


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


def entries_as_json(ticket: int) -> QuerySet[Any, Any]:
    """Return a ticket's timeline annotated with `json`, an EntryOut each."""
    by = Case(When(by__isnull=False, then=JSONObject(username="by__username", name="by__name")), default=None)
    return as_json(
        Entry.objects.filter(ticket=ticket),
        id=F("id"),
        kind=F("kind"),
        at=F("at"),
        recorded_at=F("recorded_at"),
        by=by,
        data=F("data"),
        text=F("text__content"),
        erased_at=F("text__erased_at"),
    )


class FlagOut(FlagSummary):
    """A flag with its evidence and who deals with it."""

    id = serializers.IntegerField()
    ticket = serializers.CharField(source="ticket.reference")
    status = choice(FlagState)
    raised_at = Instant()
    rose_at = Instant(allow_null=True)
    evidence = serializers.DictField()
    taken_on_by = PersonOut(allow_null=True)
    taken_on_at = Instant(allow_null=True)
    closed_by = PersonOut(allow_null=True)
    closed_at = Instant(allow_null=True)
    historical = serializers.BooleanField()


def flags_as_json(flags: QuerySet[Flag]) -> QuerySet[Any, Any]:
    """Return flags annotated with `json`, a FlagOut each."""

    def person(column: str) -> Case:
        names = JSONObject(username=f"{column}__username", name=f"{column}__name")
        return Case(When(**{f"{column}__isnull": False}, then=names), default=None)

    plain = (
        "id",
        "kind",
        "level",
        "status",
        "raised_at",
        "rose_at",
        "evidence",
        "taken_on_at",
        "closed_at",
        "historical",
    )
    return as_json(
        flags,
        ticket=reference("ticket_id"),
        taken_on_by=person("taken_on_by"),
        closed_by=person("closed_by"),
        **{name: F(name) for name in plain},
    )


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


def customers_as_json(customers: QuerySet[Customer]) -> QuerySet[Any, Any]:
    """Return customers annotated with `json`, a CustomerOut each."""
    points = ContactPoint.objects.filter(customer=OuterRef("pk")).order_by("id")
    tickets = Ticket.objects.filter(customer=OuterRef("pk"), live=True).order_by("id")
    preferred = JSONObject(username="preferred_rep__username", name="preferred_rep__name")
    plain = ("id", "name", "since", "value", "language", "preferences", "anonymous", "erased_at")
    return as_json(
        customers,
        preferred_rep=Case(When(preferred_rep__isnull=False, then=preferred), default=None),
        contact_points=ArraySubquery(points.values(json=JSONObject(kind="kind", value="value", label="label"))),
        open_tickets=ArraySubquery(tickets.values(said=reference("id"))),
        **{name: F(name) for name in plain},
    )
