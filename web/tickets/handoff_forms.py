"""The forms of the warm handoff: the offer with its packet, the read-back, what was still owed."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoffs import candidates, protocol
from people.models import Team
from tickets.models import Entry
from web import labels
from web.fields import Choice, Moment, Tick, WhoOwns, Words
from web.tickets.verb_forms import VerbForm, people_first

# How many of the latest things that were said go into the prefilled history.
LATEST = 5


class TeamChoice(Choice):
    """A team, or the receiver's only one."""

    def __init__(self, **said: Any) -> None:
        super().__init__({}, empty=gettext_lazy("The receiver's team"), required=False, **said)

    def clean(self, value: Any) -> Team | None:
        """Return the team."""
        slug = super().clean(value)
        return Team.objects.get(slug=slug) if slug else None


class Offer(VerbForm):
    """An offer. What is known is filled in from the timeline; what a packet lacks, the verb names."""

    to = WhoOwns(label=gettext_lazy("To"))
    reason = Choice(labels.REASON, label=gettext_lazy("Why it should move"), empty=gettext_lazy("Choose one"))
    urgency = Choice(labels.URGENCY, label=gettext_lazy("Answer"), initial="today")
    on_call = Tick(label=gettext_lazy("Live: the customer is on the line"))
    need = Words(label=labels.PACKET["need"], required=False, rows=2)
    next_action = Words(label=labels.PACKET["next_action"], required=False, rows=2)
    expectation = Words(label=labels.PACKET["expectation"], required=False, rows=2)
    history = Words(label=labels.PACKET["history"], required=False, rows=4)
    contingency = Words(label=labels.PACKET["contingency"], required=False, rows=2)
    customer_told = Words(label=labels.PACKET["customer_told"], required=False, rows=2)
    team = TeamChoice(label=gettext_lazy("Into which team"))

    def prepare(self) -> None:
        """Fill in the packet from the timeline, and name who could take it, who fits best first."""
        shown = self.shown
        found = candidates.candidates(shown.ticket, at=timezone.now())
        people_first(self, "to", [(one.person, _who(one)) for one in found if one.person.pk != shown.person.pk])
        slugs = {slug for one in found for slug in one.teams}
        team: Any = self.fields["team"]
        team.choices = [*team.choices, *Team.objects.filter(slug__in=slugs).values_list("slug", "name")]
        draft = shown.draft
        begun = {"to": draft.receiver_id, "on_call": draft.on_call} if draft else {}
        self.initial = {**_from_timeline(self), **begun, **self.initial}

    @property
    def missing(self) -> int:
        """How many of the packet's fields the verb found missing."""
        return sum(name in self.errors for name in protocol.PACKET)

    def said(self) -> dict[str, Any]:
        """Return the offer with its packet gathered."""
        said = super().said()
        packet = {name: said.pop(name, "") for name in protocol.PACKET}
        if said.get("on_call"):
            # A live offer asks for two fields; what stands prefilled in the others was not said.
            packet = {name: packet[name] for name in protocol.REQUIRED_LIVE}
        return {**said, "packet": packet}


def _who(one: candidates.Candidate) -> str:
    """Return somebody who could take a ticket in words: name, load, what they lack."""
    lacks = [
        words
        for has, words in ((one.has_skill, _("no skill for it")), (one.speaks_language, _("another language")))
        if not has
    ]
    load = _("%(count)d open") % {"count": one.load}
    return " · ".join([one.person.name, ", ".join(one.teams) or "-", load, *lacks])


def _from_timeline(form: VerbForm) -> dict[str, str]:
    """Return what the timeline knows of a packet: what the customer said, was promised, and what was tried."""
    shown = form.shown
    described = shown.description
    promised = [
        _("%(what)s, by %(when)s") % {"what": promise.what, "when": _when(promise.due_at)}
        for promise in shown.promises
        if promise.what.content is not None
    ]
    kinds = ("note", "contact", "acknowledged", "help_answered", "promise_renegotiated", "manager_answered")
    said = Entry.objects.filter(ticket=shown.ticket, kind__in=kinds, text__content__isnull=False)
    latest = reversed(said.select_related("text").order_by("-at", "-pk")[:LATEST])
    tried = [f"{_when(entry.at)}: {entry.text}" for entry in latest]
    return {
        "need": (described.content or {}).get("description", "") if described else "",
        "expectation": (_("Promised: %(promises)s") % {"promises": "; ".join(promised)}) if promised else "",
        "history": "\n".join(tried),
    }


def _when(at: Any) -> str:
    return date_format(timezone.localtime(at), "j M, H:i")


class ReadBack(VerbForm):
    """What the receiver understood, in their own words, and when the customer hears from them."""

    read_back = Words(
        label=gettext_lazy("Say it back in your own words"),
        rows=5,
        help_text=gettext_lazy("What the customer needs, and what you do next. A copy of the packet is refused."),
    )
    next_contact_at = Moment(label=gettext_lazy("The customer hears from you by"))


class Claim(ReadBack):
    """A claim: its read-back, and how soon the owner should answer."""

    urgency = Choice(labels.URGENCY, label=gettext_lazy("The owner answers"), initial="hour")


class Complete(VerbForm):
    """What a live handoff still owed."""

    expectation = Words(label=labels.PACKET["expectation"], rows=2)
    history = Words(label=labels.PACKET["history"])

    def prepare(self) -> None:
        """Fill in what the timeline knows."""
        known = _from_timeline(self)
        self.initial = {"expectation": known["expectation"], "history": known["history"], **self.initial}


class Correct(VerbForm):
    """What the giver had meant."""

    correction = Words(label=gettext_lazy("What you meant"))
