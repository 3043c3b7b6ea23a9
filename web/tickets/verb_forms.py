"""The forms of what is done with a ticket; their fields are named as the verbs name them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Person
from web import labels
from web.fields import Choice, Line, Moment, Reference, Tick, WhoOwns, Words
from web.tickets.shown import Shown


class VerbForm(forms.Form):
    """The form of one verb on one ticket, by one person. `said` is what the verb is told."""

    def __init__(self, *args: Any, shown: Shown, **said: Any) -> None:
        super().__init__(*args, **said)
        self.shown = shown
        self.prepare()

    def prepare(self) -> None:
        """Fill in what is known already."""

    def said(self) -> dict[str, Any]:
        """Return what was filled in, as the verb takes it."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}


class Nothing(VerbForm):
    """Nothing needs to be said."""


class Acknowledge(VerbForm):
    """What the customer was told."""

    message = Words(
        label=_("What you told the customer"),
        placeholder=_("My name is …, I will do it. Next I …"),
        help_text=_("Your name, what happens next, and when they hear again."),
    )
    next_contact_at = Moment(label=_("When they hear from you next"))


class Note(VerbForm):
    """A note."""

    text = Words(label=_("Note"), rows=4)


class Contact(VerbForm):
    """A contact with the customer."""

    direction = Choice(
        {"inbound": _("The customer came to us"), "outbound": _("We reached the customer")}, label=_("Who")
    )
    channel = Choice(labels.CHANNEL, label=_("How"))
    summary = Words(label=_("What was said"), required=False)
    chase = Tick(label=_("They asked what has become of it"))


class Hold(VerbForm):
    """Why the customer waits."""

    kind = Choice(
        {"call": _("On the line, now"), "ticket": _("For days, for something that we must find out")},
        label=_("The customer waits"),
    )
    reason = Words(label=_("Why"), rows=2, required=False)
    return_by = Moment(
        label=_("Back by"),
        required=False,
        help_text=_("Empty: one minute for a call, the end of the next working day otherwise."),
    )


class EndHold(VerbForm):
    """How the waiting ended."""

    how = Choice({code: words for code, words in labels.HOLD_END.items() if code != "closed"}, label=_("How it ended"))


class ExtendHold(VerbForm):
    """A later return."""

    return_by = Moment(label=_("Back by"))
    reason = Words(label=_("Why"), rows=2, required=False)


class Promise(VerbForm):
    """What is promised."""

    what = Line(label=_("What is promised"), max_length=500, placeholder=_("I call you back"))
    due_at = Moment(label=_("By when"))


class AnotherTime(VerbForm):
    """Another time for a promise."""

    due_at = Moment(label=_("The new time"))
    told = Words(label=_("How the customer was told"), rows=2)


class Reason(VerbForm):
    """Why."""

    reason = Words(label=_("Why"))


class FlagNote(VerbForm):
    """What was done about a flag, or why it is none."""

    note = Words(label=_("What was done, or why it is no flag"))


class Resolve(VerbForm):
    """How it was put right."""

    resolution = Words(label=_("How it was put right"))
    root_cause = Line(label=_("What had caused it"), max_length=50, placeholder="billing-error")
    customer_agreed = Tick(label=_("The customer agrees that it is put right"))


class Close(VerbForm):
    """The end of it."""

    outcome = Choice(labels.OUTCOME, label=_("Outcome"), empty=_("Choose one"))
    root_cause = Line(label=_("What had caused it"), max_length=50, required=False)
    duplicate_of = Reference(label=_("Duplicate of"), required=False)
    note = Words(label=_("Note"), rows=2, required=False)

    def prepare(self) -> None:
        """A resolved ticket is closed as resolved, unless somebody says otherwise."""
        if self.shown.ticket.resolved_at is not None:
            self.initial.setdefault("outcome", "resolved")
            self.initial.setdefault("root_cause", self.shown.ticket.root_cause)


class Edit(VerbForm):
    """What a ticket says it is."""

    subject = Line(label=_("Subject"))
    description = Words(label=_("What the customer says"), rows=5, required=False)
    category = Line(label=_("Category"), max_length=50, required=False)
    severity = Choice(labels.SEVERITY, label=_("Severity"))

    def prepare(self) -> None:
        """Show what it says now."""
        ticket, described = self.shown.ticket, self.shown.description
        self.described = (described.content or {}).get("description", "") if described else ""
        self.initial = {
            "subject": ticket.subject,
            "description": self.described,
            "category": ticket.category,
            "severity": ticket.severity,
            **self.initial,
        }

    def said(self) -> dict[str, Any]:
        """Return what has changed, and nothing else."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


class AskForHelp(VerbForm):
    """A question to a colleague."""

    asked = WhoOwns(label=_("Whom"))
    question = Words(label=_("The question"))
    answer_by = Moment(label=_("Answer needed by"))

    def prepare(self) -> None:
        """Nobody asks themselves."""
        people: Any = self.fields["asked"]
        people.queryset = people.queryset.exclude(pk=self.shown.person.pk)


class Answer(VerbForm):
    """The answer to a question."""

    answer = Words(label=_("Your answer"))


class ManagerPlease(VerbForm):
    """The customer wants a manager."""

    reason = Words(label=_("Why, if there is time to say it"), rows=2, required=False)


class ManagerAnswer(VerbForm):
    """What a manager agreed with the customer."""

    answer = Words(label=_("What you agreed with the customer"))


class Duplicate(VerbForm):
    """Whether another ticket is a duplicate of one's own."""

    yes = Choice({"yes": _("Yes, it is the same complaint"), "no": _("No, it is another one")}, label=_("Is it?"))

    def said(self) -> dict[str, Any]:
        """Return the answer as the verb takes it."""
        return {"yes": self.cleaned_data["yes"] == "yes"}


def people_first(form: VerbForm, name: str, order: list[tuple[Person, str]]) -> None:
    """Let a choice of people be `order`: each with the words that tell why they stand where they stand."""
    field: Any = form.fields[name]
    field.choices = [("", _("Choose somebody")), *((person.pk, words) for person, words in order)]
