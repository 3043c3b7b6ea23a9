"""What colleagues ask of each other: see `tests.api.calls`."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from handoffs import answers, claims, covers, drafts, help_requests, manager_requests
from handoffs.models import Handoff
from handoffs.protocol import Urgency
from people.models import Person
from tests.api.registry import CALLS, Call, acknowledged, call, soon
from tests.cast import PACKET, READ_BACK, Cast, in_hours
from tickets.models import Ticket


def _help(cast: Cast, path: str, body: dict[str, Any], *, by: Person) -> Call:
    ticket = acknowledged(cast)
    asked = {"asked": cast.bob, "question": "Which bank is it?", "answer_by": in_hours(2)}
    request = help_requests.ask(ticket=ticket.pk, by=cast.alice, **asked)
    return Call(by, "POST", f"help-requests/{request.pk}/{path}/", body, ticket)


CALLS["answer_help_request"] = lambda cast: _help(cast, "answer", {"answer": "The savings bank."}, by=cast.bob)
CALLS["withdraw_help_request"] = lambda cast: _help(cast, "withdraw", {}, by=cast.alice)


def _cover(cast: Cast, path: str, *, by: Person, method: str = "POST") -> Call:
    cover = covers.ask(by=cast.alice, covering=cast.bob, until=in_hours(8))
    return Call(by, method, f"covers/{cover.pk}/{path}/", {} if method == "POST" else None)


CALLS["ask_for_cover"] = lambda cast: Call(cast.alice, "POST", "covers/", {"covering": "bob", "until": soon()})
CALLS["accept_cover"] = lambda cast: _cover(cast, "accept", by=cast.bob)
CALLS["end_cover"] = lambda cast: _cover(cast, "end", by=cast.alice)
CALLS["list_due_in_cover"] = lambda cast: _cover(cast, "due", by=cast.bob, method="GET")


@call
def ask_for_manager(cast: Cast) -> Call:
    ticket = acknowledged(cast)
    return Call(cast.alice, "POST", "manager-requests/", {"ticket": ticket.reference}, ticket)


def _manager_request(cast: Cast, path: str, body: dict[str, Any], *, by: Person) -> Call:
    ticket = acknowledged(cast)
    request = manager_requests.ask(ticket=ticket.pk, by=cast.alice)
    return Call(by, "POST", f"manager-requests/{request.pk}/{path}/", body, ticket)


CALLS["answer_manager_request"] = lambda cast: _manager_request(
    cast, "answer", {"answer": "She gets her money today."}, by=cast.maya
)
CALLS["withdraw_manager_request"] = lambda cast: _manager_request(
    cast, "withdraw", {"reason": "She hung up content."}, by=cast.alice
)


@call
def list_drafts(cast: Cast) -> Call:
    ticket = acknowledged(cast)
    with transaction.atomic():
        drafts.draft(ticket, to=cast.bob, on_call=True, call=1, at=timezone.now())
    return Call(cast.alice, "GET", "handoffs/drafts/")


def _handoff(handoff: Handoff, path: str, body: dict[str, Any], *, by: Person) -> Call:
    return Call(by, "POST", f"handoffs/{handoff.pk}/{path}/", body, handoff.ticket)


def requested(cast: Cast) -> Handoff:
    """Return Alice's offer to Bob that waits for Maya's approval: two counted changes came before it."""
    ticket = acknowledged(cast, by=cast.bob)
    for receiver in (cast.carol, cast.alice):
        offer = cast.offer(Ticket.objects.get(pk=ticket.pk), receiver)
        answers.accept(handoff=offer.pk, by=receiver, read_back=READ_BACK, next_contact_at=in_hours(2))
    return cast.offer(Ticket.objects.get(pk=ticket.pk), cast.bob)


def _offer(cast: Cast, **details: Any) -> Handoff:
    return cast.offer(acknowledged(cast), cast.bob, **details)


def _claim(cast: Cast) -> Handoff:
    said = {"read_back": READ_BACK, "next_contact_at": in_hours(2), "urgency": Urgency.HOUR}
    return claims.claim(ticket=acknowledged(cast).pk, by=cast.bob, **said)


@call
def accept_handoff(cast: Cast) -> Call:
    return _handoff(_offer(cast), "accept", {"read_back": READ_BACK, "next_contact_at": soon()}, by=cast.bob)


@call
def correct_handoff(cast: Cast) -> Call:
    offer = _offer(cast)
    answers.accept(handoff=offer.pk, by=cast.bob, read_back=READ_BACK, next_contact_at=in_hours(2))
    return _handoff(offer, "correct", {"correction": "It was the April payment."}, by=cast.alice)


@call
def complete_handoff(cast: Cast) -> Call:
    owed = {"expectation": PACKET["expectation"], "history": PACKET["history"]}
    live = {"need": PACKET["need"], "next_action": PACKET["next_action"]}
    return _handoff(_offer(cast, on_call=True, packet=live), "complete", owed, by=cast.alice)


CALLS["decline_handoff"] = lambda cast: _handoff(_offer(cast), "decline", {"reason": "I am off at noon."}, by=cast.bob)
CALLS["withdraw_handoff"] = lambda cast: _handoff(_offer(cast), "withdraw", {}, by=cast.alice)
CALLS["release_ticket"] = lambda cast: _handoff(_claim(cast), "release", {}, by=cast.alice)
CALLS["approve_handoff"] = lambda cast: _handoff(requested(cast), "approve", {}, by=cast.maya)
CALLS["refuse_handoff"] = lambda cast: _handoff(requested(cast), "refuse", {"reason": "Keep it."}, by=cast.maya)
