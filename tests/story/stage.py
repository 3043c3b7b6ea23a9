"""The stage of the story: the running product, its people at their desks, and all that is told to the outside."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.utils import timezone

from tests.notices.receivers import Receiver
from tests.ownership_tracker.product import Product

HOUR = 60 * 60

# What a manager would set to minutes and hours. Each step comes so much later than the one before that a busy
# machine, on which a sweep is late, still takes them one by one.
LIMITS = {
    "acknowledge_phone_seconds": 8,  # amber at its half
    "unintroduced_red_seconds": 8,
    "call_hold_reminder_seconds": 2,
    "call_hold_amber_seconds": 5,
    "call_hold_red_seconds": 9,
    "call_hold_abandoned_seconds": 13,
    "manager_deputy_seconds": 2,  # as long after that the customer is promised a call-back
    "manager_asked_amber_seconds": 6,
    "manager_asked_red_seconds": 10,  # by when that call-back is due
    "promise_reminder_seconds": 4,  # before it is due
    "promise_red_seconds": 4,
    "packet_owed_amber_seconds": 4,
    "packet_owed_red_seconds": 8,
    "climb_seconds": 12,
}


def in_seconds(seconds: float) -> str:
    """Return the moment so many seconds from now, as a request has it."""
    return (timezone.now() + timedelta(seconds=seconds)).isoformat()


@dataclass(frozen=True)
class Desk:
    """Somebody at their desk: whatever they do is a request with their own token."""

    product: Product
    token: str

    def get(self, path: str) -> Any:
        """Read what is there."""
        return self._ask("GET", path, None)

    def post(self, path: str, **said: Any) -> Any:
        """Do something, and return the answer."""
        return self._ask("POST", path, said)

    def put(self, path: str, **said: Any) -> Any:
        """Set something, and return the answer."""
        return self._ask("PUT", path, said)

    def _ask(self, method: str, path: str, said: object) -> Any:
        status, _, answer = self.product.ask(method, f"/api/v1/{path}", said, token=self.token)
        assert status < 300, f"{method} {path}: {status} {answer}"
        return answer


class Mailbox:
    """A mail server's handler that keeps whatever comes in."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Keep a letter."""
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextlib.contextmanager
def receiving_letters(port: int) -> Iterator[Mailbox]:
    """Run a mail server on a port until the block ends."""
    mailbox = Mailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield mailbox
    finally:
        server.stop()


class Told(NamedTuple):
    """One message to the webhook, its signature verified."""

    id: str
    kind: str
    data: dict[str, Any]


@dataclass
class Stage:
    """Everything that a scene needs. It can be played by several threads at once, each with its own complaint."""

    product: Product
    receiver: Receiver
    mailbox: Mailbox
    people: dict[str, Desk]
    customer: int
    secret: str = ""
    _told: list[Told] = field(default_factory=list)
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def desks(self, *names: str) -> tuple[Desk, ...]:
        """Return the desks of these people."""
        return tuple(self.people[name] for name in names)

    def opened(self, by: str, *, team: str) -> str:
        """Return the reference of a new complaint by telephone."""
        said = {"subject": "Charged twice in March", "description": "The March invoice was taken two times."}
        opened = self.people[by].post("tickets/", customer=self.customer, team=team, **said)
        assert (opened["owner"]["username"], opened["next_due"]["kind"]) == (by, "acknowledge")
        return str(opened["reference"])

    def acknowledged(self, by: str, *, team: str, promised: float = HOUR) -> str:
        """Return the reference of a new complaint whose owner has promised to be in touch in so many seconds."""
        ticket = self.opened(by, team=team)
        said = {"message": "I will see to it myself.", "next_contact_at": in_seconds(promised)}
        self.people[by].post(f"tickets/{ticket}/acknowledge/", **said)
        return ticket

    def told(self, about: str = "") -> list[Told]:
        """Return what the webhook has got so far, in its order; about: only this ticket or cover."""
        with self._reading:
            for received in self.receiver.received[len(self._told) :]:
                event = received.verified(self.secret)
                self._told.append(Told(received.id, event["type"], event["data"]))
            return [told for told in self._told if about in ("", told.data["about"])]

    def hears(self, about: str, *kinds: str, **facts: Any) -> dict[str, Any]:
        """Wait until the webhook has got a message of one of these kinds with these facts; return all it says."""

        def found() -> dict[str, Any] | None:
            told = [told.data for told in self.told(about) if told.kind in kinds]
            return next((data for data in told if facts.items() <= data.items()), None)

        try:
            return dict(self.product.wait_for(found))
        except AssertionError as late:
            told = "\n".join(map(str, self.told(about)))
            raise AssertionError(f"{about}: of {kinds} with {facts} nothing was told, but:\n{told}") from late

    def sees(self, about: str, flag: str, level: str, *, to: list[str]) -> int:
        """Wait until a flag is raised or has risen to this level, told to these people; return its number."""
        told = self.hears(about, "flag_raised", "flag_rose", flag_kind=flag, level=level)
        assert told["to"] == to
        return int(told["flag"])

    def flags(self, ticket: str) -> dict[str, str]:
        """Return the levels of the flags that are open on a ticket now, by kind."""
        seen = self.people["ada"].get(f"tickets/{ticket}/")
        return {flag["kind"]: flag["level"] for flag in seen["flags"]}

    def sees_no_more(self, ticket: str, flag: str) -> None:
        """Wait until a flag is not open any more."""
        self.product.wait_for(lambda: flag not in self.flags(ticket))
