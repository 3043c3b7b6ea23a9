"""Give a person or a program a token for the API."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people import tokens
from people.models import Person
from people.roles import Role, Scope


class Command(BaseCommand):
    """Print a new token, once: only its digest is stored."""

    help = "Print a new API token of a person or a program. It is shown once and stored hashed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whose token it is and what it may be used for."""
        parser.add_argument("username")
        parser.add_argument(
            "--scopes",
            nargs="+",
            default=[],
            choices=[scope.value for scope in Scope],
            metavar="SCOPE",
            help="What the token may be used for: " + ", ".join(Scope) + ". Without: whatever the person may do.",
        )

    def handle(self, *, username: str, scopes: list[str], **options: Any) -> None:
        """Create the token and print it on a line of its own."""
        person = Person.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active person “{username}”.")
        if person.role == Role.INTEGRATION and not scopes:
            raise CommandError("A program's token needs its scopes: --scopes " + " ".join(Scope))
        self.stdout.write(tokens.create(person, scopes=[Scope(scope) for scope in scopes]))
