"""Who may sign in: active people. Programs have tokens, and whoever left has nothing."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from people.models import Person
from people.roles import Role


def may_sign_in(person: Person) -> bool:
    """Say whether somebody may have a session at all."""
    return person.is_active and person.role != Role.INTEGRATION


def people_at(address: str) -> list[Person]:
    """Return those who may sign in and have that e-mail address.

    PostgreSQL and Python must agree on what is the same address: letters that only one of them takes for
    equal would send somebody's letters to a stranger.
    """
    found = Person.objects.filter(email__iexact=address, is_active=True).exclude(role=Role.INTEGRATION)
    return [person for person in found if person.email.lower() == address.lower()]


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Asked at sign-in and again at every request: who leaves is out at once, in every browser."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Say whether a session may begin, or go on."""
        return may_sign_in(user)
