"""Take down a telephone system, or give one that is known another secret or token."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.errors import Refusal
from people.management.commands.person import worded
from people.models import Person, Team
from people.roles import Role
from phones import sources


class Command(BaseCommand):
    """Print what a telephone system is known by, once."""

    help = (
        "Take down a telephone system and print its token and its secret, which are shown this once; "
        "or give one another secret (the one before stays good until the next) or another token (at once)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which telephone system it is, and what is said of it."""
        parser.add_argument("slug")
        parser.add_argument("--name", help="of a new one, such as “Main line”")
        parser.add_argument("--team", metavar="SLUG", help="of a new one: whose its calls are")
        parser.add_argument("--region", metavar="CODE", default="", help="whose national numbers it sends, such as US")
        parser.add_argument("--rotate", action="store_true", help="print a new secret of one that is known")
        parser.add_argument("--new-token", action="store_true", help="print a new token of one that is known")

    def handle(self, *, slug: str, **options: Any) -> None:
        """Do it, and print each thing on a line of its own."""
        try:
            if options["rotate"] or options["new_token"]:
                self._change(slug, rotate=options["rotate"], new_token=options["new_token"])
            else:
                self._create(slug, **{name: options[name] for name in ("name", "team", "region")})
        except Refusal as refusal:
            raise CommandError(worded(refusal)) from refusal

    def _create(self, slug: str, *, name: str | None, team: str | None, region: str) -> None:
        if not (name and team):
            raise CommandError("A new telephone system needs --name and --team.")
        found = Team.objects.filter(slug=team).first()
        if found is None:
            raise CommandError(f"There is no team “{team}”. Make it first: manage.py team {team} …")
        admin = Person.objects.filter(role=Role.ADMIN, is_active=True).order_by("pk").first()
        if admin is None:
            raise CommandError("There is no administrator. Make one first: manage.py person … --role admin")
        source, token = sources.create(by=admin, slug=slug, name=name, team=found, region=region)
        self.stdout.write(f"token {token}\nsecret {source.secrets[0]}")

    def _change(self, slug: str, *, rotate: bool, new_token: bool) -> None:
        if new_token:
            self.stdout.write(f"token {sources.replace_token(source=slug)[1]}")
        if rotate:
            self.stdout.write(f"secret {sources.rotate(source=slug).secrets[0]}")
