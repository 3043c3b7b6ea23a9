"""Tickets, and who owned each when. The keys that prove it are in migrations/0002_proofs.py."""

import re
from datetime import UTC, datetime
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from people.models import Person, Team
from people.roles import READS_ALL, Role
from people.statements import GIVEN, Kept
from tickets import errors
from tickets.kinds import Because, BeganBy, EntryKind, FlagState
from tickets.models.choices import known, of
from tickets.models.customers import ContactPoint, Customer
from tickets.states import LIVE, Channel, Outcome, Severity, Status

# What sorts last: a ticket on which nothing falls due.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)


def _about(words: str) -> Q:
    """Return the condition that a ticket is about `words`: see `Tickets.matching`."""
    if reference := re.fullmatch(r"\s*[Tt]?-?(\d{6,15})\s*", words):
        return Q(pk=int(reference[1]))
    if re.fullmatch(r"\s*\+[\d\s()./-]{5,}", words):
        number = "+" + re.sub(r"\D", "", words)
        return Q(customer__in=ContactPoint.objects.filter(kind="phone", value=number).values("customer"))
    query = SearchQuery(words, config="english", search_type="websearch")
    typed = Text.objects.annotate(words=TypedWords("content")).filter(words=query).values("ticket")
    subject = Ticket.objects.annotate(words=SearchVector("subject", config="english")).filter(words=query)
    # Two index scans and a union: an OR over both tables would read every row of one of them.
    return Q(pk__in=typed.union(subject.values("pk")))


class TypedWords(Func):
    """The words of everything in a text's `content`, as the index text_by_words has them."""

    function = "jsonb_to_tsvector"
    template = "%(function)s('english', %(expressions)s, '[\"string\"]')"
    output_field = SearchVectorField()


class Tickets(models.QuerySet["Ticket"]):
    """Reads of tickets."""

    def visible_to(self, person: Person) -> Self:
        """Return the tickets that `person` may see; `permissions` says what they may do with them."""
        if person.role in READS_ALL or person.role == Role.INTEGRATION:
            return self.all()
        owned = Tenure.objects.filter(ticket=OuterRef("pk"), owner=person)
        guest = Viewer.objects.filter(ticket=OuterRef("pk"), person__in=[person.pk, *person.covered_ids])
        return self.filter(
            Q(owner__in=[person.pk, *person.covered_ids])
            | Q(team__in=person.team_ids | person.led_team_ids)
            | Exists(owned)
            | Exists(guest)
        )

    def live(self) -> Self:
        """Return the tickets that somebody still has to answer for."""
        return self.filter(live=True)

    def by_next_due(self) -> Self:
        """Return the tickets with `due_or_never`, to order by: what falls due first, what never does last."""
        return self.annotate(due_or_never=Coalesce("next_due_at", Value(NEVER)))

    def first_due_first(self) -> Self:
        """Return the tickets in that order."""
        return self.order_by(Coalesce("next_due_at", Value(NEVER)), "pk")

    def matching(
        self,
        *,
        owner: str | None = None,
        team: Team | None = None,
        status: str | None = None,
        live: bool | None = None,
        flag: str | None = None,
        customer: int | None = None,
        q: str | None = None,
    ) -> Self:
        """Return the tickets that match everything that is given.

        owner: a username. flag: the kind of an open flag. q: words of the subject or of anything typed,
        a reference, or a telephone number of the customer.
        """
        found = self
        if owner is not None:
            found = found.filter(owner__in=Person.objects.filter(username=owner))
        if team is not None:
            found = found.filter(team=team)
        if status is not None:
            found = found.filter(status=status)
        if live is not None:
            found = found.filter(live=True) if live else found.filter(live=None)
        if flag is not None:
            found = found.filter(flags__kind=flag, flags__status__in=[FlagState.RAISED, FlagState.TAKEN_ON])
        if customer is not None:
            found = found.filter(customer=customer)
        return found if q is None else found.filter(_about(q))

    def locking(self) -> Self:
        """Return the tickets, with owner and team, to be locked as they are read."""
        return self.select_for_update(of=("self",)).select_related("owner", "team")

    def lock(self, number: int) -> "Ticket":
        """Return the ticket, locked against everybody else until the transaction ends.

        Raises UnknownTicket when there is none. Lock tickets in the order of their numbers, people after
        them.
        """
        # Whoever waited here while the ticket moved gets no row: PostgreSQL looks at the ticket afresh, but
        # joins it with its former owner. The lock is held by then; asked once more, it is the new owner's.
        locked = _LOCKED.first(number) or _LOCKED.first(number)
        if locked is None:
            raise errors.UnknownTicket
        return locked


_LOCKED = Kept(lambda: Ticket.objects.locking().filter(pk=GIVEN))


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
    # When a sweep must look at it next, and up to when one has looked: see `sweeps`.
    check_at = models.DateTimeField(null=True)
    judged_at = models.DateTimeField(null=True)

    # Since when its caller is with somebody to whom nobody handed it over: see `limits.transferred_cold`.
    cold_since = models.DateTimeField(null=True)

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
                Coalesce("next_due_at", Value(NEVER)),
                "id",
                condition=Q(live=True),
                name="ticket_desk",
            ),
            models.Index(fields=["owner", "-opened_at"], name="ticket_by_owner"),
            models.Index(fields=["team", "-opened_at"], name="ticket_by_team"),
            models.Index(fields=["-opened_at"], name="ticket_by_age"),
            models.Index(fields=["team"], condition=Q(live=True), name="ticket_live_by_team"),
            models.Index(fields=["check_at"], condition=Q(live=True, check_at__isnull=False), name="ticket_to_check"),
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
