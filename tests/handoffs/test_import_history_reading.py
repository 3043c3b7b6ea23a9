"""Reading a history: the mapping, the file, and the rows of it that cannot be read."""

import gzip
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handoffs.history.errors import Unreadable, WrongMapping
from handoffs.history.events import History, gather
from handoffs.history.files import opened
from handoffs.history.mapping import Mapping, read_mapping
from handoffs.history.readers import Refused, rows
from tickets.states import Status

NOW = datetime(2025, 1, 1, tzinfo=UTC)
MAPPING = Mapping(
    format="csv",
    source="desk",
    case="case",
    time="time",
    person="person",
    state=("state",),
    nobody=("?",),
    hold=("Awaiting *",),
    closed=("Closed",),
)
RIGHT = """
format = "csv"
source = "servicenow"
case = "number"
time = "sys_updated_at"
time_format = "%d/%m/%Y %H:%M"
time_zone = "Europe/Rome"
person = "assigned_to"
state = ["phase", "step"]
nobody = ["?"]
[states]
hold = ["Awaiting *"]
"""


def history(text: str, mapping: Mapping = MAPPING) -> History:
    stream = io.BytesIO(text.encode(mapping.encoding))
    return gather(rows(stream, mapping), mapping, now=NOW, each=lambda: None)


def changed(**values: object) -> Mapping:
    return Mapping(**{**MAPPING.__dict__, **values})  # type: ignore[arg-type]


def wrong(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mapping.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(WrongMapping) as caught:
        read_mapping(path)
    return caught.value.detail


def test_a_mapping_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(RIGHT, "utf-8")
    mapping = read_mapping(path)
    assert mapping.columns == ("number", "sys_updated_at", "assigned_to", "", "", "", "phase", "step")
    assert mapping.meaning("Awaiting Vendor") == Status.ON_HOLD
    assert mapping.meaning("Resolved") == Status.OPEN


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('person = "assigned_to"', 'persn = "assigned_to"', "`persn` is unknown: did you mean `person`?"),
        ('person = "assigned_to"', "", "`person` is missing"),
        ('format = "csv"', 'format = "xlsx"', '`format` must be "csv" or "xes"'),
        ('source = "servicenow"', 'source = "Service Now"', "`source` must be a short name"),
        ('case = "number"', "case = 5", "`case` must be a text"),
        ("Europe/Rome", "Rome", "`time_zone` must be a zone"),
        ("Europe/Rome", "../Rome", "`time_zone` must be a zone"),
        ("%d/%m/%Y %H:%M", "%d/%q", "`time_format` must be in Python's notation"),
        ('nobody = ["?"]', 'nobody = "?"', "`nobody` must be a list"),
        ('["phase", "step"]', "[]", "`state` must name a column"),
        ('hold = ["Awaiting *"]', 'holds = ["Awaiting *"]', "did you mean `states.hold`?"),
        ('hold = ["Awaiting *"]', 'hold = "Awaiting *"', "`states.hold` must be a list"),
        ("[states]", "states = 5\n[other]", "`states` must be a table"),
        ('format = "csv"', 'format = "csv"\nencoding = "latin-77"', "`encoding` must be one that Python knows"),
        ('format = "csv"', 'format = "csv"\ndelimiter = ", "', "`delimiter` must be one character"),
        ('format = "csv"', "format = ", "is not TOML"),
    ],
)
def test_every_wrong_key_is_named_with_its_remedy(tmp_path: Path, was: str, now: str, says: str) -> None:
    assert says in wrong(tmp_path, RIGHT.replace(was, now))


def test_all_wrong_keys_are_named_at_once(tmp_path: Path) -> None:
    detail = wrong(tmp_path, 'format = "csv"\nsuorce = "x"\nnobody = 1')
    assert all(f"`{name}`" in detail for name in ("suorce", "source", "case", "time", "person", "state", "nobody"))


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WrongMapping, match="cannot be opened"):
        read_mapping(tmp_path / "none.toml")


def test_cases_are_gathered_however_they_are_interleaved() -> None:
    found = history(
        "case,time,person,state\n"
        "A,2024-01-01T10:00,ana,Open\n"
        "B,2024-01-01T10:30,ben,Awaiting User\n"
        "A,2024-01-01T11:00+02:00,?,Closed\n"
    )
    assert {case: [(event.person, event.state) for event in events] for case, events in found.cases.items()} == {
        "A": [("ana", Status.OPEN), ("", Status.CLOSED)],
        "B": [("ben", Status.ON_HOLD)],
    }
    assert found.cases["A"][1].at == datetime(2024, 1, 1, 9, tzinfo=UTC)
    assert found.refused == []


def test_the_order_column_orders_and_the_file_decides_between_equals() -> None:
    found = history(
        "case,time,person,state,mods\n"
        "A,2024-01-01,third,Open,10\n"
        "A,2024-01-01,first,Open,9\n"
        "A,2024-01-01,fourth,Open,10\n"
        "A,2024-01-01,second,Open,9.5\n",
        changed(order="mods"),
    )
    assert [event.person for event in found.cases["A"]] == ["first", "second", "third", "fourth"]


def test_state_columns_are_joined_and_system_accounts_name_no_owner() -> None:
    found = history(
        "case,time,person,phase,step\nA,2024-01-01,robot,Work,Wait\nA,2024-01-02,ana,Work,Do\n",
        changed(state=("phase", "step"), not_people=("robot",), hold=("*/Wait",)),
    )
    assert [(event.person, event.state) for event in found.cases["A"]] == [
        (None, Status.ON_HOLD),
        ("ana", Status.OPEN),
    ]


def test_local_times_are_placed_in_their_zone_and_never_run_backward_over_the_change_of_clocks() -> None:
    found = history(
        "case,time,person,state\nA,31/03/2024 02:30,ana,Open\nA,31/03/2024 03:00,ben,Open\n",
        changed(time_format="%d/%m/%Y %H:%M", time_zone="Europe/Rome"),
    )
    # 02:30 did not exist that night; read as 01:30 UTC it lies after 03:00, and replay clamps it.
    assert [event.at.hour for event in found.cases["A"]] == [1, 1]
    assert found.cases["A"][0].at > found.cases["A"][1].at


def test_bad_rows_are_refused_one_by_one_with_their_line_and_reason() -> None:
    found = history(
        "case,time,person,state\n"
        "A,2024-01-01,ana,Open\n"
        ",2024-01-01,ana,Open\n"
        'B,"2024-01-01",ana,"two\nlines"\n'
        "C,yesterday,ana,Open\n"
        "C,2024-01-01,ana\n"
        "\n"
        "C,,ana,Open\n"
        "C,2999-01-01,ana,Open\n"
        f"C,2024-01-01,{'x' * 201},Open\n"
        "C,2024-01-01,a\0b,Open\n"
        f"C,2024-01-01,{'x' * 140_000},Open\n"
        "A,2024-01-02,ben,Closed\n"
    )
    assert found.refused == [
        Refused(3, "the case is missing"),
        Refused(6, "the time “yesterday” is not ISO 8601"),
        Refused(7, "3 columns where the header has 4"),
        Refused(9, "the time is missing"),
        Refused(10, "the time “2999-01-01” lies in the future"),
        Refused(11, "the person is longer than 200 characters"),
        Refused(12, "the person holds a NUL character, which no database keeps"),
        Refused(13, "not CSV: field larger than field limit (131072)"),
    ]
    assert {case: len(events) for case, events in found.cases.items()} == {"A": 2, "B": 1}


def test_an_order_that_is_no_number_is_refused() -> None:
    found = history(
        "case,time,person,state,n\nA,2024-01-01,ana,Open,nan\nA,2024-01-01,ana,Open,x\n", changed(order="n")
    )
    assert [why for _, why in found.refused] == ["the order “nan” is not a number", "the order “x” is not a number"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The file is empty"),
        ("case;time;person;state\n", "The column “case” of the mapping is not in the file, which has: case;time"),
        ("case,time,person,state,case\n", "The column “case” of the mapping is twice in the file"),
    ],
)
def test_a_file_without_the_columns_is_refused_whole(text: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        history(text)


def test_another_encoding_is_refused_naming_the_remedy_and_read_when_named() -> None:
    text = "case;time;person;state\nA;2024-01-01;Jürgen;Open\n".encode("cp1252")
    with pytest.raises(Unreadable, match="encoding = "):
        list(rows(io.BytesIO(text), changed(delimiter=";")))
    assert list(rows(io.BytesIO(text), changed(delimiter=";", encoding="cp1252"))) == [
        (2, ("A", "2024-01-01", "Jürgen", "", "", "", "Open"))
    ]


XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="name"/></global>
  <trace>
    <string key="concept:name" value="Case 1"/>
    <event>
      <string key="concept:name" value="Wait"><string key="org:resource" value="nested"/></string>
      <date key="time:timestamp" value="2024-01-01T10:00:00.000+02:00"/>
    </event>
    <event>
      <string key="org:resource" value="ana"/>
      <string key="concept:name" value="Closed"/>
      <date key="time:timestamp" value="2024-01-02T10:00:00.000+02:00"/>
    </event>
  </trace>
</log>
"""
IN_XES = {
    "format": "xes",
    "case": "concept:name",
    "time": "time:timestamp",
    "person": "org:resource",
    "state": ("concept:name",),
    "hold": ("Wait",),
}


@pytest.mark.parametrize("case", ["concept:name", "case:concept:name"])
def test_xes_is_read_trace_by_trace(case: str) -> None:
    found = history(XES, changed(**{**IN_XES, "case": case}))
    assert list(found.cases) == ["Case 1"]
    assert [(event.person, event.state, event.at.hour) for event in found.cases["Case 1"]] == [
        ("", Status.ON_HOLD, 8),
        ("ana", Status.CLOSED, 8),
    ]


def test_a_bad_event_of_a_log_is_refused_with_its_line() -> None:
    found = history(XES.replace("2024-01-01T10", "2024-01-41T10"), changed(**IN_XES))
    assert found.refused == [Refused(6, "the time “2024-01-41T10:00:00.000+02:00” is not ISO 8601")]


def test_a_log_that_is_cut_short_names_other_attributes_or_bombs_is_refused() -> None:
    with pytest.raises(Unreadable, match="not XML at line"):
        history(XES[:-20], changed(**IN_XES))
    with pytest.raises(Unreadable, match=r"No event of the file has “org:group”.*org:resource"):
        history(XES, changed(**IN_XES, team="org:group"))
    bomb = XES.replace("<log ", '<!DOCTYPE log [<!ENTITY a "aaaa">]><log ')
    with pytest.raises(Unreadable, match="XML entities"):
        history(bomb, changed(**IN_XES))


def test_files_are_told_by_what_they_hold(tmp_path: Path) -> None:
    plain, packed, zipped = tmp_path / "a.csv", tmp_path / "a.csv.gz", tmp_path / "a.zip"
    plain.write_bytes(b"text")
    packed.write_bytes(gzip.compress(b"text"))
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("folder/", "")
        archive.writestr("folder/a.csv", "text")
    for path in (plain, packed, zipped):
        with opened(path) as source:
            assert source.stream.read() == b"text"
            assert source.position() == source.size > 0


def test_damaged_missing_and_ambiguous_files_are_refused(tmp_path: Path) -> None:
    def read(path: Path) -> None:
        with opened(path) as source:
            source.stream.read()

    with pytest.raises(Unreadable, match="cannot be opened: No such file"):
        read(tmp_path / "none.csv")
    with pytest.raises(Unreadable, match="cannot be opened: Is a directory"):
        read(tmp_path)
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(b"text" * 100)[:-10])
    with pytest.raises(Unreadable, match="damaged or cut short"):
        read(cut)
    two = tmp_path / "two.zip"
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("a.csv", "text")
        archive.writestr("b.csv", "text")
    with pytest.raises(Unreadable, match="holds 2 files"):
        read(two)
    two.write_bytes(two.read_bytes()[:-30])
    with pytest.raises(Unreadable, match="damaged or cut short"):
        read(two)
