"""Take down a person or a program, or change what is known of them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people import directory
from people.errors import Refusal
from people.models import Team
from people.roles import Role


class Command(BaseCommand):
    """Create a person, or change the one who has that username."""

    help = "Create a person or a program, or change what is known of one. What is not named stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who it is and what is said of them."""
        parser.add_argument("username")
        parser.add_argument("--name")
        parser.add_argument("--role", choices=[role.value for role in Role])
        parser.add_argument("--email")
        parser.add_argument("--skills", nargs="*", metavar="CODE")
        parser.add_argument("--languages", nargs="*", metavar="CODE")
        parser.add_argument("--teams", nargs="*", metavar="SLUG", help="all teams that they belong to from now on")

    def handle(self, *, username: str, teams: list[str] | None, **options: Any) -> None:
        """Do it, and say whether the person is new."""
        known = ("name", "role", "email", "skills", "languages")
        details = {name: options[name] for name in known if options[name] is not None}
        named = None if teams is None else list(Team.objects.filter(slug__in=teams))
        if teams is not None and named is not None and len(named) < len(set(teams)):
            missing = sorted(set(teams) - {team.slug for team in named})
            raise CommandError(f"There is no team “{missing[0]}”. Make it first: manage.py team {missing[0]} …")
        try:
            person, is_new = directory.save_person(username, teams=named, **details)
        except Refusal as refusal:
            raise CommandError(worded(refusal)) from refusal
        self.stdout.write(f"{'Created' if is_new else 'Changed'} {person}, {person.role}.")


def worded(refusal: Refusal) -> str:
    """Return a refusal in one line, with its fields."""
    fields = " ".join(f"--{name.replace('_', '-')}: {message}" for name, message in refusal.fields.items())
    return f"{refusal.detail} {fields}".strip()
