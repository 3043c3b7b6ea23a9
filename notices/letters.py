"""What a notice says as a letter: the facts of its payload in a subject and a sentence, by kind.

Nothing that anybody typed about a customer is in a letter: whoever may read that finds it at the ticket.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Letter:
    """What is sent."""

    subject: str
    body: str


LETTERS: dict[str, tuple[Text, Text]] = {
    "ticket_assigned": (
        _("%(about)s is yours"),
        _("Ticket %(about)s of %(team)s was given to you. The customer waits for you to acknowledge it."),
    ),
    "inherited": (_("%(about)s is yours now"), _("%(left)s has left. As the team's manager you own %(about)s now.")),
    "reopened": (_("%(about)s is open again"), _("%(about)s was reopened, and is still yours.")),
    "further_contact": (_("The customer of %(about)s was in touch"), _("There is a further contact on %(about)s.")),
    "taken_over": (_("%(by)s took over %(about)s"), _("%(by)s owns %(about)s now. Why stands in its timeline.")),
    "duplicate_proposed": (
        _("Is %(of)s about the same as %(about)s?"),
        _("%(about)s was closed as a duplicate of your ticket %(of)s. Say yes or no to that."),
    ),
    "duplicate_linked": (_("%(about)s is linked to %(of)s"), _("The owner of %(of)s has said yes.")),
    "duplicate_declined": (_("%(about)s is no duplicate"), _("The owner of %(of)s has said no: look at %(about)s.")),
    "handoff_offered": (_("%(about)s is offered to you"), _("Accept or decline %(about)s by %(due_at)s.")),
    "handoff_claimed": (_("%(by)s would take %(about)s"), _("%(by)s claims %(about)s: release it, or decline.")),
    "handoff_approval_asked": (
        _("May %(about)s move on to %(receiver)s?"),
        _("%(about)s has moved often. Approve or refuse its handoff to %(receiver)s."),
    ),
    "handoff_approved": (_("The handoff of %(about)s is approved"), _("%(by)s has approved it; it is offered now.")),
    "handoff_refused": (_("The handoff of %(about)s is refused"), _("%(by)s has refused it: the owner stays.")),
    "handoff_accepted": (_("%(owner)s has accepted %(about)s"), _("%(owner)s owns %(about)s now.")),
    "handoff_released": (_("%(about)s is yours now"), _("%(by)s has released %(about)s: you own it now.")),
    "handoff_declined": (_("%(by)s has declined %(about)s"), _("Nothing has moved. Why stands in the timeline.")),
    "handoff_expired": (_("Nobody answered about %(about)s"), _("The handoff of %(about)s expired: the owner stays.")),
    "handoff_withdrawn": (_("The handoff of %(about)s is withdrawn"), _("There is nothing left to answer.")),
    "handoff_corrected": (
        _("You were corrected about %(about)s"),
        _("What you read back about %(about)s is not what was meant. The correction stands at the handoff."),
    ),
    "handoff_completed": (_("More is known about %(about)s"), _("The rest of the packet of %(about)s is there.")),
    "handoff_live": (
        _("%(about)s is handed on with the customer on the line"),
        _("%(about)s is offered to %(receiver)s in a call."),
    ),
    "handoff_drafted": (
        _("%(receiver)s has the customer of %(about)s on the line"),
        _("The call was passed on to %(receiver)s; %(about)s is still yours. Offer it to them, or call back."),
    ),
    "receiver_away": (_("%(away)s is away"), _("%(away)s, to whom you offered %(about)s, has gone away meanwhile.")),
    "help_asked": (_("You are asked about %(about)s"), _("Somebody asks for your help with %(about)s.")),
    "help_answered": (_("Your question about %(about)s is answered"), _("The answer stands at %(about)s.")),
    "help_withdrawn": (_("A question about %(about)s is withdrawn"), _("It needs no answer any more.")),
    "flag_raised": (
        _("%(level)s flag on %(about)s: %(flag_kind)s"),
        _("Look at %(about)s: a flag was raised, %(flag_kind)s, level %(level)s."),
    ),
    "flag_rose": (
        _("%(level)s flag on %(about)s: %(flag_kind)s"),
        _("Look at %(about)s: its flag %(flag_kind)s rose to %(level)s."),
    ),
    "promise_due_soon": (
        _("A promise on %(about)s is due soon"),
        _("What the customer of %(about)s was promised is due at %(due_at)s."),
    ),
    "hold_return_due": (
        _("A customer is waiting: %(about)s"),
        _("The customer of %(about)s is still on hold. Go back to them."),
    ),
    "flag_climbed": (
        _("Nobody looks at a flag on %(about)s: %(flag_kind)s"),
        _("A red flag on %(about)s, %(flag_kind)s, has not been taken on. It is yours to look at now."),
    ),
    "manager_asked": (
        _("A customer wants a manager: %(about)s"),
        _("%(by)s has a customer who asks for you: %(about)s. Call back by %(call_back_by)s at the latest."),
    ),
    "manager_calls_back": (
        _("A manager calls the customer of %(about)s back"),
        _("Nobody could be reached. Tell the customer of %(about)s that a manager calls back by %(due_at)s."),
    ),
    "manager_answered": (_("%(by)s has spoken with the customer of %(about)s"), _("What came of it is there.")),
    "manager_unasked": (_("No manager is wanted any more: %(about)s"), _("You need not call back.")),
    "cover_asked": (
        _("Would you cover %(absent)s until %(until)s?"),
        _("Say yes, and what falls due for %(absent)s until %(until)s comes to you. The tickets stay theirs."),
    ),
    "cover_accepted": (
        _("%(covering)s covers %(absent)s"),
        _("%(covering)s answers what falls due for %(absent)s until %(until)s."),
    ),
    "cover_ended": (
        _("%(covering)s does not cover %(absent)s any more"),
        _("The cover has ended: %(how)s. What falls due is answered by %(absent)s again."),
    ),
    "cover_unanswered": (
        _("Nobody covers %(absent)s"),
        _("%(covering)s was asked and has not answered. Ask somebody else, or nobody answers for %(absent)s."),
    ),
    "screen_pop": (_("A customer is on the line: %(about)s"), _("Somebody is calling you about %(about)s.")),
    "source_looks_broken": (
        _("The telephone system %(about)s looks broken"),
        _("%(about)s reports more lost customers than there can be. Nothing is flagged from it until you look at it."),
    ),
    "manager_called": (
        _("%(about)s needs you"),
        _("Nobody took %(about)s. Take it over, or name somebody who will be asked."),
    ),
    "receipt": (
        _("We have your complaint: %(about)s"),
        _(
            "Thank you for telling us. %(owner)s answers for your complaint, %(about)s, until it is put right, "
            "and will be in touch by %(first_contact_by)s."
        ),
    ),
}
# A kind that has no letter of its own yet still reaches whoever must know.
OTHER: tuple[Text, Text] = (_("%(about)s: %(kind)s"), _("Look at %(about)s."))


class Facts(dict[str, str]):
    """The facts of a notice, as a letter writes them; one that is missing is left open, not an error."""

    def __missing__(self, name: str) -> str:
        return "…"


def write(kind: str, *, about: str, payload: dict[str, Any], to_staff: bool) -> Letter:
    """Return the letter for a notice; to_staff: it ends with how to choose which of these one gets."""
    subject, sentence = LETTERS.get(kind, OTHER)
    facts = Facts({name: _written(value) for name, value in payload.items()})
    facts |= {"about": about, "kind": kind.replace("_", " ")}
    # A line break in a subject would be a header of its own.
    first = " ".join((str(subject) % facts).split())
    ending = gettext("Which of these letters you get is yours to choose: PUT /api/v1/me/notices/.")
    paragraphs = [str(sentence) % facts, *([ending] if to_staff else [])]
    return Letter(first, "\n\n".join(paragraphs) + "\n")


def _written(value: Any) -> str:
    if isinstance(value, str) and len(value) > len("2026-11-26"):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        if moment.tzinfo is not None:
            return date_format(moment.astimezone(UTC), "j F Y, H:i") + " UTC"
    return str(value).replace("_", " ") if isinstance(value, str) else str(value)
