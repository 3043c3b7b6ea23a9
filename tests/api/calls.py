"""One request for every operation of the API, complete and ready to succeed for the person named in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.test import APIClient

from handoffs import answers, claims, covers, drafts, help_requests, manager_requests
from handoffs.models import Handoff
from handoffs.protocol import Urgency
from notices import webhooks
from notices.models import Notice
from people import presence
from people.models import Person
from phones import sources
from phones.models import Source
from tests.cast import PACKET, READ_BACK, Cast, client_of, in_hours
from tests.phones.lines import call_story, event, report
from tests.phones.vendors.twilio_account import AUTH_TOKEN, FORM, in_room, signature
from tickets import contacts, flags, holds, promises, resolution
from tickets.bounces import Finding
from tickets.kinds import FlagKind, HoldKind, Level
from tickets.models import Ticket


@dataclass(frozen=True)
class Call:
    """A request, who may send it, and the ticket that it is about."""

    by: Person
    method: str
    path: str
    body: dict[str, Any] | None = None
    ticket: Ticket | None = None
    extra: dict[str, str] = field(default_factory=dict)
    # Of a telephone system, which is nobody: its token, or its vendor's signature of a form.
    token: str = ""
    signature: str = ""

    @property
    def url(self) -> str:
        """The whole path."""
        return f"/api/v1/{self.path}"

    def send(self, client: APIClient | None = None, **headers: str) -> HttpResponse:
        """Send it, as `by` unless another client is given."""
        if client is None:
            client = client_of(self.by)
            if self.token:
                client.credentials(HTTP_AUTHORIZATION=f"Bearer {self.token}")
            if self.signature:
                client.credentials(HTTP_X_TWILIO_SIGNATURE=self.signature)
                return client.post(self.url, urlencode(self.body or {}), content_type=FORM)
        return getattr(client, self.method.lower())(self.url, self.body, **headers)


CALLS: dict[str, Callable[[Cast], Call]] = {}
Prepare = Callable[[Cast], Call]


def call(prepare: Prepare) -> Prepare:
    """Register a function under its name, the operation's id."""
    CALLS[prepare.__name__] = prepare
    return prepare


def get(name: str, path: str) -> None:
    """Register a read that needs nothing."""
    CALLS[name] = lambda cast: Call(cast.alice, "GET", path)


def on_ticket(name: str, path: str, body: dict[str, Any] | None, *, by: str = "alice", method: str = "POST") -> None:
    """Register a request about a new, acknowledged ticket of Alice's."""

    def prepare(cast: Cast) -> Call:
        ticket = acknowledged(cast)
        said = {key: value() if callable(value) else value for key, value in (body or {}).items()}
        at = f"tickets/{ticket.reference}/{path}"
        return Call(getattr(cast, by), method, at, None if body is None else said, ticket)

    CALLS[name] = prepare


def acknowledged(cast: Cast, *, by: Person | None = None) -> Ticket:
    """Return a ticket whose first promise is kept, so that nothing stands in the way of its end."""
    ticket = cast.open_ticket(by)
    contacts.acknowledge(ticket=ticket.pk, by=ticket.owner, message="I will do it.", next_contact_at=in_hours(5))
    promises.keep(promise=ticket.promises.get().pk, by=ticket.owner)
    return Ticket.objects.get(pk=ticket.pk)


def soon() -> str:
    """Return the time in two hours, as a request has it."""
    return in_hours(2).isoformat()


get("list_covers", "covers/")
get("list_customers", "customers/")
get("list_flags", "flags/")
get("list_handoffs", "handoffs/")
get("list_help_requests", "help-requests/")
get("list_manager_requests", "manager-requests/")
get("list_my_due", "me/due/")
get("get_thresholds", "teams/billing/thresholds/")
get("list_notices", "notices/")
get("get_my_notices", "me/notices/")
get("list_people", "people/")
get("list_teams", "teams/")
get("list_tickets", "tickets/")
get("me", "me/")
on_ticket("get_ticket", "", None, method="GET")
on_ticket("get_timeline", "timeline/", None, method="GET")
on_ticket("get_chain", "chain/", None, method="GET")
on_ticket("list_candidates", "candidates/", None, method="GET")
on_ticket("edit_ticket", "", {"subject": "Charged three times", "severity": "serious"}, method="PATCH")
on_ticket("write_note", "notes/", {"text": "She pays by card."})
on_ticket("record_contact", "contacts/", {"direction": "inbound", "channel": "phone", "summary": "She called."})
on_ticket("start_hold", "holds/", {"kind": "ticket", "reason": "Waiting for the bank."})
on_ticket("make_promise", "promises/", {"what": "I call you back.", "due_at": soon})
on_ticket("resolve", "resolve/", {"resolution": "Paid back.", "root_cause": "double", "customer_agreed": True})
on_ticket("close", "close/", {"outcome": "withdrawn", "root_cause": "double"})
on_ticket("take_over", "take-over/", {"reason": "She asked for a manager."}, by="maya")
on_ticket("offer_handoff", "handoffs/", {"to": "carol", "reason": "skill", **PACKET})
on_ticket("claim_ticket", "claims/", {"read_back": READ_BACK, "next_contact_at": soon}, by="bob")
on_ticket("ask_for_help", "help-requests/", {"asked": "carol", "question": "Which bank?", "answer_by": soon})


@call
def set_my_presence(cast: Cast) -> Call:
    return Call(cast.alice, "PUT", "me/presence/", {"presence": "away", "away_until": soon()})


@call
def set_my_extension(cast: Cast) -> Call:
    return Call(cast.alice, "PUT", "me/extension/", {"extension": "4711"})


@call
def set_my_notices(cast: Cast) -> Call:
    return Call(cast.alice, "PUT", "me/notices/", {"choices": [{"kind": "taken_over", "wanted": False}]})


@call
def list_deliveries(cast: Cast) -> Call:
    return Call(cast.adam, "GET", "notices/deliveries/")


@call
def redeliver_notice(cast: Cast) -> Call:
    sent = {"state": "delivered", "next_attempt_at": None, "delivered_at": timezone.now()}
    notice = Notice.objects.create(kind="reopened", person=cast.alice, **sent)
    return Call(cast.adam, "POST", f"notices/deliveries/{notice.pk}/redeliver/", {})


@call
def list_webhooks(cast: Cast) -> Call:
    return Call(cast.adam, "GET", "webhooks/")


@call
def create_webhook(cast: Cast) -> Call:
    return Call(cast.adam, "POST", "webhooks/", {"url": "https://crm.example/hooks", "kinds": ["flag_raised"]})


def _webhook(cast: Cast, method: str, path: str = "", body: dict[str, Any] | None = None) -> Call:
    webhook = webhooks.create(by=cast.adam, url="https://crm.example/hooks")
    return Call(cast.adam, method, f"webhooks/{webhook.pk}/{path}", body)


CALLS["get_webhook"] = lambda cast: _webhook(cast, "GET")
CALLS["edit_webhook"] = lambda cast: _webhook(cast, "PATCH", "", {"active": False})
CALLS["delete_webhook"] = lambda cast: _webhook(cast, "DELETE")
CALLS["rotate_webhook_secret"] = lambda cast: _webhook(cast, "POST", "rotate/", {})
CALLS["retire_webhook_secrets"] = lambda cast: _webhook(cast, "POST", "retire/", {})
CALLS["test_webhook"] = lambda cast: _webhook(cast, "POST", "test/", {})


@call
def leave(cast: Cast) -> Call:
    return Call(cast.adam, "POST", "people/carol/departure/", {})


@call
def create_customer(cast: Cast) -> Call:
    point = {"kind": "phone", "value": "+1 212 555 0123", "label": "work"}
    return Call(cast.alice, "POST", "customers/", {"name": "Customer Two", "contact_points": [point]})


@call
def get_customer(cast: Cast) -> Call:
    return Call(cast.alice, "GET", f"customers/{cast.customer.pk}/")


@call
def edit_customer(cast: Cast) -> Call:
    return Call(cast.alice, "PATCH", f"customers/{cast.customer.pk}/", {"preferences": "Mornings only."})


@call
def forget_customer(cast: Cast) -> Call:
    return Call(cast.adam, "POST", f"customers/{cast.customer.pk}/forget/", {})


@call
def open_ticket(cast: Cast) -> Call:
    said = {"customer": cast.customer.pk, "team": "billing", "subject": "Late parcel", "description": "It is late."}
    return Call(cast.alice, "POST", "tickets/", said)


@call
def acknowledge(cast: Cast) -> Call:
    ticket = cast.open_ticket()
    said = {"message": "I will call you tonight.", "next_contact_at": soon()}
    return Call(cast.alice, "POST", f"tickets/{ticket.reference}/acknowledge/", said, ticket)


@call
def reopen(cast: Cast) -> Call:
    ticket = acknowledged(cast)
    said = {"resolution": "Paid back.", "root_cause": "double", "customer_agreed": True}
    resolution.resolve(ticket=ticket.pk, by=cast.alice, **said)
    return Call(cast.alice, "POST", f"tickets/{ticket.reference}/reopen/", {"reason": "Charged again."}, ticket)


@call
def confirm_duplicate(cast: Cast) -> Call:
    ticket, survivor = acknowledged(cast), acknowledged(cast, by=cast.bob)
    said = {"outcome": "duplicate_of", "duplicate_of": survivor.pk, "root_cause": "double"}
    resolution.close(ticket=ticket.pk, by=cast.alice, **said)
    return Call(cast.bob, "POST", f"tickets/{ticket.reference}/duplicate/", {"yes": True}, ticket)


@call
def take_over_many(cast: Cast) -> Call:
    ticket, other = acknowledged(cast), acknowledged(cast)
    said = {"references": [ticket.reference, other.reference], "reason": "Alice is ill."}
    return Call(cast.maya, "POST", "take-overs/", said, ticket)


def _hold(cast: Cast, path: str, body: dict[str, Any]) -> Call:
    ticket = acknowledged(cast)
    hold = holds.start(ticket=ticket.pk, by=cast.alice, kind=HoldKind.TICKET, return_by=in_hours(2))
    return Call(cast.alice, "POST", f"holds/{hold.pk}/{path}/", body, ticket)


CALLS["end_hold"] = lambda cast: _hold(cast, "end", {"how": "returned"})
CALLS["extend_hold"] = lambda cast: _hold(cast, "extend", {"return_by": in_hours(3).isoformat(), "reason": "Later."})


def _promise(cast: Cast, path: str, body: dict[str, Any]) -> Call:
    ticket = acknowledged(cast)
    promise = promises.make(ticket=ticket.pk, by=cast.alice, what="I call you back.", due_at=in_hours(2))
    return Call(cast.alice, "POST", f"promises/{promise.pk}/{path}/", body, ticket)


CALLS["keep_promise"] = lambda cast: _promise(cast, "keep", {})
CALLS["withdraw_promise"] = lambda cast: _promise(cast, "withdraw", {"reason": "She called herself."})
CALLS["renegotiate_promise"] = lambda cast: _promise(
    cast, "renegotiate", {"due_at": in_hours(3).isoformat(), "told": "By telephone."}
)


def _flag(cast: Cast, path: str, body: dict[str, Any]) -> Call:
    ticket = acknowledged(cast)
    found = Finding(FlagKind.BOUNCED, Level.RED, {"owners": 4})
    flag = flags.raise_for(ticket, [found], at=timezone.now())[0]
    return Call(cast.maya, "POST", f"flags/{flag.pk}/{path}/", body, ticket)


CALLS["take_on_flag"] = lambda cast: _flag(cast, "take-on", {})
CALLS["close_flag"] = lambda cast: _flag(cast, "close", {"note": "Talked to both of them."})
CALLS["call_false_alarm"] = lambda cast: _flag(cast, "false-alarm", {"note": "One family, two accounts."})


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


def _source(cast: Cast) -> tuple[Source, str]:
    return sources.create(by=cast.adam, slug="pbx", name="The PBX", team=cast.billing, region="US")


@call
def send_phone_events(cast: Cast) -> Call:
    rings = event("c1", "ringing", in_hours(0), **{"from": "+12125550100", "to": "500"})
    return Call(cast.adam, "POST", "phones/events/", rings, token=_source(cast)[1])


@call
def send_twilio_callback(cast: Cast) -> Call:
    sources.edit(source=_source(cast)[0].slug, vendor_secret=AUTH_TOKEN)
    said = in_room(1, "participant-join", in_hours(0), "customer")
    signed = signature("http://testserver/api/v1/phones/twilio/pbx/", said)
    return Call(cast.adam, "POST", "phones/twilio/pbx/", said, signature=signed)


@call
def send_zammad_call(cast: Cast) -> Call:
    said = {"event": "newCall", "from": "12125550100", "to": "12125550150", "direction": "in", "callId": "c1"}
    return Call(cast.adam, "POST", f"phones/zammad/{_source(cast)[1]}", said)


@call
def create_phone_source(cast: Cast) -> Call:
    said = {"slug": "pbx", "name": "The PBX", "team": "billing", "region": "US"}
    return Call(cast.adam, "POST", "phones/sources/", said)


def _on_source(cast: Cast, path: str, method: str, body: dict[str, Any] | None) -> Call:
    return Call(cast.adam, method, f"phones/sources/{_source(cast)[0].slug}/{path}", body)


@call
def list_phone_sources(cast: Cast) -> Call:
    _source(cast)
    return Call(cast.maya, "GET", "phones/sources/")


CALLS["edit_phone_source"] = lambda cast: _on_source(cast, "", "PATCH", {"active": False})
CALLS["rotate_phone_secret"] = lambda cast: _on_source(cast, "rotate/", "POST", {})


def _taken(cast: Cast) -> Ticket:
    """Return the ticket of Alice's to which a call was linked, by its number."""
    presence.take_extension(person=cast.alice, extension="101")
    ticket = acknowledged(cast)
    story = [(5, "answered", {"agent": "101"}), (20, "held", {"by": "101"}), (60, "unheld", {})]
    report(_source(cast)[0], *call_story("c1", in_hours(-0.1), *story, (90, "ended", {"ended_by": "caller"})))
    return ticket


@call
def list_calls(cast: Cast) -> Call:
    _taken(cast)
    return Call(cast.alice, "GET", "phones/calls/")


@call
def get_call(cast: Cast) -> Call:
    ticket = _taken(cast)
    return Call(cast.alice, "GET", f"phones/calls/{ticket.calls.get().pk}/", None, ticket)


@call
def list_drafts(cast: Cast) -> Call:
    ticket = acknowledged(cast)
    with transaction.atomic():
        drafts.draft(ticket, to=cast.bob, on_call=True, call=1, at=timezone.now())
    return Call(cast.alice, "GET", "handoffs/drafts/")


@call
def wrap_up_call(cast: Cast) -> Call:
    said = {"outcome": "complaint", "text": "Where is my money?", "chase": True, "next_contact_at": soon()}
    return Call(cast.alice, "POST", f"phones/calls/{_taken(cast).calls.get().pk}/wrap-up/", said)


@call
def link_call(cast: Cast) -> Call:
    number = _taken(cast).calls.get().pk
    return Call(cast.alice, "POST", f"phones/calls/{number}/link/", {"ticket": cast.open_ticket().reference})


@call
def call_back(cast: Cast) -> Call:
    waited = [(1, "queued", {"queue": "complaints"}), (40, "ended", {"ended_by": "caller"})]
    source = _source(cast)[0]
    report(source, *call_story("c1", in_hours(-0.1), *waited, caller="+12125550199"))
    return Call(cast.alice, "POST", f"phones/calls/{source.calls.get().pk}/call-back/", {})


@call
def route_call(cast: Cast) -> Call:
    return Call(cast.adam, "GET", "phones/route/", token=_source(cast)[1])


CALLS["set_thresholds"] = lambda cast: Call(
    cast.maya, "PUT", "teams/billing/thresholds/", {"silent_amber_days": 2, "silent_red_days": 4}
)
CALLS["preview_thresholds"] = lambda cast: Call(
    cast.maya, "POST", "teams/billing/thresholds/preview/", {"silent_amber_days": 2, "silent_red_days": 4}
)


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
