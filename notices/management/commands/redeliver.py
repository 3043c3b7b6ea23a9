"""Send notices once more."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from notices import delivery
from people.errors import Refusal


class Command(BaseCommand):
    """Queue notices again that were given up, or single ones whatever became of them."""

    help = "Send notices once more: single ones by their id, or all that were given up. Their ids stay the same."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which notices."""
        parser.add_argument("ids", nargs="*", type=UUID, metavar="ID", help="The id of a notice.")
        parser.add_argument("--dead", action="store_true", help="All that were given up.")

    def handle(self, *, ids: list[UUID], dead: bool, **options: Any) -> None:
        """Queue them again; say how many, and which not."""
        if not ids and not dead:
            raise CommandError("Say which: their ids, or --dead for all that were given up.")
        queued, refused = 0, []
        for each in ids:
            try:
                delivery.redeliver(notice=each)
                queued += 1
            except Refusal as refusal:
                refused.append(f"{each}: {refusal.detail}")
        queued += delivery.redeliver_dead() if dead else 0
        self.stdout.write(f"{queued} queued again.")
        if refused:
            raise CommandError("Not queued:\n" + "\n".join(refused))
