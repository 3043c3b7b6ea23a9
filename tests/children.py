"""What a process that a test starts needs to know."""

from django.db import connection


def database_url() -> str:
    """The URL of the database that this test writes to."""
    at = connection.settings_dict
    place = f"/{at['HOST']}" if str(at["HOST"]).startswith("/") else f"{at['HOST']}:{at['PORT'] or 5432}"
    secret = f":{at['PASSWORD']}" if at["PASSWORD"] else ""
    return f"postgres://{at['USER']}{secret}@{place}/{at['NAME']}"
