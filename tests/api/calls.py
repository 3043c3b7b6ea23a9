"""One request for every operation of the API, complete and ready to succeed for the person named in it."""

from typing import Any

from django.utils import timezone

from notices import webhooks
from notices.models import Notice
from tests.api import calls_by_colleagues, calls_by_phone  # noqa: F401 - they register theirs
from tests.api.calls_by_colleagues import requested
from tests.api.registry import CALLS, Call, acknowledged, call, get, on_ticket, soon
from tests.cast import PACKET, READ_BACK, Cast, in_hours
from tickets import flags, holds, promises, resolution
from tickets.bounces import Finding
from tickets.kinds import FlagKind, HoldKind, Level

__all__ = ["CALLS", "Call", "acknowledged", "requested"]


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


CALLS["set_thresholds"] = lambda cast: Call(
    cast.maya, "PUT", "teams/billing/thresholds/", {"silent_amber_days": 2, "silent_red_days": 4}
)
CALLS["preview_thresholds"] = lambda cast: Call(
    cast.maya, "POST", "teams/billing/thresholds/preview/", {"silent_amber_days": 2, "silent_red_days": 4}
)
