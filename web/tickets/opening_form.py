"""The form of a new complaint: who complains, about what, and what they were told."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Person, Team
from tickets.models import ContactPoint, Customer, Ticket
from web import labels
from web.fields import Choice, Line, Moment, Words


class Opening(forms.Form):
    """A new complaint, opened by `person`; or a further contact on one that the customer has open."""

    find = Line(label=gettext_lazy("Customer: number, name or e-mail address"), required=False)
    customer = forms.ModelChoiceField(
        Customer.objects.filter(erased_at=None), required=False, widget=forms.HiddenInput, empty_label=None
    )
    new_name = Line(label=gettext_lazy("Name"), required=False)
    new_phone = Line(label=gettext_lazy("Telephone"), required=False, max_length=40, placeholder="+1 555 0100")
    new_email = Line(label=gettext_lazy("E-mail"), required=False, max_length=254)
    about = forms.ModelChoiceField(Ticket.objects.filter(live=True), required=False, widget=forms.HiddenInput)
    subject = Line(label=gettext_lazy("In a few words"), required=False)
    description = Words(label=gettext_lazy("What the customer says"), rows=4)
    severity = Choice(labels.SEVERITY, label=gettext_lazy("Severity"))
    team = forms.ModelChoiceField(
        Team.objects.all(), label=gettext_lazy("Team"), widget=forms.Select(attrs={"class": "form-select"})
    )
    channel = Choice(labels.CHANNEL, label=gettext_lazy("How they came"))
    category = Line(label=gettext_lazy("Category"), required=False, max_length=50)
    skill = Line(label=gettext_lazy("Skill that it needs"), required=False, max_length=50)
    message = Words(
        label=gettext_lazy("What you told the customer"),
        required=False,
        rows=2,
        placeholder=gettext_lazy("My name is …, I will do it. Next I …"),
    )
    next_contact_at = Moment(label=gettext_lazy("When they hear from you next"), required=False)

    def __init__(self, *args: Any, person: Person, **said: Any) -> None:
        super().__init__(*args, **said)
        own = Team.objects.filter(members=person).first() or Team.objects.led_by(person).first()
        if own is not None:
            self.initial.setdefault("team", own.pk)

    def clean(self) -> dict[str, Any]:
        """Return what was filled in. Says who or what is missing."""
        said = super().clean() or {}
        if not said.get("customer") and not said.get("new_name") and not said.get("new_phone"):
            self.add_error("find", _("Who complains? Find them, or fill in a new customer's name or number."))
        customer = said.get("customer")
        if customer and "about" not in self.data and Ticket.objects.filter(customer=customer, live=True).exists():
            # Asked, not assumed: the same complaint again is no second ticket.
            self.add_error("find", _("They have an open ticket. Say whether it is about that one, or something new."))
        if not said.get("about") and not said.get("subject"):
            self.add_error("subject", _("Say in a few words what it is about."))
        if bool(said.get("message")) != bool(said.get("next_contact_at")):
            missing = "next_contact_at" if said.get("message") else "message"
            self.add_error(missing, _("Say both, and it is acknowledged; or neither, and do it later."))
        return said

    def new_customer(self) -> dict[str, Any]:
        """Return the new customer, as `customers.create` takes one."""
        said = self.cleaned_data
        points = [
            (kind, said[name], "")
            for kind, name in ((ContactPoint.Kind.PHONE, "new_phone"), (ContactPoint.Kind.EMAIL, "new_email"))
            if said[name]
        ]
        return {"name": said["new_name"], "contact_points": points}
