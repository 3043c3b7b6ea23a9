"""What is refused about telephone systems and calls: one class per refusal, its docstring the message."""

from people.errors import Incomplete, NotVisible, NotYours, Refusal


class UnknownSource(NotVisible):
    """There is no such telephone system."""


class SourceIsSilent(NotYours):
    """That telephone system is switched off here."""


class UnknownCall(NotVisible):
    """There is no call of that number that you can see."""


class UnknownKind(Incomplete):
    """That is not one of the values that this can have."""

    constraints = ("call_ended_by_is_known", "phone_event_type_is_known", "conclusion_cause_is_known")


class EventRefused(Incomplete):
    """That event cannot be taken in; see the fields."""


class AnotherEvent(Incomplete):
    """An event of that id was sent before, and said something else. Give each event an id of its own."""

    constraints = ("phone_event_once_a_source",)


class NotYourCall(NotYours):
    """Whoever answered a call says what it was, or a manager of the team."""


class NotToWrapUp(Refusal):
    """That call waits for no wrap-up: it goes on, nobody answered it, or it has been wrapped up."""

    constraints = ("call_wrapped_up_by_somebody",)


class HasTicket(Refusal):
    """That call is linked to a ticket already. Link it to another one, or note what was said there."""


class NotToCallBack(Refusal):
    """Nobody waits to be called back there."""


class WrongTicket(Incomplete):
    """A call is linked to a ticket that you can see."""

    constraints = ("call_linked_to_a_ticket",)
