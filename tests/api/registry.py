"""The requests that the tests of the API send: one for every operation, by its name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from rest_framework.test import APIClient

from people.models import Person
from tests.cast import Cast, client_of, in_hours
from tests.phones.vendors.twilio_account import FORM
from tickets import contacts, promises
from tickets.models import Ticket


@dataclass(frozen=True)
class Call:
    """A request, who may send it, and the ticket that it is about."""

    by: Person
    method: str
    path: str
    body: dict[str, Any] | None = None
    ticket: Ticket | None = None
    extra: dict[str, str] = field(default_factory=dict)
    # Of a telephone system, which is nobody: its token, or its vendor's signature of a form.
    token: str = ""
    signature: str = ""

    @property
    def url(self) -> str:
        """The whole path."""
        return f"/api/v1/{self.path}"

    def send(self, client: APIClient | None = None, **headers: str) -> HttpResponse:
        """Send it, as `by` unless another client is given."""
        if client is None:
            client = client_of(self.by)
            if self.token:
                client.credentials(HTTP_AUTHORIZATION=f"Bearer {self.token}")
            if self.signature:
                client.credentials(HTTP_X_TWILIO_SIGNATURE=self.signature)
                return client.post(self.url, urlencode(self.body or {}), content_type=FORM)
        return getattr(client, self.method.lower())(self.url, self.body, **headers)


CALLS: dict[str, Callable[[Cast], Call]] = {}
Prepare = Callable[[Cast], Call]


def call(prepare: Prepare) -> Prepare:
    """Register a function under its name, the operation's id."""
    CALLS[prepare.__name__] = prepare
    return prepare


def get(name: str, path: str) -> None:
    """Register a read that needs nothing."""
    CALLS[name] = lambda cast: Call(cast.alice, "GET", path)


def on_ticket(name: str, path: str, body: dict[str, Any] | None, *, by: str = "alice", method: str = "POST") -> None:
    """Register a request about a new, acknowledged ticket of Alice's."""

    def prepare(cast: Cast) -> Call:
        ticket = acknowledged(cast)
        said = {key: value() if callable(value) else value for key, value in (body or {}).items()}
        at = f"tickets/{ticket.reference}/{path}"
        return Call(getattr(cast, by), method, at, None if body is None else said, ticket)

    CALLS[name] = prepare


def acknowledged(cast: Cast, *, by: Person | None = None) -> Ticket:
    """Return a ticket whose first promise is kept, so that nothing stands in the way of its end."""
    ticket = cast.open_ticket(by)
    contacts.acknowledge(ticket=ticket.pk, by=ticket.owner, message="I will do it.", next_contact_at=in_hours(5))
    promises.keep(promise=ticket.promises.get().pk, by=ticket.owner)
    return Ticket.objects.get(pk=ticket.pk)


def soon() -> str:
    """Return the time in two hours, as a request has it."""
    return in_hours(2).isoformat()
