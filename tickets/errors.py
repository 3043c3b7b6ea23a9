"""What is refused about a ticket: one class per refusal, its docstring the message."""

from people.errors import Incomplete, NotVisible, Refusal


class UnknownTicket(NotVisible):
    """There is no ticket of that reference that you can see."""


class OwnershipBroken(Refusal):
    """A ticket has exactly one owner at every moment; that would have broken the chain."""

    constraints = (
        "tenure_one_open_a_ticket",
        "tenure_seq_is_unique",
        "ticket_owner_is_the_tenures",
        "tenure_follows_the_one_before",
        "tenure_only_the_first_is_opened",
        "tenure_accepted_names_its_handoff",
        "tenure_ended_is_final",
        "tenure_is_kept",
        "tenure_ends_after_start",
        "ticket_has_had_an_owner",
    )


class OwnerHasLeft(Refusal):
    """Somebody who has left cannot own a live ticket. Choose somebody who is still here."""

    constraints = ("ticket_owner_is_active",)


class EntriesAreKept(Refusal):
    """An entry of the timeline is never changed and never deleted."""

    constraints = ("entry_is_kept",)


class TextsAreKept(Refusal):
    """What was typed stays as it was typed; it can only be erased."""

    constraints = ("text_is_only_erased", "text_is_there_or_erased")


class StateDoesNotAllow(Refusal):
    """The ticket's state does not allow that."""

    constraints = (
        "ticket_resolved_at_matches_status",
        "ticket_closed_at_matches_status",
        "ticket_acknowledged_unless_new",
        "ticket_outcome_matches_status",
    )


class UnknownKind(Incomplete):
    """That is not one of the values that this can have."""

    constraints = (
        "ticket_status_is_known",
        "ticket_severity_is_known",
        "ticket_channel_is_known",
        "ticket_outcome_is_known",
        "tenure_began_by_is_known",
        "hold_kind_is_known",
        "hold_end_is_known",
        "promise_state_is_known",
        "flag_kind_is_known",
        "flag_level_is_known",
        "flag_status_is_known",
    )


class Historical(Refusal):
    """This ticket was imported from a history and is frozen. A manager revives it by taking it over."""


class BeforeTheTenure(Refusal):
    """Ownership cannot have moved before the present owner had it, and not in the future either."""


class NotSoLate(Incomplete):
    """Say when it happened: not in the future, and not more than 24 hours ago."""


class HoldIsOpen(Refusal):
    """The customer is on hold already. End that hold, or extend it."""

    constraints = ("hold_one_open_of_a_kind",)


class HoldHasEnded(Refusal):
    """That hold has ended."""

    constraints = ("hold_end_says_how",)


class HoldTimes(Incomplete):
    """A hold ends, and the customer is promised a return, after it has started."""

    constraints = ("hold_ends_after_start", "hold_returns_after_start")


class PromiseIsOpen(Refusal):
    """There is an open promise to the customer: keep it or withdraw it first."""


class PromiseHasEnded(Refusal):
    """That promise is not open any more."""

    constraints = ("promise_end_matches_state",)


class FlagHasEnded(Refusal):
    """That flag has been dealt with."""

    constraints = ("flag_closed_at_matches_status", "flag_taken_on_by_somebody")


class FlagIsTakenOn(Refusal):
    """Somebody is on it already. Whoever leads the team may still close it with a note."""


class FlagIsOpen(Refusal):
    """There is an open flag of this kind already; it rises instead of doubling."""

    constraints = ("flag_one_open_of_a_kind",)


class SeveralOpenTickets(Refusal):
    """This customer has open tickets. Say which one this is about (`further_contact_on`), or "new"."""


class OtherCustomer(Incomplete):
    """That ticket is another customer's."""


class AlreadyImported(Refusal):
    """That case has been imported before."""

    constraints = ("ticket_imported_once",)


class CustomerForgotten(Refusal):
    """This customer has been forgotten at their own wish."""


class DuplicateOfItself(Incomplete):
    """A ticket cannot be a duplicate of itself."""

    constraints = ("ticket_not_its_own_duplicate", "ticket_duplicate_names_the_other")


class ContactPointTwice(Incomplete):
    """The customer has that number or address already."""

    constraints = ("contact_point_once_a_customer",)


class UnknownTeam(NotVisible):
    """There is no team of that slug."""


class UnknownFlag(NotVisible):
    """There is no flag of that number that you can see."""


class UnknownHold(NotVisible):
    """There is no hold of that number that you can see."""


class UnknownPromise(NotVisible):
    """There is no promise of that number that you can see."""


class UnknownCustomer(NotVisible):
    """There is no customer of that number."""
