"""Which telephone system is speaking: by its token, or by its signature."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from standardwebhooks import Webhook, WebhookVerificationError

from phones import sources
from phones.models import Source


class Line:
    """A telephone system, where others have somebody who has signed in."""

    is_authenticated = True
    is_active = True

    def __init__(self, source: Source) -> None:
        self.pk = f"source:{source.slug}"


class SourceAuthentication(BaseAuthentication):
    """Authenticate a telephone system.

    Either `Authorization: Bearer <its token>`, or `?source=<slug>` with the three headers of Standard
    Webhooks: signed with a secret of it, not more than five minutes ago.
    """

    def authenticate(self, request: Request) -> tuple[Line, Source] | None:
        """Return the telephone system. Raises AuthenticationFailed."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            found = sources.by_token(token.strip())
        elif "webhook-signature" in request.headers:
            found = self._signed(request)
        else:
            return None
        if found is None:
            raise AuthenticationFailed("No telephone system has that token or that secret.")
        return Line(found), found

    def authenticate_header(self, request: Request) -> str:
        """Return how to sign in."""
        return "Bearer"

    def _signed(self, request: Request) -> Source | None:
        slug = request.query_params.get("source", "")
        found = Source.objects.select_related("team").filter(slug=slug, active=True).first()
        headers = {name.lower(): value for name, value in request.headers.items()}
        for secret in found.secrets if found else ():
            try:
                Webhook(secret).verify(request.body, headers)
            except WebhookVerificationError:
                continue
            except ValueError:  # signed, and no JSON: the parser says so
                return found
            return found
        return None


class IsSource(BasePermission):
    """Let in telephone systems only."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Say whether a telephone system is speaking."""
        return isinstance(request.auth, Source)


class SourceToken(OpenApiAuthenticationExtension):
    """How a telephone system says which it is."""

    target_class = "phones.api.authentication.SourceAuthentication"
    name = "source"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme: a bearer token; the signature of Standard Webhooks does as well."""
        said = "The token of a telephone system, from POST phones/sources/; or `?source=` and a signature."
        return {"type": "http", "scheme": "bearer", "description": said}
