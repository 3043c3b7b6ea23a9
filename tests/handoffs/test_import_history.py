"""`manage.py import_history`: what it writes, what it refuses, and that it does so whole or not at all."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from handoffs.history import loading
from handoffs.history.replay import Replayed
from people.models import Person, Team
from tickets import ownership
from tickets.models import Customer, Entry, Flag, Hold, Tenure, Ticket
from tickets.ownership import ImportedTenure

pytestmark = pytest.mark.django_db

MAPPING = """
format = "csv"
source = "desk"
case = "case"
time = "time"
person = "person"
team = "team"
subject = "what"
state = "state"
nobody = ["?"]
not_people = ["robot"]
[states]
hold = ["Awaiting *"]
resolved = ["Resolved"]
closed = ["Closed"]
"""
HEADER = "case,time,person,team,what,state\n"
# Interleaved on purpose. A: passed to and fro, and closed; B: left on hold; C: never names anybody.
FILE = (
    HEADER
    + """A,2024-01-01T10:00Z,Ana Li,First line,Late parcel,New
B,2024-01-01T09:00Z,?,?,?,New
A,2024-01-01T11:00Z,ben,Second line,Late parcel,Open
B,2024-01-01T12:00Z,ben,Second line,Lost parcel,Awaiting customer
A,2024-01-01T12:00Z,robot,Second line,Late parcel,Open
A,2024-01-01T13:00Z,Ana Li,First line,Late parcel,Awaiting vendor
C,2024-01-02T10:00Z,?,?,?,New
A,2024-01-03T13:00Z,?,First line,Late parcel,Resolved
A,2024-01-04T13:00Z,Cem,?,Late parcel,Closed
C,2024-01-03T10:00Z,,,,Resolved
B,2024-01-02T12:00Z,ben,Second line,Lost parcel,Awaiting vendor
"""
)
TABLES = (Person, Team, Customer, Ticket, Tenure, Hold, Entry, Flag)


@pytest.fixture
def maria() -> Person:
    return Person.objects.create_user("maria", name="Maria", role="manager")


Import = Callable[..., dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path, maria: Person) -> Import:
    """Import a text and return the JSON report; what was printed is in its "printed"."""

    def run(text: str = FILE, *options: str, mapping: str = MAPPING, owner: str = "maria") -> dict[str, Any]:
        file, toml, report = tmp_path / "history.csv", tmp_path / "mapping.toml", tmp_path / "report.json"
        file.write_text(text, "utf-8")
        toml.write_text(mapping, "utf-8")
        out = StringIO()
        words = [str(file), "--mapping", str(toml), "--fallback-owner", owner, "--json", str(report), *options]
        call_command("import_history", *words, stdout=out)
        return {**json.loads(report.read_text("utf-8")), "printed": out.getvalue()}

    return run


def rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in TABLES}


def chain(key: str) -> list[tuple[str, str, str]]:
    return [
        (tenure.owner.name, f"{tenure.started_at:%d %H:%M}", f"{tenure.ended_at:%d %H:%M}" if tenure.ended_at else "")
        for tenure in Tenure.objects.filter(ticket__source_key=key).select_related("owner")
    ]


def test_cases_become_historical_tickets_with_their_chains(run: Import, maria: Person) -> None:
    run()
    assert chain("A") == [
        ("Ana Li", "01 10:00", "01 11:00"),
        ("ben", "01 11:00", "01 13:00"),
        ("Ana Li", "01 13:00", "04 13:00"),
        ("Cem", "04 13:00", ""),
    ]
    assert chain("B") == [("ben", "01 09:00", "")]
    assert chain("C") == [("Maria", "02 10:00", "")]
    assert set(Tenure.objects.values_list("began_by", flat=True)) == {"imported"}
    ticket = Ticket.objects.get(source="desk", source_key="A")
    assert (ticket.historical, ticket.live, ticket.status, ticket.outcome) == (True, None, "closed", "")
    assert (ticket.owner.name, ticket.team.name, ticket.subject) == ("Cem", "First line", "Late parcel")
    assert (ticket.owner_count, ticket.change_count, ticket.tenure_seq) == (3, 3, 4)
    assert f"{ticket.resolved_at:%d} {ticket.closed_at:%d} {ticket.acknowledged_at:%d %H}" == "03 04 01 10"


def test_tickets_are_numbered_in_the_order_in_which_they_were_opened(run: Import) -> None:
    run()
    assert list(Ticket.objects.order_by("id").values_list("source_key", flat=True)) == ["B", "A", "C"]
    assert Ticket.objects.order_by("id")[0].pk >= 100_001


def test_runs_of_hold_states_become_holds(run: Import) -> None:
    run()
    ended, still = Hold.objects.order_by("ticket__source_key")
    assert (ended.kind, ended.by.name, ended.how, f"{ended.ended_at:%d %H}") == (
        "ticket",
        "Ana Li",
        "returned",
        "03 13",
    )
    assert (still.ticket.status, still.by.name, still.how, still.ended_at) == ("on_hold", "ben", "", None)
    assert still.return_by > still.started_at


def test_the_flags_of_the_rules_are_raised_marked_historical(run: Import) -> None:
    run()
    raised = {flag.kind: flag for flag in Flag.objects.filter(ticket__source_key="A")}
    assert {kind: flag.level for kind, flag in raised.items()} == {"bounced": "amber", "ping_pong": "amber"}
    assert all(flag.historical for flag in raised.values())
    assert raised["bounced"].evidence == {"owners": 3, "chased": False}
    assert f"{raised['ping_pong'].raised_at:%d %H:%M}" == "01 13:00"


def test_every_tenure_has_its_entry_and_the_first_says_where_the_case_comes_from(run: Import) -> None:
    run()
    entries = list(Entry.objects.filter(ticket__source_key="A").order_by("at"))
    assert [(entry.kind, entry.data["seq"], entry.at) for entry in entries] == [
        ("imported", tenure.seq, tenure.started_at) for tenure in Tenure.objects.filter(ticket__source_key="A")
    ]
    assert entries[0].data == {
        "seq": 1,
        "owner": entries[2].data["owner"],
        "source": "desk",
        "case": "A",
        "events": 6,
        "ownerless": [{"since": "2024-01-03T13:00:00Z", "until": "2024-01-04T13:00:00Z"}],
    }
    never = Entry.objects.get(ticket__source_key="C").data
    assert never["ownerless"] == [{"since": "2024-01-02T10:00:00Z", "until": None}]


def test_imported_people_cannot_sign_in(run: Import, maria: Person) -> None:
    run()
    people = Person.objects.exclude(pk=maria.pk)
    assert sorted(people.values_list("name", flat=True)) == ["Ana Li", "Cem", "ben"]
    assert not any(person.is_active or person.has_usable_password() for person in people)
    assert all(person.username.startswith("desk:") for person in people)
    for person in people:
        person.clean_fields()


def test_names_that_look_alike_stay_different_people_and_teams(run: Import) -> None:
    names = [
        "ana.li",
        "Ana Li",
        "Ana-Li",
        "ana li",
        "ana_li",
        "ANA LI",
        "李 安娜",
        "李安娜",
        "!!",
        "??",
        "x" * 150,
        "x" * 151,
    ]
    run(HEADER + "".join(f"A,2024-01-01,{name},{name},,Open\n" for name in names))
    assert set(Person.objects.exclude(username="maria").values_list("name", flat=True)) == set(names)
    assert set(Team.objects.values_list("name", flat=True)) == {names[-1]}
    run(HEADER + "".join(f"{place},2024-01-01,{name},{name},,Open\n" for place, name in enumerate(names)))
    assert Person.objects.count() == len(names) + 1
    assert set(Team.objects.values_list("name", flat=True)) == set(names)
    for row in (*Person.objects.all(), *Team.objects.all()):
        row.clean_fields(exclude=["password", "email"])


def test_the_fallback_owner_manages_the_imported_teams_or_their_manager_does(run: Import, maria: Person) -> None:
    run()
    assert {(team.name, team.manager.username) for team in Team.objects.all()} == {
        ("First line", "maria"),
        ("Second line", "maria"),
        ("Imported from desk", "maria"),
    }
    rep = Person.objects.create_user("rita", name="Rita", role="rep")
    with pytest.raises(CommandError, match="in no team"):
        run(owner="rita", mapping=MAPPING.replace('"desk"', '"other"'))
    rep.teams.add(Team.objects.create(slug="complaints", name="Complaints", manager=maria))
    run(owner="rita", mapping=MAPPING.replace('"desk"', '"other"'))
    ticket = Ticket.objects.get(source="other", source_key="C")
    assert (ticket.owner, ticket.team.manager) == (rep, maria)


def test_a_source_has_one_anonymous_customer(run: Import) -> None:
    run()
    customer = Customer.objects.get()
    assert (customer.name, customer.anonymous, customer.tickets.count()) == ("Imported from desk", True, 3)


def test_the_report(run: Import) -> None:
    report = run()
    seconds, printed = report.pop("seconds"), report.pop("printed")
    assert seconds > 0
    assert report == {
        "source": "desk",
        "dry_run": False,
        "imported": 3,
        "already_there": 0,
        "cases": 3,
        "events": 11,
        "times_clamped": 0,
        "people": 3,
        "moves": 3,
        "cases_with_moves": 1,
        "owners_per_case": {"0": 1, "1": 1, "3": 1},
        "cases_with_direct_return": 1,
        "cases_with_any_return": 1,
        "longest_chain": 4,
        "holds": {
            "count": 2,
            "cases": 2,
            "median_seconds": 36 * 3600,
            "mean_seconds": 36 * 3600,
            "longest_seconds": 48 * 3600,
            "over_1_day": 1,
            "over_7_days": 0,
            "over_30_days": 0,
        },
        "ownerless": {
            "count": 3,
            "cases": 3,
            "median_seconds": 24 * 3600,
            "mean_seconds": 17 * 3600,
            "longest_seconds": 24 * 3600,
            "over_1_day": 0,
            "over_7_days": 0,
            "over_30_days": 0,
        },
        "still_open": 1,
        "still_on_hold": 1,
        "flags": {"bounced": {"amber": 1, "red": 0}, "ping_pong": {"amber": 1, "red": 0}},
        "rows_refused": 0,
        "refused": [],
    }
    for words in ("3 in 1 cases", "0: 1, 1: 1, 3: 1", "ping_pong amber"):
        assert words in printed


def test_a_second_import_of_the_same_file_changes_nothing(run: Import) -> None:
    first = run()
    before = rows()
    second = run()
    assert rows() == before
    assert (second["imported"], second["already_there"]) == (0, 3)
    same = {"imported", "already_there", "seconds", "printed"}
    assert {key: value for key, value in second.items() if key not in same} == {
        key: value for key, value in first.items() if key not in same
    }


def test_a_later_file_brings_only_what_is_new(run: Import) -> None:
    run()
    report = run(FILE + "D,2024-02-01T10:00Z,ben,Second line,,Open\n")
    assert (report["imported"], report["already_there"]) == (1, 3)
    assert chain("D") == [("ben", "01 10:00", "")]
    assert Person.objects.filter(name="ben").count() == 1


def test_a_dry_run_reports_all_and_writes_nothing(run: Import) -> None:
    before = rows()
    dry = run(FILE, "--dry-run")
    assert rows() == before
    assert (dry["dry_run"], dry["imported"], dry["cases"]) == (True, 0, 3)
    assert dry["flags"] == run()["flags"]


BAD = FILE + "A,yesterday,ana,,,Open\nA,2024-01-01\n"


def test_bad_rows_are_refused_one_by_one(run: Import) -> None:
    report = run(BAD)
    assert (report["imported"], report["rows_refused"]) == (3, 2)
    assert report["refused"] == [
        {"line": 13, "why": "the time “yesterday” is not ISO 8601"},
        {"line": 14, "why": "2 columns where the header has 6"},
    ]
    assert "line 14: 2 columns where the header has 6" in report["printed"]


def test_only_some_refused_rows_are_shown_but_all_are_in_the_json(run: Import) -> None:
    report = run(FILE + "A,never,ana,,,Open\n" * 30)
    assert len(report["refused"]) == 30
    assert report["printed"].count("the time “never”") == 10


def test_a_strict_import_takes_all_or_nothing(run: Import, tmp_path: Path) -> None:
    before = rows()
    with pytest.raises(CommandError, match="2 rows were refused, so that nothing was imported"):
        run(BAD, "--strict")
    assert rows() == before
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["imported"] == 0
    assert run(FILE, "--strict")["imported"] == 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"owner": "nobody"}, "There is no person “nobody”"),
        ({"owner": "gone"}, "“gone” cannot own tickets"),
        ({"owner": "auditor"}, "“auditor” cannot own tickets"),
        ({"mapping": MAPPING.replace('"person"', '"who"')}, "The column “who” of the mapping is not in the file"),
        ({"mapping": MAPPING.replace("person =", "persn =")}, "did you mean `person`"),
        ({"mapping": MAPPING.replace('"csv"', '"xes"')}, "not XML at line 1"),
    ],
)
def test_what_cannot_be_imported_is_said_in_words(run: Import, change: dict[str, str], says: str) -> None:
    Person.objects.create_user("gone", name="Gone", role="rep", is_active=False)
    Person.objects.create_user("auditor", name="Auditor", role="auditor")
    before = rows()
    with pytest.raises(CommandError, match=says):
        run(**change)
    assert rows() == before


def test_a_report_that_cannot_be_written_is_said_before_the_import(run: Import, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        run(FILE, "--json", str(tmp_path))
    assert Ticket.objects.count() == 0


def test_nothing_is_half_done(run: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows()

    def fail() -> None:
        raise RuntimeError("the power failed")

    monkeypatch.setattr(ownership, "settle", fail)
    with pytest.raises(RuntimeError, match="the power failed"):
        run()
    assert rows() == before


def test_the_keys_hold_for_imported_chains(run: Import) -> None:
    """Checked again in SQL: one open tenure a ticket, the owner's; no gap; on hold with an open hold; entries."""
    run()
    with connection.cursor() as cursor:
        cursor.execute(PROOF)
        assert cursor.fetchone() == (0, 0, 0, 0)


def test_a_chain_with_a_gap_is_refused_by_the_schema(run: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    """The import is not trusted: should it ever replay a gap, the keys refuse all of it."""
    before = rows()

    def with_a_gap(number: int, case: Replayed, cast: loading.Cast) -> Iterator[ImportedTenure]:
        for tenure in tenures(number, case, cast):
            late = tenure.ended_at and tenure.ended_at + timedelta(seconds=1)
            yield tenure._replace(ended_at=late)

    tenures = loading._tenures
    monkeypatch.setattr(loading, "_tenures", with_a_gap)
    with pytest.raises(CommandError, match="exactly one owner at every moment"):
        run()
    assert rows() == before


PROOF = """
    SELECT
      (SELECT count(*) FROM tickets_ticket k WHERE (SELECT count(*) FROM tickets_tenure t
         WHERE t.ticket_id = k.id AND t.ended_at IS NULL AND t.owner_id = k.owner_id
         AND t.seq = k.tenure_seq AND t.started_at = k.owner_since) <> 1),
      (SELECT count(*) FROM tickets_tenure a WHERE a.seq > 1 AND NOT EXISTS (SELECT FROM tickets_tenure b
         WHERE b.ticket_id = a.ticket_id AND b.seq = a.seq - 1 AND b.ended_at = a.started_at)),
      (SELECT count(*) FROM tickets_ticket k WHERE (k.status = 'on_hold') <> EXISTS (
         SELECT FROM tickets_hold h WHERE h.ticket_id = k.id AND h.ended_at IS NULL)),
      (SELECT count(*) FROM tickets_ticket k WHERE k.tenure_seq <> (
         SELECT count(*) FROM tickets_entry e WHERE e.ticket_id = k.id))
"""
