"""The outbox: what somebody must be told, queued in the transaction that caused it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.models import Person


class Notice(models.Model):
    """One message to one person, or to one e-mail address outside.

    `about` orders the messages to one receiver (a ticket's reference); `payload` is facts, never prose
    that a person typed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=30)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="notices")
    address = models.EmailField(blank=True)
    about = models.CharField(max_length=30, blank=True)
    payload = models.JSONField(default=dict)
    queued_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, address="") | Q(person__isnull=True),
                name="notice_has_one_receiver",
            )
        ]
        indexes = [models.Index(fields=["queued_at"], condition=Q(delivered_at=None), name="notice_undelivered")]
