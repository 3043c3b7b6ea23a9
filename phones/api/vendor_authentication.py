"""Which telephone system is speaking, in its vendor's own way: by Twilio's signature, by the token in an address."""

from typing import Any

from django.http import QueryDict
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from phones import sources
from phones.api.authentication import Line
from phones.models import Source

NO_SECRET = "We have no auth token of yours: PATCH phones/sources/{slug}/ with vendor_secret."  # noqa: S105
WRONG_SIGNATURE = (
    "The signature does not fit {url}: is that where Twilio sends to (BEHIND_TLS? Host?), "
    "and vendor_secret its auth token?"
)


class TwilioSignature(BaseAuthentication):
    """Authenticate Twilio, for the telephone system that the address names.

    What is signed is the public address, with its query, and the parameters; of JSON the digest of the body
    in the address. A signature that does not fit is noted on the telephone system: somebody set it up wrongly.
    """

    def authenticate(self, request: Request) -> tuple[Line, Source] | None:
        """Return the telephone system. Raises AuthenticationFailed."""
        signature = request.headers.get(SIGNATURE_HEADER, "")
        if not signature:
            return None
        slug = request.parser_context["kwargs"]["slug"]
        found = Source.objects.select_related("team").filter(slug=slug, active=True).first()
        if found is None:
            raise AuthenticationFailed("There is no telephone system of that name, or it is switched off.")
        if not found.vendor_secret or not _fits(request, signature, found.vendor_secret):
            url = request.build_absolute_uri(request.path)
            why = (WRONG_SIGNATURE if found.vendor_secret else NO_SECRET).format(slug=slug, url=url)
            sources.heard(found, last=None, refused=1, why=why)
            raise AuthenticationFailed(why)
        return Line(found), found

    def authenticate_header(self, request: Request) -> str:
        """Return how to sign in."""
        return SIGNATURE_HEADER


def _fits(request: Request, signature: str, secret: str) -> bool:
    algorithm = get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS_HEADER)).upper()
    if algorithm not in (HMAC_SHA1, HMAC_SHA256):
        return False
    signed: QueryDict | str = QueryDict(request.body, encoding="utf-8")
    if request.content_type.partition(";")[0].strip().lower() == "application/json":
        # Without the digest, the signature would be of the address alone.
        if "bodySHA256" not in request.query_params:
            return False
        signed = request.body.decode("utf-8", "replace")
    return bool(RequestValidator(secret).validate(request.build_absolute_uri(), signed, signature, algorithm))


class AddressToken(BaseAuthentication):
    """Authenticate whoever can send neither a header nor a signature, by the token in the address."""

    def authenticate(self, request: Request) -> tuple[Line, Source]:
        """Return the telephone system. Raises AuthenticationFailed."""
        found = sources.by_token(request.parser_context["kwargs"]["token"])
        if found is None:
            raise AuthenticationFailed("No telephone system has that address.")
        return Line(found), found

    def authenticate_header(self, request: Request) -> str:
        """Return how to sign in."""
        return "Address"


class SignatureScheme(OpenApiAuthenticationExtension):
    """How Twilio signs."""

    target_class = TwilioSignature
    name = "twilio"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme: a header."""
        return {"type": "apiKey", "in": "header", "name": SIGNATURE_HEADER}


class AddressScheme(OpenApiAuthenticationExtension):
    """That the address is enough."""

    target_class = AddressToken
    name: list[str] = []

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """Return that nothing else is needed."""
        return {}

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        """Return no scheme."""
        return []
