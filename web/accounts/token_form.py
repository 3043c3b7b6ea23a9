"""A token for the API."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from people.roles import Scope
from web.labels import Label

SCOPES: dict[str, Label] = {
    Scope.TICKETS_READ: _("read tickets"),
    Scope.TICKETS_WRITE: _("do things with tickets"),
    Scope.CUSTOMERS_READ: _("read customers"),
    Scope.CUSTOMERS_WRITE: _("change customers"),
    Scope.PEOPLE_READ: _("read people and teams"),
    Scope.PEOPLE_WRITE: _("change people and teams"),
}
GOOD_FOR: dict[str, Label] = {
    "1": _("a day"),
    "30": _("30 days"),
    "90": _("90 days"),
    "365": _("a year"),
    "": _("until I revoke it"),
}


class TokenForm(forms.Form):
    """What a token is for, and for how long."""

    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=list(SCOPES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text=_("None chosen: whatever you may do."),
    )
    good_for = forms.ChoiceField(
        label=_("It is good for"),
        choices=list(GOOD_FOR.items()),
        required=False,
        initial="90",
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def clean_good_for(self) -> timedelta | None:
        """Return the time after which it ends."""
        days = self.cleaned_data["good_for"]
        return timedelta(days=int(days)) if days else None
