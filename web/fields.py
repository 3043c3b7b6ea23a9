"""Fields of our forms: words, moments with quick choices, people, codes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Person
from people.roles import OWNERS
from tickets.models import Ticket
from web.labels import Label

# (minutes from now, or a name that the page works out in the reader's time, words)
QUICK_SOON: tuple[tuple[str, Label], ...] = (
    ("15", _("15 min")),
    ("30", _("30 min")),
    ("60", _("1 hour")),
    ("120", _("2 hours")),
    ("today", _("Today 17:00")),
    ("tomorrow", _("Tomorrow 10:00")),
)


class Words(forms.CharField):
    """Free text."""

    def __init__(self, *, rows: int = 3, placeholder: Label = "", **said: Any) -> None:
        area = forms.Textarea(attrs={"rows": rows, "placeholder": placeholder, "class": "form-control"})
        super().__init__(widget=area, max_length=20_000, **said)


class Line(forms.CharField):
    """One line of text."""

    def __init__(self, *, max_length: int = 200, placeholder: Label = "", **said: Any) -> None:
        line = forms.TextInput(attrs={"placeholder": placeholder, "class": "form-control", "autocomplete": "off"})
        super().__init__(widget=line, max_length=max_length, **said)


class MomentInput(forms.DateTimeInput):
    """A date and a time of the reader's, with quick choices beside them."""

    template_name = "web/forms/moment.html"
    input_type = "datetime-local"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Return what the widget's template needs."""
        return {**super().get_context(name, value, attrs), "quick": QUICK_SOON}


class Moment(forms.DateTimeField):
    """A moment, in the reader's time zone."""

    def __init__(self, **said: Any) -> None:
        shown = MomentInput(format="%Y-%m-%dT%H:%M", attrs={"class": "form-control"})
        super().__init__(widget=shown, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **said)


class Choice(forms.ChoiceField):
    """One of some codes, in words; `empty` is what stands there before one is chosen."""

    def __init__(self, codes: Mapping[str, Label], *, empty: Label | None = None, **said: Any) -> None:
        choices = [*([("", empty)] if empty is not None else []), *codes.items()]
        super().__init__(choices=choices, widget=forms.Select(attrs={"class": "form-select"}), **said)


class Tick(forms.BooleanField):
    """Yes or no."""

    def __init__(self, **said: Any) -> None:
        super().__init__(widget=forms.CheckboxInput(attrs={"class": "form-check-input"}), required=False, **said)


class WhoOwns(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes no parameter at run time
    """Somebody who can own a ticket."""

    def __init__(self, **said: Any) -> None:
        people = Person.objects.filter(is_active=True, role__in=OWNERS).order_by("name")
        box = forms.Select(attrs={"class": "form-select"})
        super().__init__(people, widget=box, empty_label=_("Choose somebody"), **said)

    def label_from_instance(self, obj: Any) -> str:
        """Return the name."""
        return str(obj.name)


class Reference(forms.CharField):
    """A ticket's reference; gives its number."""

    def __init__(self, **said: Any) -> None:
        box = forms.TextInput(attrs={"class": "form-control", "placeholder": "T-100001", "autocomplete": "off"})
        super().__init__(widget=box, **said)

    def clean(self, value: Any) -> int | None:
        """Return the number. Raises ValidationError for what is no reference of a ticket."""
        said = str(super().clean(value)).strip().upper().removeprefix("T-")
        if not said:
            return None
        if not (said.isdecimal() and len(said) <= 15 and Ticket.objects.filter(pk=int(said)).exists()):
            raise forms.ValidationError(_("There is no such ticket. A reference looks like T-100001."))
        return int(said)
