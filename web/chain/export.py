"""A chain as a table for spreadsheets: one row a tenure, with what was handed on."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handoffs.protocol import PACKET

# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001

COLUMNS = (
    "reference",
    "as_of",
    "verified",
    "move",
    "owner",
    "owner_username",
    "given_by",
    "began_by",
    "reason",
    "counted",
    "offered_at",
    "began_at",
    "ended_at",
    "seconds_owned",
    "seconds_to_yes",
    "introduced_at",
    "on_call",
    *PACKET,
    "read_back",
    "correction",
    "take_over_reason",
    "covered_by",
    "holds",
    "holds_past_return",
    "promises",
    "promises_kept_in_time",
)


def table(chain: Mapping[str, Any]) -> str:
    """Return the chain as CSV; the mark at its beginning tells spreadsheets that it is Unicode."""
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS, restval="")
    writer.writeheader()
    for tenure in chain["tenures"]:
        writer.writerow({name: cell(value) for name, value in _row(chain, tenure).items()})
    return "\ufeff" + written.getvalue()


def cell(value: Any) -> str:
    """Return a value as a cell; text never becomes a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def _row(chain: Mapping[str, Any], tenure: Mapping[str, Any]) -> dict[str, Any]:
    handoff = tenure["handoff"] or {}
    packet = handoff.get("packet", {})
    holds, promises = tenure["holds"], tenure["promises"]
    late = [hold for hold in holds if hold["ended_at"] and hold["ended_at"] > hold["return_by"]]
    kept = [each for each in promises if each["state"] == "kept" and each["ended_at"] <= each["due_at"]]
    return {
        "reference": chain["reference"],
        "as_of": chain["as_of"],
        "verified": chain["verified"],
        "move": tenure["seq"],
        "owner": tenure["owner"]["name"],
        "owner_username": tenure["owner"]["username"],
        "given_by": handoff["giver"]["name"] if handoff else None,
        "began_by": tenure["began_by"],
        "reason": tenure["reason"],
        "counted": tenure["counted"],
        "offered_at": handoff.get("made_at"),
        "began_at": tenure["started_at"],
        "ended_at": tenure["ended_at"],
        "seconds_owned": tenure["seconds"],
        "seconds_to_yes": handoff.get("seconds_to_yes"),
        "introduced_at": tenure["introduced_at"],
        "on_call": handoff.get("on_call"),
        **{name: packet.get(name) for name in PACKET},
        "read_back": handoff.get("read_back"),
        "correction": handoff.get("correction"),
        "take_over_reason": tenure["said"],
        "covered_by": "; ".join(cover["covering"]["name"] for cover in tenure["covers"]),
        "holds": len(holds),
        "holds_past_return": len(late),
        "promises": len(promises),
        "promises_kept_in_time": len(kept),
    }
