"""Take down a team, or change what is known of it: who manages it, when it works."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people import directory
from people.errors import Refusal
from people.management.commands.person import worded
from people.models import Person, Team


class Command(BaseCommand):
    """Create a team, or change the one that has that slug."""

    help = "Create a team, or change what is known of one. What is not named stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which team it is and what is said of it."""
        parser.add_argument("slug")
        parser.add_argument("--name")
        parser.add_argument("--manager", metavar="USERNAME", help="who answers for it; a new team needs one")
        parser.add_argument("--deputy", metavar="USERNAME")
        parser.add_argument("--parent", metavar="SLUG")
        parser.add_argument("--time-zone", metavar="ZONE", help="such as Europe/London")
        parser.add_argument("--hours", metavar="JSON", help='such as {"mon": [["09:00", "17:00"]], …}')
        parser.add_argument("--country", metavar="CODE", help="whose public holidays it keeps, such as GB")
        parser.add_argument("--subdivision", metavar="CODE", help="of the country, such as ENG")

    def handle(self, *, slug: str, **options: Any) -> None:
        """Do it, and say whether the team is new."""
        plain = ("name", "time_zone", "country", "subdivision")
        details = {name: options[name] for name in plain if options[name] is not None}
        for role in ("manager", "deputy"):
            if options[role]:
                details[role] = Person.objects.filter(username=options[role]).first()
                if details[role] is None:
                    raise CommandError(f"There is no person “{options[role]}”. Make them first: manage.py person …")
        if options["parent"]:
            details["parent"] = Team.objects.filter(slug=options["parent"]).first()
            if details["parent"] is None:
                raise CommandError(f"There is no team “{options['parent']}”.")
        try:
            if options["hours"]:
                details["hours"] = json.loads(options["hours"])
            team, is_new = directory.save_team(slug, **details)
        except json.JSONDecodeError as error:
            raise CommandError(f"--hours: {error}") from error
        except Refusal as refusal:
            raise CommandError(worded(refusal)) from refusal
        self.stdout.write(f"{'Created' if is_new else 'Changed'} {team}, managed by {team.manager}.")
