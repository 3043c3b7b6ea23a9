"""`manage.py import_history`: a company's own past as historical tickets. docs/import.md explains it."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from handoffs.history.importing import import_history, refuse_if_strict
from handoffs.history.mapping import read_mapping
from handoffs.history.report import Report
from people.errors import Refusal

# So many refused rows are shown on screen; --json lists them all.
SHOWN = 10


class Command(BaseCommand):
    """Import the history of another system."""

    help = "Import the history of another system (CSV or XES) and report what it says."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what can be asked for."""
        parser.add_argument("file", type=Path, help="the history: CSV or XES, also in .zip or .gz")
        parser.add_argument("--mapping", type=Path, required=True, help="which column means what (TOML)")
        parser.add_argument("--fallback-owner", required=True, metavar="USERNAME", help="owns what names nobody")
        parser.add_argument("--dry-run", action="store_true", help="report, and write nothing")
        parser.add_argument("--strict", action="store_true", help="import nothing if a row is refused")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the report there as well, as JSON")

    def handle(self, **options: Any) -> None:
        """Import, showing how far it is, and print the report."""
        if options["json"]:
            # A long import is not done in vain: what cannot be written is said before it.
            self._write(options["json"], "", mode="a")
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        tasks: dict[str, Any] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what)
            bar.update(tasks[what], completed=done, total=total)

        try:
            with bar:
                report = import_history(
                    options["file"],
                    read_mapping(options["mapping"]),
                    fallback_owner=options["fallback_owner"],
                    dry_run=options["dry_run"],
                    strict=options["strict"],
                    progress=progress,
                )
            self._show(report)
            if options["json"]:
                self._write(options["json"], json.dumps(report.figures(), indent=2) + "\n")
            if options["strict"]:
                refuse_if_strict(report)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal

    def _write(self, path: Path, text: str, *, mode: str = "w") -> None:
        try:
            with path.open(mode, encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error

    def _show(self, report: Report) -> None:
        table = Table("what", "how much", title=f"History of {report.source}", title_justify="left")
        for what, how_much in report.lines():
            table.add_row(what, how_much)
        console = Console()
        with console.capture() as printed:
            console.print(table)
            if report.refused:
                console.print(f"Rows refused (the first {SHOWN}; --json lists all):", markup=False)
            for line, why in report.refused[:SHOWN]:
                console.print(f"  line {line}: {why}", markup=False, highlight=False)
        self.stdout.write(printed.get())
