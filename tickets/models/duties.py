"""What is owed on a ticket: holds, promises, and the flags that say that something is not as it should be."""

from django.db import models
from django.db.models import F, Q

from people.models import Person, Team
from tickets.kinds import FlagKind, FlagState, HoldEnd, HoldKind, Level, PromiseState
from tickets.models.choices import known, of
from tickets.models.tickets import Text, Ticket


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
    # When it was last renegotiated, from the second time on.
    moved_again_at = models.DateTimeField(null=True)
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
    # The load of a team that was over its limit when it was raised: a cause, not a kind. See `capacity`.
    capacity = models.JSONField(null=True)
    # A red one that nobody takes on: when the next manager above is told, and how many were told already.
    climbs_at = models.DateTimeField(null=True)
    climbed = models.PositiveSmallIntegerField(default=0, db_default=0)
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
        indexes = [
            models.Index(fields=["-raised_at"], name="flag_by_age"),
            models.Index(
                fields=["climbs_at"], condition=Q(status="raised", climbs_at__isnull=False), name="flag_to_climb"
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to deal with it."""
        return self.status in self.OPEN


class ThresholdChange(models.Model):
    """A team's thresholds were changed: from what, to what, when, by whom. Only `tuning.py` writes it."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="threshold_changes")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    before = models.JSONField()
    after = models.JSONField()
