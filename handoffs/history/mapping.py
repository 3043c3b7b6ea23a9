"""Which column of a history means what: a TOML file, read into a `Mapping`. No ORM."""

import difflib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from handoffs.history.errors import WrongMapping
from tickets.states import Status

FORMATS = ("csv", "xes")
SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
REQUIRED = ("format", "source", "case", "time", "person", "state")
TEXTS = (*REQUIRED[:-1], "time_format", "time_zone", "order", "team", "subject", "encoding", "delimiter")
LISTS = ("nobody", "not_people")
STATES = ("hold", "resolved", "closed")


@dataclass(frozen=True)
class Mapping:
    """Where a history says what. The names are those of the file; docs/import.md explains each."""

    format: str
    source: str
    case: str
    time: str
    person: str
    state: tuple[str, ...]
    time_format: str = ""
    time_zone: str = "UTC"
    order: str = ""
    team: str = ""
    subject: str = ""
    nobody: tuple[str, ...] = ()
    not_people: tuple[str, ...] = ()
    hold: tuple[str, ...] = ()
    resolved: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    encoding: str = "utf-8-sig"
    delimiter: str = ","

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a reader delivers, in this order, "" for one that the history does not have."""
        return self.case, self.time, self.person, self.order, self.team, self.subject, *self.state

    def meaning(self, state: str) -> Status:
        """Return what a state of the history means here: the first pattern that fits, closed before hold."""
        for patterns, status in (
            (self.closed, Status.CLOSED),
            (self.resolved, Status.RESOLVED),
            (self.hold, Status.ON_HOLD),
        ):
            if any(fnmatchcase(state, pattern) for pattern in patterns):
                return status
        return Status.OPEN


def read_mapping(path: Path) -> Mapping:
    """Read a mapping. Raises WrongMapping, whose message names every wrong key with its remedy."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise WrongMapping(f"The mapping {path} cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise WrongMapping(f"The mapping {path} is not UTF-8: save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise WrongMapping(f"The mapping {path} is not TOML: {error}.") from error
    problems = _problems(table)
    if problems:
        raise WrongMapping(f"The mapping {path} is not right:\n" + "\n".join(f"- {each}" for each in problems))
    state = table["state"]
    values: dict[str, Any] = {name: table[name] for name in TEXTS if name in table}
    values |= {name: tuple(table[name]) for name in LISTS if name in table}
    values |= {name: tuple(patterns) for name, patterns in table.get("states", {}).items()}
    return Mapping(**values, state=(state,) if isinstance(state, str) else tuple(state))


def _problems(table: dict[str, Any]) -> list[str]:
    found = _unknown(table, (*TEXTS, "state", *LISTS, "states"), "")
    found += [f"`{name}` is missing: {_REMEDIES[name]}." for name in REQUIRED if name not in table]
    found += [
        f'`{name}` must be a text that is not empty: {name} = "…".'
        for name in TEXTS
        if name in table and not (isinstance(table[name], str) and table[name])
    ]
    found += [
        f'`{name}` must be a list of texts: {name} = ["…"].'
        for name in LISTS
        if name in table and not _is_texts(table[name])
    ]
    found += _problems_of_states(table)
    # What a text says is looked at only where it is one.
    return found or _problems_of_content(table)


def _problems_of_states(table: dict[str, Any]) -> list[str]:
    found = []
    state = table.get("state", "…")
    if not (state and (isinstance(state, str) or _is_texts(state))):
        found.append("`state` must name a column, or a list of columns that are joined by “/”.")
    states = table.get("states", {})
    if not isinstance(states, dict):
        return [*found, "`states` must be a table: write [states], and hold, resolved, closed below it."]
    found += _unknown(states, STATES, "states.")
    found += [
        f'`states.{name}` must be a list of shell patterns: {name} = ["Awaiting *"].'
        for name, value in states.items()
        if name in STATES and not _is_texts(value)
    ]
    return found


def _problems_of_content(table: dict[str, Any]) -> list[str]:
    found = []
    if table["format"] not in FORMATS:
        found.append('`format` must be "csv" or "xes".')
    if not SOURCE.fullmatch(table["source"]):
        found.append(
            "`source` must be a short name of the system that the history comes from: "
            "at most 40 letters, digits, dots, hyphens and underscores, such as “servicenow”."
        )
    try:
        ZoneInfo(table.get("time_zone", "UTC"))
    except (KeyError, ValueError, OSError):
        # An unknown name is a KeyError; a path, or a folder of the database, one of the others.
        found.append("`time_zone` must be a zone of the tz database, such as “Europe/Rome” or “UTC”.")
    try:
        sample = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC).strftime(table.get("time_format", "%Y"))
        datetime.strptime(sample, table.get("time_format", "%Y")).replace(tzinfo=UTC)
    except ValueError:
        found.append(
            "`time_format` must be in Python's notation, such as “%d/%m/%Y %H:%M”; leave it out for ISO 8601."
        )
    try:
        "".encode(table.get("encoding", "utf-8"))
    except LookupError:
        found.append("`encoding` must be one that Python knows, such as “utf-8” or “cp1252”.")
    if len(table.get("delimiter", ",")) != 1:
        found.append("`delimiter` must be one character, such as “,” or “;”.")
    return found


_REMEDIES = {
    "format": 'say "csv" or "xes"',
    "source": "name the system that the history comes from, such as “servicenow”",
    "case": "name the column that tells one case from another",
    "time": "name the column that says when (in XES “time:timestamp”)",
    "person": "name the column that says who answers for the case (in XES “org:resource”)",
    "state": "name the column, or the list of columns, that says what state the case is in",
}


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _unknown(table: dict[str, Any], known: Sequence[str], prefix: str) -> list[str]:
    found = []
    for name in table:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            remedy = f"did you mean `{prefix}{close[0]}`?" if close else f"known are {', '.join(known)}."
            found.append(f"`{prefix}{name}` is unknown: {remedy}")
    return found
