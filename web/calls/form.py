"""The form of a wrap-up: one box, and what the call was."""

from django import forms
from django.utils.translation import gettext_lazy as _

from web.fields import Choice, Line, Moment, Reference, Tick, Words

OUTCOMES = {
    "complaint": _("A complaint"),
    "not_a_complaint": _("Not a complaint"),
    "wrong_number": _("Wrong number"),
    "spam": _("Spam"),
}


class WrapUp(forms.Form):
    """What a call was."""

    text = Words(label=_("What was said"), required=False, rows=3)
    outcome = Choice(OUTCOMES, label=_("It was"))
    ticket = Reference(label=_("About ticket"), required=False)
    subject = Line(label=_("In a few words, for a new ticket"), required=False)
    chase = Tick(label=_("They asked what has become of it"))
    next_contact_at = Moment(label=_("When they hear from us next"), required=False)
