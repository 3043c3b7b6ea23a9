"""What goes out about handoffs and help requests."""

from typing import Any

from rest_framework import serializers

from handoffs.models import Handoff
from handoffs.protocol import HelpState, Kind, Reason, State, Urgency
from people.api.fields import Instant, PersonOut
from tickets.api.representations import choice
from tickets.kinds import BeganBy, HoldEnd, HoldKind, PromiseState
from tickets.states import Status


class PacketOut(serializers.Serializer[Any]):
    """What the giver wrote; a field that was never filled in, or has been erased, is absent."""

    need = serializers.CharField(required=False)
    next_action = serializers.CharField(required=False)
    expectation = serializers.CharField(required=False)
    history = serializers.CharField(required=False)
    contingency = serializers.CharField(required=False)
    customer_told = serializers.CharField(required=False)


class HandoffOut(serializers.Serializer[Handoff]):
    """A handoff: who asks whom to own what, and how it stands."""

    id = serializers.IntegerField()
    ticket = serializers.CharField(source="ticket.reference")
    kind = choice(Kind)
    state = choice(State)
    giver = PersonOut()
    receiver = PersonOut()
    made_by = PersonOut()
    team = serializers.CharField(source="to_team.slug")
    reason = choice(Reason, allow_blank=True)
    urgency = choice(Urgency)
    on_call = serializers.BooleanField()
    packet = serializers.SerializerMethodField()
    read_back = serializers.SerializerMethodField()
    correction = serializers.SerializerMethodField()
    answer = serializers.SerializerMethodField()
    next_contact_at = Instant(allow_null=True)
    made_at = Instant()
    approver = PersonOut(allow_null=True)
    approved_at = Instant(allow_null=True)
    due_at = Instant()
    ended_at = Instant(allow_null=True)
    cause = serializers.CharField(allow_blank=True)
    packet_owed_by = Instant(allow_null=True)

    def get_packet(self, handoff: Handoff) -> PacketOut:
        """Return everything that the giver wrote."""
        return handoff.said()  # type: ignore[return-value]

    def get_read_back(self, handoff: Handoff) -> str | None:
        """Return what the receiver said back."""
        return _words(handoff.read_back)

    def get_correction(self, handoff: Handoff) -> str | None:
        """Return what the giver meant instead."""
        return _words(handoff.correction)

    def get_answer(self, handoff: Handoff) -> str | None:
        """Return why it was declined or refused."""
        return _words(handoff.answer)


def _words(text: Any) -> str | None:
    return None if text is None else str(text)


class CandidateOut(serializers.Serializer[Any]):
    """Somebody who could take the ticket."""

    username = serializers.CharField(source="person.username")
    name = serializers.CharField(source="person.name")
    teams = serializers.ListField(child=serializers.CharField())
    load = serializers.IntegerField()
    has_skill = serializers.BooleanField()
    speaks_language = serializers.BooleanField()


class CandidatesOut(serializers.Serializer[Any]):
    """Who could take the ticket, the best fitting first."""

    results = CandidateOut(many=True)


class HelpRequestOut(serializers.Serializer[Any]):
    """A question about a ticket."""

    id = serializers.IntegerField()
    ticket = serializers.CharField(source="ticket.reference")
    asked_by = PersonOut()
    asked = PersonOut()
    question = serializers.SerializerMethodField()
    answer = serializers.SerializerMethodField()
    state = choice(HelpState)
    asked_at = Instant()
    answer_by = Instant()
    ended_at = Instant(allow_null=True)

    def get_question(self, request: Any) -> str:
        """Return what was asked."""
        return str(request.question)

    def get_answer(self, request: Any) -> str | None:
        """Return what was answered."""
        return _words(request.answer)


class TakenOver(serializers.Serializer[Any]):
    """The tickets that were taken over."""

    references = serializers.ListField(child=serializers.CharField())


class DepartedOut(serializers.Serializer[Any]):
    """Somebody who has left."""

    username = serializers.CharField()
    left_at = Instant()
    is_active = serializers.BooleanField()


class ChainHandoff(serializers.Serializer[Any]):
    """The handoff by which a tenure began."""

    id = serializers.IntegerField()
    kind = choice(Kind)
    giver = PersonOut()
    on_call = serializers.BooleanField()
    packet = PacketOut()
    read_back = serializers.CharField(allow_null=True)
    correction = serializers.CharField(allow_null=True)
    made_at = Instant()
    accepted_at = Instant()
    seconds_to_yes = serializers.IntegerField()


class ChainCover(serializers.Serializer[Any]):
    """Somebody covered the owner in a tenure."""

    covering = PersonOut()
    until = Instant()

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, with one whose name is a word of Python's."""
        return {**super().get_fields(), "from": Instant()}


class ChainHold(serializers.Serializer[Any]):
    """A hold that began in a tenure."""

    id = serializers.IntegerField()
    kind = choice(HoldKind)
    started_at = Instant()
    return_by = Instant()
    ended_at = Instant(allow_null=True)
    how = choice(HoldEnd, allow_blank=True)


class ChainPromise(serializers.Serializer[Any]):
    """A promise that was made in a tenure."""

    id = serializers.IntegerField()
    what = serializers.CharField(allow_null=True)
    made_at = Instant()
    first_due_at = Instant()
    due_at = Instant()
    state = choice(PromiseState)
    ended_at = Instant(allow_null=True)


class TenureOut(serializers.Serializer[Any]):
    """One unbroken stretch of ownership by one person."""

    seq = serializers.IntegerField()
    owner = PersonOut()
    started_at = Instant()
    ended_at = Instant(allow_null=True)
    seconds = serializers.IntegerField()
    began_by = choice(BeganBy)
    reason = serializers.CharField(allow_blank=True)
    counted = serializers.BooleanField()
    introduced_at = Instant(allow_null=True)
    said = serializers.CharField(allow_null=True)
    handoff = ChainHandoff(allow_null=True)
    covers = ChainCover(many=True)
    holds = ChainHold(many=True)
    promises = ChainPromise(many=True)


class Checks(serializers.Serializer[Any]):
    """What proves a chain."""

    numbered_without_gap = serializers.BooleanField()
    each_begins_when_the_last_ended = serializers.BooleanField()
    one_open_tenure = serializers.BooleanField()
    begins_with_the_opening = serializers.BooleanField()
    accepted_by_the_owner_with_a_read_back = serializers.BooleanField()
    the_ticket_names_the_same_owner = serializers.BooleanField()


class LookOut(serializers.Serializer[Any]):
    """Somebody looked at the ticket within an hour."""

    person = PersonOut()
    hour = Instant()


class ChainOut(serializers.Serializer[Any]):
    """A ticket's chain; `verified` says whether the rows prove it, `checks` how. `status` is of now only."""

    reference = serializers.CharField()
    status = choice(Status, allow_null=True)
    # As it stood before the ticket was opened: nobody.
    owner = PersonOut(allow_null=True)
    as_of = Instant(allow_null=True)
    length = serializers.IntegerField()
    distinct_owners = serializers.IntegerField()
    counted_changes = serializers.IntegerField()
    verified = serializers.BooleanField()
    checks = Checks()
    tenures = TenureOut(many=True)
    looks = LookOut(many=True)
