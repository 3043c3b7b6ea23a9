"""What there is to know about one's own account: where one is signed in, and one's tokens."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import Person, Token
from web.accounts.token_form import SCOPES
from web.labels import Label

# The first that is found: every browser says that it is several.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac": "macOS"}


@dataclass(frozen=True)
class SignIn:
    """A browser in which somebody is signed in."""

    number: int
    since: datetime
    address: str
    browser: str
    is_this: bool


@dataclass(frozen=True)
class TokenRow:
    """A token, by what one may still know of it."""

    begins_with: str
    made_at: datetime
    ends_at: datetime | None
    scopes: list[Label]


def browser_of(user_agent: str) -> str:
    """Return what a browser is called, as well as that can be told."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), _("a browser"))
    system = next((name for sign, name in (SYSTEMS | {"Linux": "Linux"}).items() if sign in user_agent), "")
    return f"{browser}, {system}" if system else browser


def sign_ins(person: Person) -> list[SignIn]:
    """Return where `person` is signed in, the newest first; sessions that have ended are forgotten by it."""
    sessions = sorted(UserSession.objects.purge_and_list(person), key=lambda each: each.created_at, reverse=True)
    return [
        SignIn(each.pk, each.created_at, each.ip, browser_of(each.user_agent), each.is_current()) for each in sessions
    ]


def tokens(person: Person) -> list[TokenRow]:
    """Return the tokens of `person` that open something, the newest first."""
    good = Q(expiry=None) | Q(expiry__gt=timezone.now())
    return [
        TokenRow(each.token_key, each.created, each.expiry, [SCOPES[scope] for scope in each.scopes])
        for each in Token.objects.filter(good, user=person).order_by("-created")
    ]


def has_second_factor(person: Person) -> bool:
    """Say whether signing in as `person` takes a second step."""
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists())
