"""What a request about a handoff may say."""

from rest_framework import serializers

from handoffs.protocol import PACKET, HelpState, Kind, Reason, RequestState, State, Urgency
from people.api.fields import Input, Instant, TeamSlug, Username, Words
from tickets.api.fields import Reference
from tickets.api.representations import choice


class OfferIn(Input):
    """An offer, with its packet. What a packet field lacks comes back as 422, all fields at once."""

    to = Username()
    reason = choice(Reason)
    urgency = choice(Urgency, required=False)
    on_call = serializers.BooleanField(required=False)
    team = TeamSlug(required=False)
    need = Words(required=False, allow_blank=True)
    next_action = Words(required=False, allow_blank=True)
    expectation = Words(required=False, allow_blank=True)
    history = Words(required=False, allow_blank=True)
    contingency = Words(required=False, allow_blank=True)
    customer_told = Words(required=False, allow_blank=True)

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        """Return the offer with its packet gathered, as the verb takes it."""
        packet = {name: attrs.pop(name) for name in PACKET if name in attrs}
        return {**attrs, "packet": packet}


class ClaimIn(Input):
    """A claim with its read-back."""

    read_back = Words()
    next_contact_at = Instant()
    urgency = choice(Urgency, required=False)
    team = TeamSlug(required=False)


class AcceptIn(Input):
    """The read-back, and when the customer hears from the new owner."""

    read_back = Words()
    next_contact_at = Instant()


class CompleteIn(Input):
    """What a live handoff still owed."""

    expectation = Words(required=False, allow_blank=True, default="")
    history = Words(required=False, allow_blank=True, default="")


class CorrectIn(Input):
    """What was meant instead."""

    correction = Words()


class HandoffsQuery(Input):
    """Which handoffs."""

    to = Words(required=False, max_length=150, help_text="A username, or `me`.")
    giver = Words(required=False, max_length=150, help_text="A username, or `me`.")
    ticket = Reference(required=False)
    kind = choice(Kind, required=False)
    status = choice(State, required=False)


class CandidatesQuery(Input):
    """For which skill; without it the ticket's own."""

    skill = Words(required=False, max_length=50)


class HelpRequestIn(Input):
    """A question to somebody, and by when its answer is needed."""

    asked = Username()
    question = Words()
    answer_by = Instant()


class AnswerIn(Input):
    """The answer."""

    answer = Words()


class HelpRequestsQuery(Input):
    """Which help requests."""

    asked = Words(required=False, max_length=150, help_text="A username, or `me`.")
    asked_by = Words(required=False, max_length=150, help_text="A username, or `me`.")
    ticket = Reference(required=False)
    status = choice(HelpState, required=False)


class TakeOversIn(Input):
    """Several tickets, one reason."""

    references = serializers.ListField(child=Reference(), min_length=1, max_length=200)
    reason = Words()


class ChainQuery(Input):
    """The chain as it stood at some moment; without it, now."""

    as_of = Instant(required=False)


class CoverIn(Input):
    """Who answers what falls due, for whom (yourself, unless you say) and until when."""

    covering = Username()
    absent = Username(required=False)
    starts_at = Instant(required=False)
    until = Instant()


class CoversQuery(Input):
    """Which covers; without `status` those that have not ended."""

    absent = Words(required=False, max_length=150, help_text="A username, or `me`.")
    covering = Words(required=False, max_length=150, help_text="A username, or `me`.")
    status = serializers.ChoiceField(choices=["open", "running", "all"], required=False)


class DueQuery(Input):
    """Until when; without it until your next day's first shift."""

    before = Instant(required=False)


class ManagerRequestIn(Input):
    """The ticket whose customer wants a manager, and, if there is time to say so, why."""

    ticket = Reference()
    reason = Words(required=False, allow_blank=True)


class ManagerRequestsQuery(Input):
    """Which customers who want a manager."""

    asked = Words(required=False, max_length=150, help_text="A username, or `me`.")
    ticket = Reference(required=False)
    status = choice(RequestState, required=False)
