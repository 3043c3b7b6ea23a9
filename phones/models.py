"""Telephone systems, what they reported, and the calls that it tells of."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.models import Person, Team
from people.roles import READS_ALL, Role
from phones import errors
from phones.calls import Cause
from phones.events import EndedBy, Type
from tickets.models import Customer, Flag, Hold, Promise, Ticket, known, of


class Source(models.Model):
    """A telephone system that reports to us. Only `sources.py` writes it.

    region: the country whose national numbers it sends ("US"). secrets: what its events are signed with, the
    newest first; two are good while it changes over. digest: of the token in its address, for systems that
    can neither sign nor send a header. vendor_secret: what its vendor signs with, and gave out (Twilio's
    auth token).
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    region = models.CharField(max_length=2, blank=True)
    secrets = ArrayField(models.CharField(max_length=100))
    digest = models.CharField(max_length=64, unique=True)
    vendor_secret = models.CharField(max_length=200, blank=True, default="", db_default="")
    active = models.BooleanField(default=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    # How it is going: the last event that was taken in, and the last that was refused, and why.
    heard_at = models.DateTimeField(null=True)
    lag_seconds = models.FloatField(null=True)
    refused = models.PositiveIntegerField(default=0)
    refused_at = models.DateTimeField(null=True)
    refused_why = models.CharField(max_length=200, blank=True)
    # Since when it looks broken: more reds came from it than a contact centre can have.
    looks_broken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["slug"]
        constraints = [models.CheckConstraint(condition=Q(secrets__len__gt=0), name="source_has_a_secret")]

    def __str__(self) -> str:
        return self.name


class Calls(models.QuerySet["Call"]):
    """Reads of calls."""

    def visible_to(self, person: Person) -> Self:
        """Return the calls of tickets that `person` sees, of their teams, and those that they answered."""
        if person.role in READS_ALL or person.role == Role.INTEGRATION:
            return self.all()
        own = Q(answered_by=person) | Q(team__in=person.team_ids | person.led_team_ids)
        return self.filter(own | Q(ticket__in=Ticket.objects.visible_to(person)))

    def lock(self, number: int, by: Person) -> "Call":
        """Return a call that `by` sees, locked. Raises UnknownCall. Lock the call first, its tickets after it."""
        related = self.select_for_update(of=("self",), no_key=True).select_related("source__team", "customer", "team")
        call = related.filter(pk=number).first()
        if call is None or not self.visible_to(by).filter(pk=number).exists():
            raise errors.UnknownCall
        return call

    def to_wrap_up(self) -> Self:
        """Return the calls that were answered, have ended, and of which nobody has said what they were."""
        return self.filter(wrap_up=Call.WrapUp.WAITING)

    def to_call_back(self) -> Self:
        """Return the calls of people who gave up in the queue, and whom nobody has called back."""
        return self.filter(call_back_since__isnull=False, called_back_at=None)


class Call(models.Model):
    """One call, as its events tell it (`phones.calls`). Only `ingest.py` and `wrap_ups.py` write it.

    told: the folded call as JSON, spells and transfers included; the columns beside it are those that are
    looked for. linked: how it came to its ticket. check_at: when the clock must look at it.
    """

    class Linked(models.TextChoices):
        """NOT: it has no ticket. BY_NUMBER: the customer's only open one, until a rep says otherwise."""

        NOT = "not"
        BY_NUMBER = "by_number"
        BY_REP = "by_rep"
        OPENED = "opened"

    class WrapUp(models.TextChoices):
        """NONE: nobody answered, or it goes on."""

        NONE = "none"
        WAITING = "waiting"
        COMPLAINT = "complaint"
        NOT_A_COMPLAINT = "not_a_complaint"
        WRONG_NUMBER = "wrong_number"
        SPAM = "spam"

    source = models.ForeignKey(Source, models.PROTECT, related_name="calls", db_index=False)
    call_id = models.CharField(max_length=200)
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    told = models.JSONField(default=dict)
    direction = models.CharField(max_length=8, default="inbound")
    number = models.CharField(max_length=20, blank=True)  # E.164; "" when withheld
    began_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=7, choices=of(EndedBy), blank=True)
    suspect = models.BooleanField(default=False)

    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="calls")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="calls")
    linked = models.CharField(max_length=9, choices=Linked, default=Linked.NOT)
    wrap_up = models.CharField(max_length=15, choices=WrapUp, default=WrapUp.NONE)
    wrapped_up_at = models.DateTimeField(null=True)
    wrapped_up_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    call_back_since = models.DateTimeField(null=True)
    called_back_at = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)
    # Who has been shown who is calling.
    popped = ArrayField(models.BigIntegerField(), default=list, blank=True)

    objects = Calls.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "call_id"], name="call_once_a_source"),
            known("ended_by", EndedBy, "call_ended_by_is_known", blank=True),
            models.CheckConstraint(
                condition=Q(ticket=None, linked="not") | Q(~Q(linked="not"), ticket__isnull=False),
                name="call_linked_to_a_ticket",
            ),
            models.CheckConstraint(
                condition=Q(wrap_up__in=["none", "waiting"], wrapped_up_at=None)
                | Q(~Q(wrap_up__in=["none", "waiting"]), wrapped_up_at__isnull=False, wrapped_up_by__isnull=False),
                name="call_wrapped_up_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["-began_at"], name="call_by_age"),
            models.Index(fields=["answered_by", "-began_at"], condition=Q(wrap_up="waiting"), name="call_to_wrap_up"),
            models.Index(
                fields=["team", "call_back_since"],
                condition=Q(call_back_since__isnull=False, called_back_at=None),
                name="call_to_call_back",
            ),
            models.Index(fields=["check_at"], condition=Q(check_at__isnull=False), name="call_to_check"),
            models.Index(fields=["answered_by", "ended_at"], condition=Q(ended_at=None), name="call_on_the_line"),
        ]

    def __str__(self) -> str:
        return self.call_id

    @property
    def is_dismissed(self) -> bool:
        """Whether somebody has said that it was no complaint: nothing follows from it any more."""
        return self.wrap_up in (self.WrapUp.NOT_A_COMPLAINT, self.WrapUp.WRONG_NUMBER, self.WrapUp.SPAM)


class PhoneEvent(models.Model):
    """One event as it was taken in; a call is worked out from all of its events, again and again.

    digest: of what it says, so that the same id with something else in it is noticed. suspect: it claims to
    be far from now, and concludes nothing that anybody is told of.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="events", db_index=False)
    event_id = models.CharField(max_length=200)
    call = models.ForeignKey(Call, models.PROTECT, related_name="events")
    type = models.CharField(max_length=24, choices=of(Type))
    occurred_at = models.DateTimeField()
    sequence = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)
    suspect = models.BooleanField(default=False)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "event_id"], name="phone_event_once_a_source"),
            known("type", Type, "phone_event_type_is_known"),
        ]


class RawBody(models.Model):
    """What a telephone system really sent, masked, for whoever has to find out why; kept for a set time."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="bodies")
    received_at = models.DateTimeField(default=timezone.now, db_index=True)
    content = models.TextField()

    class Meta:
        verbose_name_plural = "raw bodies"


class CallHold(models.Model):
    """A spell on hold, as the hold on the call's ticket that it is."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="holds")
    number = models.PositiveSmallIntegerField()
    hold = models.OneToOneField(Hold, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="call_hold_once_a_spell")]


class Conclusion(models.Model):
    """Something that went wrong with a call: one row a call, cause and spell, however often it is concluded.

    flag: the one that it supports on the call's ticket. promise: to call back. withdrawn_at: a late event
    showed that it was not so.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="conclusions")
    cause = models.CharField(max_length=24, choices=of(Cause))
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    concluded_at = models.DateTimeField(default=timezone.now)
    flag = models.ForeignKey(Flag, models.PROTECT, null=True, related_name="+")
    promise = models.ForeignKey(Promise, models.PROTECT, null=True, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "cause", "number"], name="conclusion_once_a_spell"),
            known("cause", Cause, "conclusion_cause_is_known"),
        ]
        indexes = [models.Index(fields=["concluded_at"], name="conclusion_by_age")]
