"""As of when a chain is looked at."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AsOf(forms.Form):
    """A moment of the past; empty is now. In links it carries its offset, so that it is the same for everybody."""

    as_of = forms.DateTimeField(
        required=False,
        label=_("As it stood at"),
        widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M:%S",
            attrs={"type": "datetime-local", "step": "1", "class": "form-control"},
        ),
    )

    def clean_as_of(self) -> datetime | None:
        """Return the moment. Raises ValidationError when it has not come yet."""
        at: datetime | None = self.cleaned_data["as_of"]
        if at is not None and at > timezone.now():
            raise forms.ValidationError(_("That has not come yet. Choose a moment of the past."))
        return at
