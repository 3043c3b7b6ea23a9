"""What can be done on the screens: each verb with its words, its form, its key, and when it is offered.

The verbs themselves decide what may be done; `when` only keeps a page from offering what would be refused.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from handoffs import answers, approvals, claims, help_requests, manager_requests, moves, offers, takeovers
from handoffs.protocol import Kind, Party, State
from tickets import contacts, duplicates, flags, holds, ownership, promises, resolution
from tickets.permissions import Action
from tickets.states import Status
from web.labels import Label
from web.tickets import handoff_forms
from web.tickets import verb_forms as forms
from web.tickets.shown import Shown


def _never(shown: Shown) -> bool:
    """Not in the bar: its button stands beside the thing that it is about."""
    del shown
    return False


@dataclass(frozen=True)
class Verb:
    """One thing that can be done.

    call: the verb. names: what its number names ("ticket" for none of its own). careful: what others have
    changed since the form was opened is shown first. also: a verb that may be the better one.
    """

    slug: str
    call: Callable[..., Any]
    form: type[forms.VerbForm]
    title: Label
    icon: str
    submit: Label
    done: Label
    key: str = ""
    names: str = "ticket"
    careful: bool = False
    when: Callable[[Shown], bool] = _never
    template: str = "web/tickets/verb.html"
    also: str = ""
    danger: bool = False


def _live(action: Action, *statuses: Status) -> Callable[[Shown], bool]:
    """Offer a verb on a live ticket to whoever may do it."""
    return lambda shown: bool(
        shown.ticket.live and (not statuses or shown.ticket.status in statuses) and shown.may(action)
    )


def _may_claim(shown: Shown) -> bool:
    free = shown.handoff is None and not any(one.ended_at is None for one in shown.handoffs)
    return bool(shown.ticket.live and free and shown.may(Action.CLAIM) and shown.ticket.owner != shown.person)


def _may_offer(shown: Shown) -> bool:
    return bool(shown.ticket.live and shown.may(Action.OFFER) and all(one.ended_at for one in shown.handoffs))


def _may_call_manager(shown: Shown) -> bool:
    return bool(shown.ticket.live and shown.manager_request is None and shown.may(Action.ASK_FOR_MANAGER))


def _may_take_over(shown: Shown) -> bool:
    return shown.may(Action.TAKE_OVER) and shown.ticket.owner_id != shown.person.pk and bool(shown.ticket.live)


def _is_done(action: Action) -> Callable[[Shown], bool]:
    """Offer a verb on a resolved or closed ticket to whoever may do it."""
    return lambda shown: not shown.ticket.live and shown.may(action)


def _is_asked_whether_duplicate(shown: Shown) -> bool:
    survivor = shown.ticket.duplicate_of
    return bool(shown.ticket.live and survivor is not None and survivor.owner_id == shown.person.pk)


def _may_close(shown: Shown) -> bool:
    return shown.ticket.status != Status.CLOSED and shown.may(Action.CLOSE)


VERBS: tuple[Verb, ...] = (
    Verb(
        "acknowledge", contacts.acknowledge, forms.Acknowledge, _("Acknowledge"), "user-check",
        _("I'll do it"), _("Acknowledged. The customer knows you."), key="a",
        when=_live(Action.ACKNOWLEDGE, Status.NEW),
    ),
    Verb(
        "note", contacts.note, forms.Note, _("Note"), "note", _("Write it down"), _("Noted."), key="n",
        when=lambda shown: shown.may(Action.NOTE),
    ),
    Verb(
        "contact", contacts.contact, forms.Contact, _("Contact"), "message",
        _("Write it down"), _("Contact written down."), key="t", when=lambda shown: shown.may(Action.CONTACT),
    ),
    Verb(
        "help", help_requests.ask, forms.AskForHelp, _("Ask for help"), "user-question",
        _("Ask"), _("Asked. The ticket stays yours."), key="q", careful=True, when=_live(Action.ASK_FOR_HELP),
    ),
    Verb(
        "offer", offers.offer, handoff_forms.Offer, _("Hand off"), "arrows-exchange",
        _("Offer it"), _("Offered. It is yours until it is accepted."), key="h", careful=True, when=_may_offer,
        template="web/tickets/offer.html", also="help",
    ),
    Verb(
        "hold", holds.start, forms.Hold, _("Hold"), "clock-pause",
        _("Put on hold"), _("On hold, with a promised return."), key="w", careful=True, when=_live(Action.HOLD_CALL),
    ),
    Verb(
        "promise", promises.make, forms.Promise, _("Promise"), "heart-handshake",
        _("Promise it"), _("Promised."), key="p", careful=True, when=_live(Action.PROMISE),
    ),
    Verb(
        "manager", manager_requests.ask, forms.ManagerPlease, _("Manager, please"), "bell-ringing",
        _("Call a manager"), _("The manager is called."), key="m", when=_may_call_manager,
    ),
    Verb(
        "claim", claims.claim, handoff_forms.Claim, _("I'll take it"), "hand-stop",
        _("Ask to take it"), _("The owner has been asked to let go."), key="i", careful=True, when=_may_claim,
    ),
    Verb(
        "take-over", takeovers.take_over, forms.Reason, _("Take over"), "user-shield",
        _("Make it mine"), _("It is yours now."), key="o", careful=True, when=_may_take_over, danger=True,
    ),
    Verb(
        "edit", ownership.edit, forms.Edit, _("Edit"), "pencil", _("Save"), _("Saved."), careful=True,
        when=lambda shown: shown.may(Action.EDIT),
    ),
    Verb(
        "resolve", resolution.resolve, forms.Resolve, _("Resolve"), "circle-check",
        _("It is put right"), _("Resolved."), key="e", careful=True, when=_live(Action.RESOLVE),
    ),
    Verb(
        "close", resolution.close, forms.Close, _("Close"), "lock", _("Close it"), _("Closed."),
        careful=True, when=_may_close,
    ),
    Verb(
        "reopen", resolution.reopen, forms.Reason, _("Reopen"), "lock-open", _("Reopen it"), _("Reopened."),
        careful=True, when=_is_done(Action.REOPEN),
    ),
    Verb(
        "accept", answers.accept, handoff_forms.ReadBack, _("Accept"), "user-check",
        _("I take it"), _("It is yours now."), key="a", names="handoff", template="web/tickets/accept.html",
    ),
    Verb(
        "decline", answers.decline, forms.Reason, _("Decline"), "circle-x", _("Say no"), _("Declined."),
        key="d", names="handoff",
    ),
    Verb(
        "withdraw", answers.withdraw, forms.Nothing, _("Take the handoff back"), "arrow-left",
        _("Take it back"), _("Taken back."), names="handoff",
    ),
    Verb(
        "release", claims.release, forms.Nothing, _("Let go"), "user-share",
        _("Let go of it"), _("Released."), key="a", names="handoff", template="web/tickets/release.html",
    ),
    Verb(
        "approve", approvals.approve, forms.Nothing, _("Approve"), "shield-check",
        _("Let it go"), _("Approved: the receiver is asked."), key="a", names="handoff",
    ),
    Verb(
        "refuse", approvals.refuse, forms.Reason, _("Do not approve"), "shield-x",
        _("Do not approve"), _("Not approved: it stays with its owner."), key="d", names="handoff",
    ),
    Verb(
        "complete", answers.complete, handoff_forms.Complete, _("Complete the packet"), "clipboard-check",
        _("Complete it"), _("The packet is complete."), names="handoff",
    ),
    Verb(
        "correct", answers.correct, handoff_forms.Correct, _("Correct the read-back"), "pencil",
        _("Correct it"), _("The new owner is told."), names="handoff",
    ),
    Verb("back", holds.end, forms.EndHold, _("I am back"), "player-play", _("End the hold"), _("The hold has ended."),
         names="hold"),
    Verb("later", holds.extend, forms.ExtendHold, _("Later"), "clock", _("Return later"), _("The return is later."),
         names="hold"),
    Verb("keep", promises.keep, forms.Nothing, _("Kept"), "circle-check", _("It was kept"), _("Kept."),
         names="promise"),
    Verb("another-time", promises.renegotiate, forms.AnotherTime, _("Another time"), "rotate-clockwise",
         _("Agreed"), _("Another time is agreed."), names="promise"),
    Verb("unpromise", promises.withdraw, forms.Reason, _("Take the promise back"), "circle-x",
         _("Take it back"), _("The promise is taken back."), names="promise"),
    Verb("answer", help_requests.answer, forms.Answer, _("Answer"), "message-reply", _("Answer"), _("Answered."),
         names="help_request"),
    Verb("unask", help_requests.withdraw, forms.Nothing, _("Take the question back"), "circle-x",
         _("Take it back"), _("The question is taken back."), names="help_request"),
    Verb("manager-answer", manager_requests.answer, forms.ManagerAnswer, _("I spoke with the customer"), "phone-call",
         _("Write it down"), _("Written down: the owner sees it."), names="manager_request"),
    Verb("unask-manager", manager_requests.withdraw, forms.Reason, _("No manager needed"), "circle-x",
         _("Take it back"), _("The manager is not called any more."), names="manager_request"),
    Verb("take-on", flags.take_on, forms.Nothing, _("Take on"), "flag", _("I am on it"), _("You are on it."),
         names="flag"),
    Verb("close-flag", flags.close, forms.FlagNote, _("Close the flag"), "flag", _("Dealt with"), _("Flag closed."),
         names="flag"),
    Verb("false-alarm", flags.call_false_alarm, forms.FlagNote, _("False alarm"), "ban",
         _("It is no flag"), _("Called a false alarm."), names="flag"),
    Verb("duplicate", duplicates.confirm, forms.Duplicate, _("Duplicate?"), "copy", _("Answer"), _("Answered."),
         when=_is_asked_whether_duplicate),
)  # fmt: skip
BY_SLUG = {verb.slug: verb for verb in VERBS}

# The buttons beside a hold, a promise, and so on.
BESIDE = {
    kind: [verb for verb in VERBS if verb.names == kind]
    for kind in ("hold", "promise", "help_request", "manager_request", "flag")
}


def bar(shown: Shown) -> list[Verb]:
    """Return what the person may do with the ticket itself, in the order of the bar."""
    return [verb for verb in VERBS if verb.when(shown)]


def answers_to_handoff(shown: Shown) -> Iterable[Verb]:
    """Return what the person may answer to the handoff in progress."""
    handoff = shown.handoff
    if handoff is None:
        return []
    handoff.ticket = shown.ticket
    parties = [party for party in Party if moves.speaks_for(handoff, party, shown.person)]
    offered: dict[tuple[str, str], dict[Party, tuple[str, ...]]] = {
        (Kind.OFFER, State.REQUESTED): {Party.APPROVER: ("approve", "refuse"), Party.GIVER: ("withdraw",)},
        (Kind.OFFER, State.OFFERED): {Party.RECEIVER: ("accept", "decline"), Party.GIVER: ("withdraw",)},
        (Kind.CLAIM, State.CLAIMED): {Party.GIVER: ("release", "decline"), Party.RECEIVER: ("withdraw",)},
    }
    slugs = offered.get((handoff.kind, handoff.state), {})
    return [BY_SLUG[slug] for party in parties for slug in slugs.get(party, ())]
