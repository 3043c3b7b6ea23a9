"""Forgetting a customer: no number is left anywhere, and what happened still is."""

import json
from typing import Any

from django.apps import apps
from django.core import serializers

from phones import bodies, forgetting
from phones.models import Source
from tests.cast import Cast, in_hours
from tests.invariants import broken_invariants
from tests.phones.lines import CALLER, call_story, event, report, source_of, the_call
from tickets.models import Flag, Hold, Ticket

LOST = [(5, "answered", {"agent": "101"}), (20, "held", {"by": "101"}), (80, "ended", {"ended_by": "caller"})]


def everything(app: str) -> str:
    """Return all that an app has stored, as text."""
    rows = [row for model in apps.get_app_config(app).get_models() for row in model._default_manager.all()]
    return serializers.serialize("json", rows)


def heard(cast: Cast, ticket: Ticket) -> Source:
    """Let a telephone system tell of a call of Customer One's, with what was really sent kept."""
    source = source_of(cast)
    story: list[dict[str, Any]] = call_story("c1", in_hours(-0.05), *LOST, caller="(212) 555-0100")
    story.append(event("c1", "summary", in_hours(0), text="Customer One is angry."))
    report(source, *story)
    bodies.keep(source, json.dumps(story).encode())
    return source


def test_no_number_is_left_and_what_happened_still_is(cast: Cast, ticket: Ticket) -> None:
    heard(cast, ticket)
    assert "555-0100" in everything("phones")

    forgetting.forget(customer=cast.customer.pk, by=cast.adam)

    left = everything("phones") + everything("tickets")
    assert not [trace for trace in (CALLER, "555-0100", "5550100", "Customer One", "angry") if trace in left]
    assert (Hold.objects.get().how, Flag.objects.get().kind) == ("caller_hung_up", "abandoned_on_hold")
    assert the_call().told["spells"][0]["how"] == "caller_hung_up"
    assert broken_invariants() == []


def test_late_news_of_the_call_find_nobody(cast: Cast, ticket: Ticket) -> None:
    source = heard(cast, ticket)
    forgetting.forget(customer=cast.customer.pk, by=cast.adam)
    report(source, event("c1", "unheld", in_hours(-0.04)))
    assert (the_call().number, the_call().ticket) == ("", ticket)
