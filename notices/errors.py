"""What is refused about notices: one class per refusal, its docstring the message."""

from people.errors import Incomplete, NotVisible, Refusal


class UnknownNotice(NotVisible):
    """There is no notice of that id."""


class UnknownWebhook(NotVisible):
    """There is no webhook of that number."""


class StillQueued(Refusal):
    """That notice is still on its way: it is tried again by itself."""


class NoReceiver(Refusal):
    """Its receiver was forgotten, or has left: there is nobody to send it to."""


class NotAllowedThere(Incomplete):
    """Messages are not sent to that address."""


class MustBeTold(Incomplete):
    """Your role must get some of these."""


class Undelivered(Exception):  # noqa: N818 - an answer to a try, not a fault of ours
    """Why a message did not arrive: a short text that names no person.

    final: trying again cannot help. silent: there was no answer at all, so others need not try just now.
    gone: the receiver asks for no more messages.
    """

    def __init__(self, reason: str, *, final: bool = False, silent: bool = False, gone: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.final, self.silent, self.gone = reason[:200], final, silent, gone
