"""Two real histories, imported whole; their figures were counted from the files by others.

The data stands beside the repository, in ../shared/data, and is no part of it.
"""

import csv
import gzip
import io
import json
import re
import zipfile
from collections import Counter, defaultdict
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count

from people.models import Person
from tickets.models import Hold, Tenure, Ticket

HISTORIES = Path(__file__).resolve().parents[3] / "shared" / "data" / "history"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not HISTORIES.is_dir(), reason="the real histories (../shared/data/history) are not here"),
]

INCIDENTS = """
format = "csv"
source = "servicenow"
case = "number"
time = "sys_updated_at"
time_format = "%d/%m/%Y %H:%M"
order = "sys_mod_count"
person = "assigned_to"
team = "assignment_group"
subject = "category"
state = "incident_state"
nobody = ["?"]
[states]
hold = ["Awaiting *"]
resolved = ["Resolved"]
closed = ["Closed"]
"""
HELPDESK = """
format = "xes"
source = "helpdesk"
case = "concept:name"
time = "time:timestamp"
person = "org:resource"
state = "concept:name"
[states]
hold = ["Wait"]
resolved = ["Resolve ticket"]
closed = ["Closed"]
"""


def imported(tmp_path: Path, file: str, mapping: str, *options: str) -> dict[str, Any]:
    Person.objects.create_user("maria", name="Maria", role="manager")
    toml, report = tmp_path / "mapping.toml", tmp_path / "report.json"
    toml.write_text(mapping, "utf-8")
    words = ["--mapping", str(toml), "--fallback-owner", "maria", "--json", str(report), "--strict", *options]
    call_command("import_history", str(HISTORIES / file), *words, stdout=StringIO())
    figures: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return figures


def owners_per_case() -> dict[str, int]:
    """Count the tickets by their number of distinct imported owners, from the tenures as written."""
    named = Tenure.objects.exclude(owner__username="maria").values("ticket").annotate(Count("owner", distinct=True))
    counts = Counter(str(row["owner__count"]) for row in named)
    counts["0"] = Ticket.objects.count() - counts.total()
    return {number: cases for number, cases in sorted(counts.items()) if cases}


def test_the_incident_log(tmp_path: Path) -> None:
    report = imported(tmp_path, "incident_event_log.zip", INCIDENTS)
    assert (report["cases"], report["imported"], report["events"], report["rows_refused"]) == (24918, 24918, 141712, 0)
    owners = {"0": 658, "1": 21402, "2": 2429, "3": 342, "4": 80, "5": 6, "6": 1}
    assert report["owners_per_case"] == owners == owners_per_case()
    assert (report["moves"], report["cases_with_moves"], report["longest_chain"]) == (4873, 2858, 10)
    assert (report["cases_with_direct_return"], report["cases_with_any_return"]) == (1203, 1367)
    holds = report["holds"]
    assert (holds["count"], holds["cases"], holds["over_7_days"], holds["over_30_days"]) == (6241, 5825, 1993, 466)
    # The same again from what was written.
    assert (Ticket.objects.count(), Tenure.objects.filter(seq__gt=1).count()) == (24918, 4873)
    assert (Hold.objects.count(), Hold.objects.values("ticket").distinct().count()) == (6241, 5825)


def test_the_incident_log_counted_another_way(tmp_path: Path) -> None:
    """Who was named, and the flags that follow from the chain alone, counted with csv and nothing else."""
    report = imported(tmp_path, "incident_event_log.zip", INCIDENTS, "--dry-run")
    cases: dict[str, list[tuple[int, str]]] = defaultdict(list)
    with (
        zipfile.ZipFile(HISTORIES / "incident_event_log.zip") as packed,
        packed.open("incident_event_log.csv") as raw,
    ):
        for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline="")):
            cases[row["number"]].append((int(row["sys_mod_count"]), row["assigned_to"]))
    chains = [
        [
            person
            for person, _ in groupby(person for _, person in sorted(case, key=lambda row: row[0]) if person != "?")
        ]
        for case in cases.values()
    ]
    distinct = Counter(len(set(chain)) for chain in chains)
    returns = Counter(len(chain) - len(set(chain)) for chain in chains)
    assert report["people"] == len({person for chain in chains for person in chain})
    assert report["flags"]["bounced"] == {"amber": distinct[3], "red": distinct[4] + distinct[5] + distinct[6]}
    assert report["flags"]["ping_pong"] == {"amber": returns[1], "red": sum(returns[n] for n in returns if n > 1)}


def test_the_helpdesk_log(tmp_path: Path) -> None:
    report = imported(tmp_path, "helpdesk.xes.gz", HELPDESK)
    assert (report["cases"], report["imported"], report["events"], report["people"]) == (4580, 4580, 21348, 22)
    owners = {"1": 3, "2": 1552, "3": 2364, "4": 611, "5": 48, "6": 1, "7": 1}
    assert report["owners_per_case"] == owners == owners_per_case()
    assert (report["moves"], report["cases_with_direct_return"]) == (8648, 269)
    # The customers who were left waiting when the log stops.
    assert report["still_on_hold"] == Hold.objects.filter(ended_at=None, ticket__status="on_hold").count() == 8
    text = gzip.decompress((HISTORIES / "helpdesk.xes.gz").read_bytes()).decode()
    names = [
        re.findall(r'<event>\s*<string key="concept:name" value="([^"]*)"', trace) for trace in text.split("<trace>")
    ]
    assert report["holds"]["count"] == sum(
        sum(wait for wait, _ in groupby(name == "Wait" for name in trace)) for trace in names
    )
