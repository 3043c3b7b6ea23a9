"""Codes of an app beside the password: who must have them, and how they are kept."""

import base64
import hashlib
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest

from people.models import Person
from web.access import MANAGING

# That the person has one is remembered with the session, so that it costs no query a page.
HAS_ONE = "second_factor"


def must_have(person: Person) -> bool:
    """Say whether somebody of that role may not go without (REQUIRE_TOTP)."""
    if settings.REQUIRE_TOTP == "everybody":
        return True
    return bool(settings.REQUIRE_TOTP == "managers" and person.role in MANAGING)


def is_missing(request: HttpRequest) -> bool:
    """Say whether who is signed in must have a second factor, and has none.

    Whoever came by single sign-on proved to the provider what it asks for; a second factor is its business.
    """
    person = request.user
    if not isinstance(person, Person) or not must_have(person) or request.session.get(HAS_ONE):
        return False
    if any(record["method"] == "socialaccount" for record in get_authentication_records(request, person)):
        return False
    has_one = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
    if has_one:
        request.session[HAS_ONE] = True
    return not has_one


def _cipher() -> Fernet:
    key = hashlib.sha256(b"second factors:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets are stored encrypted: a stolen copy of the database makes no codes."""

    def get_totp_label(self, user: Person) -> str:
        """Return what the app shows beside our name."""
        return user.username

    def encrypt(self, text: str) -> str:
        """Return what is stored of a secret."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Say whether somebody may give up theirs: not who must have it."""
        return not must_have(authenticator.user)
