"""Handoffs and help requests: ownership that moves on two yeses, and questions that move nothing."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from handoffs import errors
from handoffs.protocol import IN_PROGRESS, HelpState, Kind, Reason, RequestState, State, Urgency
from people.models import Person, Team
from people.statements import GIVEN, Kept
from tickets.models import Promise, Text, Ticket, known, of

PARTS = ("giver", "receiver", "made_by", "to_team", "approver", "packet", "completion", "read_back")


class Handoffs(models.QuerySet["Handoff"]):
    """Reads of handoffs."""

    def in_progress(self) -> "Handoffs":
        """Return those that wait for somebody's yes."""
        return self.filter(state__in=IN_PROGRESS)

    def under_lock(self, handoff: int) -> "Handoff":
        """Return the handoff with its ticket locked: the ticket first, then the handoff read afresh.

        Raises UnknownHandoff when there is none.
        """
        # Asked twice for the reason that Ticket.objects.lock gives.
        ticket = _LOCKED_TICKET.first(handoff) or _LOCKED_TICKET.first(handoff)
        found = _READ.first(handoff)
        if ticket is None or found is None:
            raise errors.UnknownHandoff
        found.ticket = ticket
        # Read with the ticket already: no need to ask for them again.
        for role in ("giver", "made_by", "receiver", "approver"):
            if getattr(found, f"{role}_id") == ticket.owner_id:
                setattr(found, role, ticket.owner)
        if found.to_team_id == ticket.team_id:
            found.to_team = ticket.team
        return found


# A handoff never changes its ticket, so it may be looked up on the way to the lock; everything else
# about it is read once the lock is held.
_LOCKED_TICKET = Kept(
    lambda: Ticket.objects.locking().filter(pk__in=Handoff.objects.filter(pk=GIVEN).values("ticket"))
)
_READ = Kept(lambda: Handoff.objects.select_related("packet", "completion").filter(pk=GIVEN))


class Handoff(models.Model):
    """The documented move of ownership to a person who says yes. Only `moves.py` and `claims.py` write it."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="handoffs")
    kind = models.CharField(max_length=5, choices=of(Kind))
    state = models.CharField(max_length=10, choices=of(State))
    giver = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    receiver = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    to_team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False)
    tenure_seq = models.PositiveIntegerField()
    reason = models.CharField(max_length=24, choices=of(Reason), blank=True)
    urgency = models.CharField(max_length=6, choices=of(Urgency))
    on_call = models.BooleanField(default=False)

    packet = models.ForeignKey(Text, models.PROTECT, null=True, related_name="+", db_index=False)
    completion = models.ForeignKey(Text, models.PROTECT, null=True, related_name="+", db_index=False)
    read_back = models.ForeignKey(Text, models.PROTECT, null=True, related_name="+", db_index=False)
    correction = models.ForeignKey(Text, models.PROTECT, null=True, related_name="+", db_index=False)
    answer = models.ForeignKey(Text, models.PROTECT, null=True, related_name="+", db_index=False)
    fields_filled = models.PositiveSmallIntegerField(default=0)
    next_contact_at = models.DateTimeField(null=True)

    made_at = models.DateTimeField(default=timezone.now)
    approver = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    approved_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=24, blank=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    packet_owed_by = models.DateTimeField(null=True)
    # When a sweep must look at what is owed: see `overdue`.
    check_at = models.DateTimeField(null=True)

    objects = Handoffs.as_manager()

    class Meta:
        ordering = ["ticket", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(state__in=IN_PROGRESS), name="handoff_one_in_progress"
            ),
            # Referenced by the key that proves an accepted tenure.
            models.UniqueConstraint(fields=["id", "ticket", "accepted_by"], name="handoff_and_acceptance"),
            known("kind", Kind, "handoff_kind_is_known"),
            known("state", State, "handoff_state_is_known"),
            known("reason", Reason, "handoff_reason_is_known", blank=True),
            known("urgency", Urgency, "handoff_urgency_is_known"),
            models.CheckConstraint(
                condition=Q(state=State.ACCEPTED, accepted_by=F("receiver"), read_back__isnull=False)
                | Q(~Q(state=State.ACCEPTED), accepted_by__isnull=True),
                name="handoff_accepted_by_the_receiver",
            ),
            models.CheckConstraint(
                condition=Q(state__in=IN_PROGRESS, ended_at=None)
                | Q(~Q(state__in=IN_PROGRESS), ended_at__isnull=False),
                name="handoff_end_matches_state",
            ),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="handoff_not_to_oneself"),
        ]
        indexes = [
            models.Index(fields=["receiver", "state"], name="handoff_by_receiver"),
            models.Index(fields=["due_at"], condition=Q(state__in=IN_PROGRESS), name="handoff_due"),
            models.Index(fields=["check_at"], condition=Q(check_at__isnull=False), name="handoff_to_check"),
        ]

    def said(self) -> dict[str, str]:
        """Return everything that the giver wrote into the packet, by field; nothing when it was erased."""
        texts = (text for text in (self.packet, self.completion) if text is not None)
        return {name: words for text in texts for name, words in (text.content or {}).items()}


class Draft(models.Model):
    """An offer that nobody has made yet: a call was passed on, and the owner should say what to and why.

    One a ticket, the latest. It moves nothing. Only `drafts.py` writes it. call: the call, by its number.
    """

    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="draft")
    giver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    on_call = models.BooleanField()
    call = models.BigIntegerField()
    drafted_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(giver=F("receiver")), name="draft_not_to_oneself")]


class HelpRequest(models.Model):
    """The owner asks somebody a question by a time; ownership does not move. Only `help_requests.py` writes it."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="help_requests")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    asked = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    question = models.ForeignKey(Text, models.PROTECT, related_name="+", db_index=False)
    answer = models.ForeignKey(Text, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=of(HelpState), default=HelpState.OPEN)
    asked_at = models.DateTimeField(default=timezone.now)
    answer_by = models.DateTimeField()
    check_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            known("state", HelpState, "help_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=HelpState.OPEN, ended_at=None) | Q(~Q(state=HelpState.OPEN), ended_at__isnull=False),
                name="help_end_matches_state",
            ),
            models.CheckConstraint(
                condition=Q(state=HelpState.ANSWERED, answer__isnull=False)
                | Q(~Q(state=HelpState.ANSWERED), answer__isnull=True),
                name="help_answered_has_an_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["asked", "state"], name="help_by_asked"),
            models.Index(fields=["check_at"], condition=Q(check_at__isnull=False), name="help_to_check"),
        ]


class ManagerRequest(models.Model):
    """A customer wants a manager, who is rung until somebody answers.

    Only `manager_requests.py` and `ringing.py` write it. asked: whom it has climbed to. rung: how many of its
    steps have been taken (see `ringing.steps`). call_back: the promise that a manager calls back, once it was
    made.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="manager_requests")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    asked = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    reason = models.ForeignKey(Text, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=of(RequestState), default=RequestState.OPEN)
    asked_at = models.DateTimeField()
    call_back_by = models.DateTimeField()
    call_back = models.ForeignKey(Promise, models.PROTECT, null=True, related_name="+", db_index=False)
    rung = models.PositiveSmallIntegerField(default=0)
    check_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            known("state", RequestState, "manager_request_state_is_known"),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(state=RequestState.OPEN), name="manager_request_one_open_a_ticket"
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN, ended_at=None)
                | Q(~Q(state=RequestState.OPEN), ended_at__isnull=False),
                name="manager_request_end_matches_state",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.ANSWERED, answered_by__isnull=False)
                | Q(~Q(state=RequestState.ANSWERED), answered_by__isnull=True),
                name="manager_request_answered_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["check_at"], condition=Q(check_at__isnull=False), name="manager_request_to_check"),
            models.Index(fields=["-asked_at"], name="manager_request_by_age"),
        ]
