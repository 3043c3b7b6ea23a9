"""What telephone systems send, and what people do with calls: see `tests.api.calls`."""

from typing import Any

from people import presence
from phones import sources
from phones.models import Source
from tests.api.registry import CALLS, Call, acknowledged, call, soon
from tests.cast import Cast, in_hours
from tests.phones.lines import call_story, event, report
from tests.phones.vendors.twilio_account import AUTH_TOKEN, in_room, signature
from tickets.models import Ticket


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
def wrap_up_call(cast: Cast) -> Call:
    said = {"outcome": "complaint", "text": "Where is my money?", "chase": True, "next_contact_at": soon()}
    return Call(cast.alice, "POST", f"phones/calls/{_taken(cast).calls.get().pk}/wrap-up/", said)


@call
def open_ticket_from_call(cast: Cast) -> Call:
    presence.take_extension(person=cast.alice, extension="101")
    source = _source(cast)[0]
    report(source, *call_story("c1", in_hours(-0.1), (5, "answered", {"agent": "101"}), caller="+12125550199"))
    said = {"subject": "Broken kettle", "description": "It came broken."}
    return Call(cast.alice, "POST", f"phones/calls/{source.calls.get().pk}/complaint/", said)


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
