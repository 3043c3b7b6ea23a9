"""`manage.py demo`: a contact centre to look at, in an empty database."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from ownership_tracker import local
from ownership_tracker.demo.play import SIGN_INS, Played, figures, play
from people.models import Person
from tickets.models import Customer, Ticket


def moment(text: str) -> datetime:
    """Return the time that `--now` gives, read as UTC unless it says otherwise; raises ValueError."""
    parsed = parse_datetime(text)
    if parsed is None:
        raise ValueError(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


class Command(BaseCommand):
    """Write the demonstration and print how to look at it."""

    help = "Write a made-up contact centre, three weeks up to now, into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what makes it the same again."""
        parser.add_argument("--seed", type=int, default=1, help="another number: another three weeks")
        parser.add_argument(
            "--now", type=moment, metavar="TIME", help="the moment up to which it is played (ISO 8601)"
        )
        parser.add_argument("--address", default="http://127.0.0.1:8000", help="where the web server will listen")
        parser.add_argument("--password", help="of those whom one looks at it as; without: one by chance")

    def handle(
        self, *, seed: int, now: datetime | None, address: str, password: str | None = None, **options: Any
    ) -> None:
        """Play it, in one transaction: whoever stops it half way finds the database as it was."""
        if now is not None and now > timezone.now():
            raise CommandError("The demonstration is about the past: --now cannot lie in the future.")
        now = (now or timezone.now()).replace(microsecond=0)
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        with bar, transaction.atomic():
            if any(model.objects.exists() for model in (Person, Customer, Ticket)):
                raise CommandError("This database holds real data. The demonstration needs an empty one.")
            task = bar.add_task("Three weeks of a contact centre", total=1)
            played = play(seed=seed, now=now, tell=lambda done: bar.update(task, completed=done))
            password = password or local.sayable()
            Person.objects.filter(username__in=SIGN_INS).update(password=make_password(password))
            bar.update(task, completed=1)
        self._show(played, now, address, password)

    def _show(self, played: Played, now: datetime, address: str, password: str) -> None:
        lines = ["", "The demonstration, up to " + f"{now:%A %d %B %Y %H:%M} UTC:", ""]
        lines += [f"  {what:32}{how_much}" for what, how_much in figures(now)]
        lines += [
            "",
            f"  The story of the customer whom nobody helped is {played.story}.",
            "",
            f"Sign in at {address.rstrip('/')}/ as {', '.join(SIGN_INS[:-1])} or {SIGN_INS[-1]}, with the password",
            "",
            f"  {password}",
            "",
            "or, as a program does, with a token:",
            "",
        ]
        for username, token in played.tokens.items():
            person = Person.objects.get(username=username)
            lines.append(f"  {person.role:9}{username:6}{token}")
        first = next(iter(played.tokens.values()))
        url = f"{address.rstrip('/')}/api/v1/tickets/?owner=me"
        lines += ["", f'  curl -H "Authorization: Bearer {first}" "{url}"', ""]
        self.stdout.write("\n".join(lines))
