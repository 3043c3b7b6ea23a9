"""Looking at pages as a browser does, without one: signed in, and read for what is on them."""

from typing import Any

from django.test import Client

from people.models import Person
from tickets.models import Ticket


def signed_in(person: Person) -> Client:
    """Return the client of somebody who is signed in."""
    client = Client()
    client.force_login(person)
    return client


def read(client: Client, path: str, **said: Any) -> str:
    """Return the page at a path, which must be there."""
    answer = client.get(path, **said)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return answer.content.decode()


def do(client: Client, ticket: Ticket, slug: str, about: int | None = None, **said: Any) -> Any:
    """Send a verb's form as the dialog does, and return the answer: 204 when it is done."""
    path = f"/tickets/{ticket.reference}/do/{slug}/" + (f"{about}/" if about else "")
    return client.post(path, said, headers={"HX-Request": "true"})
