"""A telephone system for tests, and what it reports."""

from datetime import datetime, timedelta
from typing import Any

from phones import inbox, sources
from phones.inbox import Result
from phones.models import Call, Source
from tests.cast import Cast, in_hours

CALLER = "+12125550100"  # Customer One's


def source_of(cast: Cast, slug: str = "pbx") -> Source:
    """Return a telephone system of Billing's."""
    return sources.create(by=cast.adam, slug=slug, name="The PBX", team=cast.billing, region="US")[0]


def event(call_id: str, type_: str, at: datetime, *, id: str = "", **data: Any) -> dict[str, Any]:
    """Return a neutral event, as it is posted."""
    named = id or f"{call_id}-{type_}-{at.timestamp()}"
    return {"id": named, "type": f"call.{type_}", "call_id": call_id, "occurred_at": at.isoformat(), "data": data}


def call_story(
    call_id: str, began: datetime, *story: tuple[int, str, dict[str, Any]], caller: str = CALLER
) -> list[Any]:
    """Return the events of an inbound call: it rings, and then what is told as (seconds, type, data)."""
    rings = event(call_id, "ringing", began, **{"from": caller, "to": "500", "direction": "inbound"})
    told = [event(call_id, kind, began + timedelta(seconds=seconds), **data) for seconds, kind, data in story]
    return [rings, *told]


def report(source: Source, *events: dict[str, Any]) -> list[Result]:
    """Let the telephone system report, one event after the other."""
    return [result for each in events for result in inbox.take_in(source, [each])]


def the_call() -> Call:
    """Return the only call."""
    return Call.objects.get()


def lost_call(cast: Cast) -> Call:
    """Return a call of a stranger who was put on hold, and hung up."""
    lost = [(5, "answered", {"agent": "200"}), (20, "held", {"by": "200"}), (80, "ended", {"ended_by": "caller"})]
    report(source_of(cast), *call_story("lost", in_hours(-0.1), *lost, caller="+12125550166"))
    return the_call()
