"""Nine recordings of a real Asterisk give what is known to have happened.

They stand beside the repository, in ../shared/data, and are no part of it.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from people import presence
from phones import calls
from phones.models import Call, CallHold, PhoneEvent, Source
from tests.phones.asterisk.conftest import Line
from tests.phones.asterisk.exchange import Raw, causes, heard
from tests.phones.asterisk.listening import listening
from tickets import customers
from tickets.models import Flag

RECORDINGS = Path(__file__).resolve().parents[4] / "shared" / "data" / "phones"
CALLER = "+15551230001"
pytestmark = [
    pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings (../shared/data/phones) are not here"),
]


@dataclass
class Happened:
    """What a call was: who ended it, how its spells on hold ended, how it was passed on, what went wrong."""

    ended_by: str
    agents: list[str] = field(default_factory=lambda: ["101"])
    spells: list[str] = field(default_factory=list)
    transfers: list[tuple[str, str, str]] = field(default_factory=list)
    concluded: list[str] = field(default_factory=list)


COLD, WARM = ("blind", "101", "102"), ("attended", "101", "102")
HAPPENED = {
    "a_normal": Happened("caller"),
    "b_hold_unhold": Happened("agent", spells=["returned"]),
    "b2_double_hold": Happened("caller", spells=["returned"]),
    "c_held_caller_hangs_up": Happened("caller", spells=["caller_hung_up"], concluded=["held_caller_hung_up"]),
    "c3_queue_abandon": Happened("caller", agents=[], concluded=["queue_abandoned"]),
    "d_blind": Happened("caller", agents=["101", "102"], transfers=[COLD], concluded=["cold_transfer"]),
    "d3_blind_by_pbx_feature": Happened(
        "caller", agents=["101", "102"], transfers=[COLD], concluded=["cold_transfer"]
    ),
    "e_attended": Happened("agent", agents=["101", "102"], spells=["transferred"], transfers=[WARM]),
    "f_held_caller_gives_up_during_consult": Happened(
        "caller", spells=["caller_hung_up"], concluded=["held_caller_hung_up"]
    ),
}


def recording(name: str, *, ends: datetime | None = None) -> list[Raw]:
    """Return the events of a recording, as they came; moved in time so that the last one is at `ends`."""
    lines = (RECORDINGS / f"{name}.ami.jsonl").read_text().splitlines()
    events = [{key: str(value) for key, value in json.loads(line).items() if key != "_recv"} for line in lines]
    later = (ends.timestamp() - float(events[-1]["Timestamp"])) if ends else 0
    return [raw | {"Timestamp": f"{float(raw['Timestamp']) + later:.6f}"} for raw in events]


def happened(call: calls.Call) -> Happened:
    """Return what a folded call was."""
    return Happened(
        str(call.ended_by),
        list(call.agents),
        [str(spell.how) for spell in call.spells],
        [(str(each.kind), each.by, each.picked_up_by) for each in call.transfers],
        causes(call),
    )


def stored(call: Call) -> Happened:
    """Return what the database has of a call."""
    told: dict[str, Any] = call.told
    return Happened(
        call.ended_by,
        told["agents"],
        [spell["how"] for spell in told["spells"]],
        [(each["kind"], each["by"], each["picked_up_by"]) for each in told["transfers"]],
        sorted(call.conclusions.filter(withdrawn_at=None).values_list("cause", flat=True)),
    )


@pytest.mark.parametrize("doubled", [False, True])
@pytest.mark.parametrize("name", HAPPENED)
def test_a_recording(name: str, doubled: bool) -> None:
    events = heard(raw for raw in recording(name) for _ in range(1 + doubled))
    assert len({event.id for event in events}) == len(events)
    call = calls.fold(events, at=events[-1].occurred_at)
    assert happened(call) == HAPPENED[name]
    assert (call.caller, call.called, call.queue, call.provisional) == (CALLER, "18005550100", "complaints", False)


def test_all_of_them_through_the_listener_into_the_tracker(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person, extension in ((line.cast.alice, "101"), (line.cast.bob, "102")):
        presence.take_extension(person=person, extension=extension)
    ticket = line.cast.open_ticket(customer=customers.create(name="Caller", contact_points=[("phone", CALLER, "")]))
    replayed: dict[str, str] = {}
    with listening(line.manager, line.door.url, line.token, tmp_path, monkeypatch) as listener:
        line.manager.wait_for_listener()
        for place, name in enumerate(HAPPENED):
            events = recording(name, ends=timezone.now() - timedelta(seconds=20 * (len(HAPPENED) - place)))
            replayed[name] = events[0].get("Linkedid") or events[0]["LinkedID"]
            line.manager.say(events)
        listener.wait_for(lambda: Call.objects.exclude(ended_at=None).count() == len(HAPPENED))
    found = {name: Call.objects.get(call_id=id_) for name, id_ in replayed.items()}
    assert {name: stored(call) for name, call in found.items()} == HAPPENED
    assert {call.answered_by for call in found.values()} == {None, line.cast.alice, line.cast.bob}
    holds = CallHold.objects.order_by("call__began_at").values_list("call__call_id", "hold__how")
    assert list(holds) == [(replayed[name], how) for name, happened in HAPPENED.items() for how in happened.spells]
    assert Flag.objects.filter(ticket=ticket, kind="abandoned_on_hold", level="red").exists()
    assert Source.objects.get().refused == 0
    assert not PhoneEvent.objects.filter(suspect=True).exists()
