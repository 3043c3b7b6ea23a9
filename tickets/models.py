"""Customers, their tickets, and who owned each when. The keys that prove it are in migrations/0002_proofs.py."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import NullIf
from django.utils import timezone

from people.models import Person, Team
from people.roles import READS_ALL, Role
from tickets import errors
from tickets.kinds import (
    Because,
    BeganBy,
    EntryKind,
    FlagKind,
    FlagState,
    HoldEnd,
    HoldKind,
    Level,
    PromiseState,
)
from tickets.states import LIVE, Channel, Outcome, Severity, Status

# What sorts last: a ticket on which nothing falls due.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)


def of(kinds: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Return an enumeration as the choices of a field."""
    return [(kind.value, kind.value.replace("_", " ")) for kind in kinds]


def known(field: str, kinds: Iterable[StrEnum], name: str, *, blank: bool = False) -> models.CheckConstraint:
    """Return the check that a column holds one of the kinds (or, with `blank`, nothing)."""
    values = [kind.value for kind in kinds] + [""] * blank
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)


class Customer(models.Model):
    """Who complains. A forgotten customer keeps the row, and loses everything that says who they were."""

    class Value(models.TextChoices):
        """What the customer is to us, as the company counts it."""

        STANDARD = "standard"
        VALUED = "valued"
        KEY = "key"

    name = models.CharField(max_length=200, blank=True)
    since = models.DateField(null=True, blank=True)
    value = models.CharField(max_length=10, choices=Value, default=Value.STANDARD)
    language = models.CharField(max_length=8, blank=True)
    preferences = models.TextField(blank=True)
    preferred_rep = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    anonymous = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [GinIndex(SearchVector("name", config="simple"), name="customer_by_name")]

    def __str__(self) -> str:
        return self.name or "(name withheld)"


class ContactPoint(models.Model):
    """One way to reach a customer: a telephone number in E.164, or an e-mail address in lower case."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=5, choices=Kind)
    value = models.CharField(max_length=254)
    label = models.CharField(max_length=50, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "value"], name="contact_point_once_a_customer")
        ]
        # A household shares a number: it names customers, not one customer.
        indexes = [models.Index(fields=["kind", "value"], name="contact_point_by_value")]


class Tickets(models.QuerySet["Ticket"]):
    """Reads of tickets."""

    def visible_to(self, person: Person) -> Self:
        """Return the tickets that `person` may see; `permissions` says what they may do with them."""
        if person.role in READS_ALL or person.role == Role.INTEGRATION:
            return self.all()
        owned = Tenure.objects.filter(ticket=OuterRef("pk"), owner=person)
        guest = Viewer.objects.filter(ticket=OuterRef("pk"), person=person)
        return self.filter(
            Q(owner=person) | Q(team__in=person.team_ids | person.led_team_ids) | Exists(owned) | Exists(guest)
        )

    def live(self) -> Self:
        """Return the tickets that somebody still has to answer for."""
        return self.filter(live=True)

    def lock(self, ticket: int) -> "Ticket":
        """Return the ticket, locked against everybody else until the transaction ends.

        Raises NotVisible when there is none. Lock tickets in the order of their ids, people after them.
        """
        locked = self.select_for_update(of=("self",)).select_related("owner", "team").filter(pk=ticket).first()
        if locked is None:
            raise errors.UnknownTicket
        return locked


class Ticket(models.Model):
    """One customer complaint, with exactly one owner at every moment of its life."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="tickets")
    team = models.ForeignKey(Team, models.PROTECT, related_name="tickets", db_index=False)
    subject = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=50, blank=True)
    skill = models.CharField(max_length=50, blank=True)
    severity = models.CharField(max_length=10, choices=of(Severity), default=Severity.ROUTINE)
    channel = models.CharField(max_length=10, choices=of(Channel), default=Channel.PHONE)
    status = models.CharField(max_length=10, choices=of(Status), default=Status.NEW)
    outcome = models.CharField(max_length=16, choices=of(Outcome), blank=True)
    root_cause = models.CharField(max_length=50, blank=True)
    customer_agreed = models.BooleanField(null=True)
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")

    owner = models.ForeignKey(Person, models.PROTECT, related_name="tickets", db_index=False)
    tenure_seq = models.PositiveIntegerField(default=1)
    owner_since = models.DateTimeField()
    owner_count = models.PositiveIntegerField(default=1)
    change_count = models.PositiveIntegerField(default=0)

    opened_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    introduced_at = models.DateTimeField(null=True)
    last_contact_at = models.DateTimeField(null=True)
    last_chased_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    next_due_kind = models.CharField(max_length=12, blank=True)

    version = models.PositiveIntegerField(default=1)
    historical = models.BooleanField(default=False)
    source = models.CharField(max_length=50, blank=True)
    source_key = models.CharField(max_length=200, blank=True)

    # True for ever, and true or NULL: what the keys of migrations/0002_proofs.py hold against.
    is_current = models.GeneratedField(expression=Value(True), output_field=models.BooleanField(), db_persist=True)
    live = models.GeneratedField(
        expression=Case(When(status__in=LIVE, historical=False, then=Value(True)), default=None),
        output_field=models.BooleanField(null=True),
        db_persist=True,
    )

    objects = Tickets.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"], condition=~Q(source=""), name="ticket_imported_once"
            ),
            known("status", Status, "ticket_status_is_known"),
            known("severity", Severity, "ticket_severity_is_known"),
            known("channel", Channel, "ticket_channel_is_known"),
            known("outcome", Outcome, "ticket_outcome_is_known", blank=True),
            models.CheckConstraint(
                condition=Q(status__in=[Status.RESOLVED, Status.CLOSED], resolved_at__isnull=False)
                | Q(~Q(status__in=[Status.RESOLVED, Status.CLOSED]), resolved_at__isnull=True),
                name="ticket_resolved_at_matches_status",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.CLOSED, closed_at__isnull=False)
                | Q(~Q(status=Status.CLOSED), closed_at__isnull=True),
                name="ticket_closed_at_matches_status",
            ),
            # A closed one may be either: spam is dismissed before anybody acknowledged it.
            models.CheckConstraint(
                condition=Q(status=Status.NEW, acknowledged_at__isnull=True)
                | Q(status=Status.CLOSED)
                | Q(
                    status__in=[Status.OPEN, Status.ON_HOLD, Status.RESOLVED],
                    acknowledged_at__isnull=False,
                ),
                name="ticket_acknowledged_unless_new",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.CLOSED, historical=False, outcome__gt="")
                | Q(historical=True)
                | Q(~Q(status=Status.CLOSED), outcome=""),
                name="ticket_outcome_matches_status",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.DUPLICATE_OF) | Q(duplicate_of__isnull=False),
                name="ticket_duplicate_names_the_other",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("id")), name="ticket_not_its_own_duplicate"
            ),
            models.CheckConstraint(condition=Q(owner_count__gte=1), name="ticket_has_had_an_owner"),
        ]
        indexes = [
            models.Index(
                "owner",
                models.functions.Coalesce("next_due_at", Value(NEVER)),
                "id",
                condition=Q(live=True),
                name="ticket_desk",
            ),
            models.Index(fields=["owner", "-opened_at"], name="ticket_by_owner"),
            models.Index(fields=["team", "-opened_at"], name="ticket_by_team"),
            models.Index(fields=["-opened_at"], name="ticket_by_age"),
            models.Index(fields=["next_due_at"], condition=Q(live=True), name="ticket_due"),
            GinIndex(SearchVector("subject", config="english"), name="ticket_by_subject"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The ticket's name, as it is said on the telephone: T-100001."""
        return f"T-{self.pk}"


class Tenure(models.Model):
    """One unbroken stretch of ownership by one person. Only `ownership.py` writes it."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="tenures", db_index=False)
    seq = models.PositiveIntegerField()
    owner = models.ForeignKey(Person, models.PROTECT, related_name="tenures", db_index=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    began_by = models.CharField(max_length=10, choices=of(BeganBy))
    reason = models.CharField(max_length=24, blank=True)
    counted = models.BooleanField(default=False)
    # A plain number: handoffs are a floor above; their migration adds the key that proves it.
    handoff_id = models.BigIntegerField(null=True)
    is_current = models.GeneratedField(
        expression=Case(When(ended_at=None, then=Value(True)), default=Value(False)),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    prev_seq = models.GeneratedField(
        expression=NullIf(F("seq") - 1, 0), output_field=models.IntegerField(null=True), db_persist=True
    )

    class Meta:
        ordering = ["ticket", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "seq"], name="tenure_seq_is_unique"),
            models.UniqueConstraint(fields=["ticket"], condition=Q(ended_at=None), name="tenure_one_open_a_ticket"),
            models.UniqueConstraint(
                fields=["ticket", "seq", "owner", "started_at", "is_current"], name="tenure_and_currency"
            ),
            models.UniqueConstraint(fields=["ticket", "seq", "ended_at"], name="tenure_and_end"),
            known("began_by", BeganBy, "tenure_began_by_is_known"),
            models.CheckConstraint(
                condition=Q(began_by=BeganBy.ACCEPTED, handoff_id__isnull=False)
                | Q(~Q(began_by=BeganBy.ACCEPTED), handoff_id__isnull=True),
                name="tenure_accepted_names_its_handoff",
            ),
            models.CheckConstraint(
                condition=Q(began_by=BeganBy.IMPORTED)
                | Q(seq=1, began_by=BeganBy.OPENED)
                | Q(~Q(began_by=BeganBy.OPENED), seq__gt=1),
                name="tenure_only_the_first_is_opened",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="tenure_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["owner", "ticket"], name="tenure_by_owner")]


class Text(models.Model):
    """What a person typed about a customer: the one thing that can be erased.

    `content` maps the names of the fields to what was typed in them. A trigger allows one change, ever:
    content to NULL, with `erased_at`.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="texts", db_index=False)
    part = models.CharField(max_length=20)
    content = models.JSONField(null=True)
    written_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(content__isnull=True, erased_at__isnull=False)
                | Q(content__isnull=False, erased_at__isnull=True),
                name="text_is_there_or_erased",
            )
        ]
        indexes = [models.Index(fields=["ticket", "part", "-id"], name="text_by_ticket")]

    def __str__(self) -> str:
        return "(erased)" if self.content is None else " · ".join(self.content.values())


class Entry(models.Model):
    """One line of a ticket's timeline. Only `timeline.py` writes it; nobody changes or deletes it."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(max_length=24, choices=of(EntryKind))
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    data = models.JSONField(default=dict)
    text = models.ForeignKey(Text, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["ticket", "at", "id"], name="entry_timeline")]


class Look(models.Model):
    """Somebody looked at a ticket: one row a person, ticket and hour."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="looks", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    hour = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "person", "hour"], name="look_once_an_hour")]


class Viewer(models.Model):
    """Somebody outside who may see a ticket while something about it is asked of them."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="viewers")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    because = models.CharField(max_length=12, choices=of(Because))
    source = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["because", "source", "person"], name="viewer_once_a_cause")]
        indexes = [models.Index(fields=["person", "ticket"], name="viewer_by_person")]


class Hold(models.Model):
    """The customer waits because of us, always with a promised return. Only `holds.py` writes it."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=6, choices=of(HoldKind))
    reason = models.ForeignKey(Text, models.PROTECT, null=True, related_name="+", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    return_by = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=16, choices=of(HoldEnd), blank=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "kind"], condition=Q(ended_at=None), name="hold_one_open_of_a_kind"
            ),
            known("kind", HoldKind, "hold_kind_is_known"),
            known("how", HoldEnd, "hold_end_is_known", blank=True),
            models.CheckConstraint(
                condition=Q(ended_at=None, how="") | Q(ended_at__isnull=False, how__gt=""),
                name="hold_end_says_how",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="hold_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(return_by__gte=F("started_at")), name="hold_returns_after_start"),
        ]
        indexes = [
            models.Index(fields=["return_by"], condition=Q(ended_at=None), name="hold_due"),
        ]


class Promise(models.Model):
    """A dated commitment to the customer. It keeps its maker; keeping it is the owner's duty."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="promises")
    what = models.ForeignKey(Text, models.PROTECT, related_name="+", db_index=False)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    renegotiations = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=of(PromiseState), default=PromiseState.OPEN)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            known("state", PromiseState, "promise_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=PromiseState.OPEN, ended_at=None)
                | Q(~Q(state=PromiseState.OPEN), ended_at__isnull=False),
                name="promise_end_matches_state",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="promise_due"),
        ]


class Flag(models.Model):
    """Something that a manager must look at. It rises, never silently falls. Only `flags.py` writes it."""

    OPEN = (FlagState.RAISED, FlagState.TAKEN_ON)

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="flags")
    kind = models.CharField(max_length=20, choices=of(FlagKind))
    level = models.CharField(max_length=5, choices=of(Level))
    status = models.CharField(max_length=12, choices=of(FlagState), default=FlagState.RAISED)
    raised_at = models.DateTimeField()
    rose_at = models.DateTimeField(null=True)
    evidence = models.JSONField(default=dict)
    taken_on_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    taken_on_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True)
    note = models.ForeignKey(Text, models.PROTECT, null=True, related_name="+", db_index=False)
    historical = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "kind"],
                condition=Q(status__in=["raised", "taken_on"]),
                name="flag_one_open_of_a_kind",
            ),
            known("kind", FlagKind, "flag_kind_is_known"),
            known("level", Level, "flag_level_is_known"),
            known("status", FlagState, "flag_status_is_known"),
            models.CheckConstraint(
                condition=Q(status__in=["raised", "taken_on"], closed_at=None)
                | Q(~Q(status__in=["raised", "taken_on"]), closed_at__isnull=False),
                name="flag_closed_at_matches_status",
            ),
            models.CheckConstraint(
                condition=~Q(status="taken_on") | Q(taken_on_by__isnull=False),
                name="flag_taken_on_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["-raised_at"], name="flag_by_age")]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to deal with it."""
        return self.status in self.OPEN

    def summary(self) -> dict[str, Any]:
        """Return the flag as it stands on its ticket."""
        return {"kind": self.kind, "level": self.level}
