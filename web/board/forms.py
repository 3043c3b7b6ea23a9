"""The forms of the board: taking over what somebody owns, and having somebody who is away covered."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Person
from tickets.models import Ticket
from web.fields import Words
from web.going_home.forms import AskForCover


class TakeOverMany(forms.Form):
    """Which tickets, and why."""

    tickets = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": gettext_lazy("Choose at least one ticket.")}
    )
    reason = Words(label=gettext_lazy("Why you take them over"), rows=2)

    def __init__(self, *args: Any, owned: Iterable[Ticket], **said: Any) -> None:
        super().__init__(*args, **said)
        box: Any = self.fields["tickets"]
        box.choices = [(ticket.pk, ticket.reference) for ticket in owned]

    @property
    def chosen(self) -> set[str]:
        """The numbers of the tickets that are ticked, as they were sent."""
        return set(self["tickets"].value() or [])


class CoverFor(AskForCover):
    """Who covers somebody who is away: whoever is there first."""

    def __init__(self, *args: Any, person: Person, **said: Any) -> None:
        super().__init__(*args, person=person, **said)
        now = timezone.now()
        field: Any = self.fields["covering"]
        here = set(Person.objects.present(now).values_list("pk", flat=True))
        order = sorted(field.choices[1:], key=lambda choice: choice[0] not in here)
        field.choices = [
            field.choices[0],
            *((pk, name if pk in here else _("%(name)s (away)") % {"name": name}) for pk, name in order),
        ]


class Nothing(forms.Form):
    """Nothing needs to be said."""
