"""A short imported history, for measures that must know what it does not know."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

MAPPING = """
format = "csv"
source = "desk"
case = "case"
time = "time"
person = "person"
team = "team"
state = "state"
[states]
hold = ["Awaiting *"]
resolved = ["Resolved"]
closed = ["Closed"]
"""
# A: Ana, Ben, Ana, four days on hold, resolved by Ana. B: Ben alone, resolved. C: Cem, then Ana, open.
FILE = """case,time,person,team,state
A,2027-02-01T10:00Z,Ana,First line,New
A,2027-02-02T10:00Z,Ben,First line,Open
A,2027-02-03T10:00Z,Ana,First line,Awaiting vendor
A,2027-02-07T10:00Z,Ana,First line,Resolved
B,2027-02-02T09:00Z,Ben,First line,New
B,2027-02-02T12:00Z,Ben,First line,Resolved
C,2027-02-09T09:00Z,Cem,Second line,New
C,2027-02-10T09:00Z,Ana,Second line,Open
"""


def import_it(folder: Path, *, manager: str) -> None:
    """Import it; `manager` leads its teams."""
    file, mapping = folder / "past.csv", folder / "mapping.toml"
    file.write_text(FILE, "utf-8")
    mapping.write_text(MAPPING, "utf-8")
    call_command(
        "import_history",
        str(file),
        "--mapping",
        str(mapping),
        "--fallback-owner",
        manager,
        "--strict",
        stdout=StringIO(),
    )
