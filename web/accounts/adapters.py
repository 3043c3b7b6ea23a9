"""What allauth asks of us about accounts: no sign-up, words for every no, and letters."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from people.models import Person
from web.accounts import limits
from web.accounts.backend import may_sign_in

log = structlog.get_logger(__name__)


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """People are taken down by administrators; here they only come and go."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("That username and password do not belong together."),
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your password."),
    }
    _key = ""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def pre_login(self, request: HttpRequest, user: Person, **details: Any) -> HttpResponse | None:
        """Turn away programs and whoever left, however they proved who they are."""
        refused: HttpResponse | None = super().pre_login(request, user, **details)
        if refused is None and not may_sign_in(user):
            refused = self.respond_user_inactive(request, user)
        return refused

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try. Raises ValidationError, which says for how long, when there were too many."""
        self._key = self._get_login_attempts_cache_key(request, **credentials)
        super().pre_authenticate(request, **credentials)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Not by host as well, as allauth has it: each name of the server would give five more tries.
        return str(credentials.get("username", "")).lower()

    def validation_error(self, code: str, *values: Any) -> ValidationError:
        """Return what a form says; of a lock-out also for how long."""
        if code in ("too_many_login_attempts", "rate_limited"):
            words = limits.locked(limits.seconds_left(self.request, self._key or self._key_of_codes()))
            return ValidationError(words, code=code)
        error: ValidationError = super().validation_error(code, *values)
        return error

    def _key_of_codes(self) -> str:
        # allauth counts the wrong codes of a second factor under this; whose they are, the request knows.
        stage = getattr(self.request, "_login_stage", None)
        person = stage.login.user if stage else self.request.user
        return f"mfa-auth-user-{person.pk}"

    def set_password(self, user: Person, password: str) -> None:
        """Set a password, and forget the wrong tries before it."""
        user.set_password(password)
        # Only this column: a whole row, read before, could bring back somebody who has left meanwhile.
        user.save(update_fields=["password"])
        limits.forgive(self.request, user.username.lower())

    def is_reauthentication_required(self, *, app: str = "") -> bool:
        """Ask for the password again before what matters, unless there is nothing to ask for (single sign-on)."""
        required: bool = super().is_reauthentication_required(app=app)
        return required and bool(self.get_reauthentication_methods(self.request.user))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to one's account, where it says that it worked."""
        return "/account/"

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        """Write to the address that we know, not to what somebody typed."""
        super().send_password_reset_mail(user, user.email, context)

    def send_notification_mail(
        self, template_prefix: str, user: Person, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell somebody by mail what changed about their account."""
        if user.email:
            super().send_notification_mail(template_prefix, user, context, email=user.email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter. That the mail server is away is in the log: who asked must not learn who has an account."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            log.error("letter_not_sent", letter=template_prefix, error=type(error).__name__)
