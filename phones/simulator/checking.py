"""Whether the server has concluded what was played."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from phones.simulator.server import Server
from phones.simulator.tape import Tape

SPELL = ("number", "kind", "by", "started_at", "ended_at", "how")
TRANSFER = ("number", "kind", "by", "target", "at", "picked_up_by", "picked_up_at", "failed")
TIMES = ("started_at", "ended_at", "at", "picked_up_at", "began_at", "answered_at")
# What time shows, and no event: ten minutes after the agent has ended a call, if nobody has wrapped it up.
SHOWN_BY_TIME = "ended_unresolved"


@dataclass(frozen=True)
class Wrong:
    """Something that the server says of a call, and that was not played."""

    call_id: str
    story: str
    what: str
    played: Any
    said: Any


def check(server: Server, tapes: Iterable[Tape], numbers: Mapping[str, int], *, token: str) -> list[Wrong]:
    """Read every call that was played, and return what is wrong with any. Raises NoAnswerError.

    numbers: the number that the server has given to each call, by its id.
    """
    wanted = {tape.call_id: tape for tape in tapes}
    if not numbers:
        return [Wrong(tape.call_id, tape.story, "call", "there", "missing") for tape in wanted.values()]
    source = server.call(next(iter(numbers.values())), token=token)["source"]
    oldest = min(tape.outcome["began_at"] for tape in wanted.values())
    said: dict[str, dict[str, Any]] = {}
    for row in server.calls(source, token=token):
        if datetime.fromisoformat(row["began_at"]) < oldest:
            break
        said[row["call_id"]] = row
    wrong = []
    for call_id, tape in wanted.items():
        row = said.get(call_id, {})
        if row.get("id") != numbers.get(call_id):
            wrong.append(Wrong(call_id, tape.story, "number", numbers.get(call_id), row.get("id")))
        if row:
            wrong += compare(tape, row)
    return wrong


def compare(tape: Tape, row: Mapping[str, Any]) -> list[Wrong]:
    """Return where a call, as the API has it, is not what was played."""
    said = {name: _time(name, row[name]) for name in tape.outcome}
    said["spells"] = [_only(SPELL, spell) for spell in row["spells"]]
    said["transfers"] = [_only(TRANSFER, transfer) for transfer in row["transfers"]]
    concluded = [(each["cause"], each["number"]) for each in row["conclusions"] if each["withdrawn_at"] is None]
    if tape.outcome["ended_by"] == "agent":
        concluded = [each for each in concluded if each[0] != SHOWN_BY_TIME]
    said["conclusions"] = sorted(concluded)
    played = tape.outcome | {"conclusions": sorted(tape.outcome["conclusions"])}
    return [
        Wrong(tape.call_id, tape.story, name, played[name], said[name])
        for name in played
        if said[name] != played[name]
    ]


def _only(names: Iterable[str], row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _time(name, row[name]) for name in names}


def _time(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in TIMES and value else value
