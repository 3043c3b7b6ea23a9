"""What is refused about a handoff: one class per refusal, its docstring the message."""

from people.errors import Incomplete, NotVisible, NotYours, Refusal


class UnknownHandoff(NotVisible):
    """There is no handoff of that number that you can see."""


class UnknownStep(Incomplete):
    """That is not one of the values that this can have."""

    constraints = (
        "handoff_kind_is_known",
        "handoff_state_is_known",
        "handoff_reason_is_known",
        "handoff_urgency_is_known",
        "help_state_is_known",
        "manager_request_state_is_known",
    )


class UnknownHelpRequest(NotVisible):
    """There is no help request of that number that you can see."""


class HandoffInProgress(Refusal):
    """This ticket is being handed over already. Wait for the answer, or withdraw the offer first."""

    constraints = ("handoff_one_in_progress", "ticket_ends_without_offers")


class HandoffHasEnded(Refusal):
    """That handoff is not in progress any more."""


class HandoffExpired(Refusal):
    """The time for an answer has passed; the ticket has stayed with its owner."""


class NotForYou(NotYours):
    """That answer is somebody else's to give."""


class AcceptanceUnproven(Refusal):
    """Only the person who was asked can accept, and only once."""

    constraints = (
        "handoff_accepted_by_the_receiver",
        "tenure_accepted_is_proven",
        "tenure_one_a_handoff",
        "handoff_and_acceptance",
        "handoff_end_matches_state",
    )


class ReceiverCannot(Incomplete):
    """Ownership goes to an active rep or manager who is present, and not the owner."""

    constraints = ("handoff_not_to_oneself", "draft_not_to_oneself")


class WhichTeam(Incomplete):
    """The receiver is in several teams: say for which one they would take the ticket."""


class PacketIncomplete(Incomplete):
    """The handoff is not complete: what is missing stands beside the fields."""


class ReadBackIsACopy(Incomplete):
    """Say it back in your own words: a copy of the packet shows nothing."""


class TooLateToCorrect(Refusal):
    """A read-back can be corrected within a day of the acceptance, once, by the giver."""


class NothingOwed(Refusal):
    """Nothing is owed on this handoff: its packet is complete."""


class HelpHasEnded(Refusal):
    """That help request has been answered or withdrawn."""

    constraints = ("help_end_matches_state", "help_answered_has_an_answer")


class UnknownManagerRequest(NotVisible):
    """There is no such request that you can see."""


class ManagerIsAsked(Refusal):
    """A manager has been asked for on this ticket already; they are being rung."""

    constraints = ("manager_request_one_open_a_ticket",)


class ManagerRequestHasEnded(Refusal):
    """That has been answered or taken back."""

    constraints = ("manager_request_end_matches_state", "manager_request_answered_by_somebody")


class NobodyToAsk(Refusal):
    """There is no manager to ask but yourself: you answer for this team."""


class UnknownCover(NotVisible):
    """There is no cover of that number that you can see."""


class CoverIsOpen(Refusal):
    """Somebody has been asked already to cover them. End that first."""

    constraints = ("cover_one_open_a_person",)


class CoverHasEnded(Refusal):
    """That cover has ended, or was never accepted in time."""

    constraints = ("cover_end_says_how",)


class CannotCover(Incomplete):
    """Somebody else has to cover: an active rep or manager who is there."""

    constraints = ("cover_is_by_another", "cover_ends_after_start")


class NobodyInherits(Refusal):
    """This person manages a team, which must name another manager first: somebody has to inherit."""


class HasLeft(Refusal):
    """That person has left already."""

    constraints = ("person_who_left_is_inactive",)


class TicketDoesNotMove(Refusal):
    """Only a live ticket moves: this one is resolved or closed. Reopen it first."""


class AlreadyYours(Refusal):
    """You own this ticket already."""
