"""Asking for a link to choose a password."""

from allauth.account.forms import ResetPasswordForm as AllauthForm
from django import forms
from django.utils.translation import gettext_lazy as _

from web.accounts.backend import people_at


class ResetPasswordForm(AllauthForm):  # type: ignore[misc]  # allauth has no types
    """By the address that administrators keep; allauth's own table of addresses stays empty."""

    email = forms.EmailField(
        label=_("Your e-mail address at work"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_email(self) -> str:
        """Find whose address it is. That it is nobody's is not said: it would tell who has an account."""
        address: str = self.cleaned_data["email"]
        self.users = people_at(address)
        return address
