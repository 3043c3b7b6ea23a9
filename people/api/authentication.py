"""Who is asking: a bearer token, looked up once in half a minute."""

from django.utils import timezone
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed

from people import memory
from people.models import Person, Token
from people.tokens import BELIEVED_FOR, memory_key


class Nobody:
    """Whoever has not signed in."""

    pk = None
    is_authenticated = False
    is_active = False


class TokenAuthentication(KnoxAuthentication):
    """Authenticate by `Authorization: Bearer <token>`.

    The bearer, with the teams they belong to and lead, is remembered for `BELIEVED_FOR` seconds in the
    memory that all processes share; revoking a token removes it there too (see `people.tokens`).
    """

    def authenticate_credentials(self, token: bytes) -> tuple[Person, Token]:
        """Return the bearer and the token. Raises AuthenticationFailed."""
        if not (token.isascii() and token.decode().isprintable()):
            raise AuthenticationFailed("Invalid token.")
        key = memory_key(hash_token(token.decode()))
        remembered: tuple[Person, Token] | None = memory.recall(key)
        if remembered is not None:
            return remembered
        person, found = super().authenticate_credentials(token)
        # Cached properties: read now, so that they are remembered with the person.
        assert person.team_ids is not None
        assert person.led_team_ids is not None
        left = BELIEVED_FOR if found.expiry is None else int((found.expiry - timezone.now()).total_seconds())
        if left > 0:
            memory.remember(key, (person, found), seconds=min(left, BELIEVED_FOR))
        return person, found
