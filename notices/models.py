"""The outbox: what somebody must be told, queued in the transaction that caused it; and who is told how."""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, Value
from django.db.models.functions import Now
from django.utils import timezone

from notices.table import Channel
from people.models import Person


class Webhook(models.Model):
    """A program that is told what happens, by HTTP.

    kinds: which notices it wants; empty is all. secrets: what its messages are signed with, the newest
    first; receivers may know any of them. resting_until: it did not answer, and is left alone for so long.
    """

    url = models.URLField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    secrets = ArrayField(models.CharField(max_length=100))
    active = models.BooleanField(default=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    resting_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(secrets__len__gt=0), name="webhook_has_a_secret")]


class Notices(models.QuerySet["Notice"]):
    """Reads of notices."""

    def due(self, at: datetime) -> Self:
        """Return what may be sent at `at`: the first for each ticket and receiver, unless the receiver rests."""
        same_receiver = (
            Q(person=OuterRef("person"))
            | Q(webhook=OuterRef("webhook"))
            | (Q(address=OuterRef("address")) & ~Q(address=""))
        )
        earlier = Notice.objects.filter(
            same_receiver, about=OuterRef("about"), number__lt=OuterRef("number"), state=Notice.State.QUEUED
        )
        awake = Q(webhook__resting_until=None) | Q(webhook__resting_until__lte=at)
        return self.filter(awake, ~Exists(earlier), state=Notice.State.QUEUED, next_attempt_at__lte=at)


class Notice(models.Model):
    """One message to one person, to one webhook, or to one e-mail address outside.

    `about` orders the messages to one receiver (a ticket's reference); `payload` is facts, never prose
    that a person typed. `id` names the message to its receiver, the same however often it is sent; `number`
    is its place in the order of queueing; `request_id` is what the log calls the request that caused it.
    """

    class State(models.TextChoices):
        """DEAD: given up after a day of trying. SKIPPED: its receiver does not want it, or is gone."""

        QUEUED = "queued"
        DELIVERED = "delivered"
        DEAD = "dead"
        SKIPPED = "skipped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.BigIntegerField(db_default=Func(Value("notices_notice_number"), function="nextval"))
    kind = models.CharField(max_length=30)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="notices", db_index=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, null=True, related_name="notices", db_index=False)
    address = models.EmailField(blank=True)
    about = models.CharField(max_length=30, blank=True)
    payload = models.JSONField(default=dict)
    queued_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED, db_default="queued")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    # While a worker is sending it, this is when another may try, should that worker have died.
    next_attempt_at = models.DateTimeField(null=True, default=timezone.now, db_default=Now())
    delivered_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="", db_default="")
    request_id = models.CharField(max_length=64, blank=True, default="", db_default="")

    objects = Notices.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, webhook=None) | Q(person=None, address="") | Q(webhook=None, address=""),
                name="notice_has_one_receiver",
            ),
            models.CheckConstraint(
                condition=Q(state="queued", next_attempt_at__isnull=False, delivered_at=None)
                | Q(state="delivered", next_attempt_at=None, delivered_at__isnull=False)
                | Q(state__in=["dead", "skipped"], next_attempt_at=None, delivered_at=None),
                name="notice_state_matches_times",
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="queued"), name="notice_due"),
            models.Index(fields=["about", "number"], condition=Q(state="queued"), name="notice_in_order"),
            models.Index(fields=["number"], condition=Q(state="dead"), name="notice_dead"),
            models.Index(fields=["webhook", "number"], condition=Q(webhook__isnull=False), name="notice_by_webhook"),
            models.Index(fields=["number"], name="notice_by_number"),
            models.Index(fields=["person", "number"], condition=Q(person__isnull=False), name="notice_by_person"),
            models.Index(fields=["address"], condition=~Q(address=""), name="notice_by_address"),
        ]


class Preference(models.Model):
    """What somebody chose for themselves about one kind of notice; see `notices.table` for what else holds."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    channel = models.CharField(max_length=10, choices=[(channel, channel) for channel in Channel])
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "channel"], name="preference_once_a_kind")]
