"""People with passwords."""

import pytest
from django.test import Client

from tests.cast import Cast

PASSWORD = "a long sentence of hers"


@pytest.fixture
def passwords(cast: Cast) -> Cast:
    """Everybody in the cast that the tests sign in as has a password, and an address."""
    for person in (cast.alice, cast.bob, cast.maya, cast.adam, cast.form):
        person.set_password(PASSWORD)
        person.email = f"{person.username}@example.com"
        person.save()
    return cast


def sign_in(client: Client, username: str, password: str = PASSWORD, **extra: str) -> str:
    """Try to sign in; return what the answer says, or where it leads."""
    answer = client.post("/accounts/login/", {"login": username, "password": password}, **extra)
    return answer.headers.get("Location") or answer.content.decode()
