"""The forms of going home: who answers what falls due, being there, where one can be called."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Person
from web.fields import Line, Moment, WhoOwns


class AskForCover(forms.Form):
    """Who covers, from when until when."""

    covering = WhoOwns(label=_("Who answers what falls due"))
    starts_at = Moment(label=_("From"), required=False, help_text=_("Empty: from now on."))
    until = Moment(label=_("Until"))

    def __init__(self, *args: Any, person: Person, **said: Any) -> None:
        super().__init__(*args, **said)
        people: Any = self.fields["covering"]
        # Those of one's own teams first: they know the customers.
        others = people.queryset.exclude(pk=person.pk)
        mine = list(others.filter(teams__in=person.team_ids).distinct())
        rest = [one for one in others if one not in mine]
        people.choices = [("", _("Choose somebody")), *((one.pk, one.name) for one in [*mine, *rest])]


class Away(forms.Form):
    """Away, and until when."""

    away_until = Moment(label=_("Back at"), required=False)


class Extension(forms.Form):
    """Where one's telephone is."""

    extension = Line(label=_("Extension"), required=False, max_length=20)
