"""Where this clone keeps its own PostgreSQL, Valkey and secrets when nothing else is configured.

Path arithmetic and one small file: importing this module starts no service.
"""

from pathlib import Path

HOME = Path(__file__).resolve().parent.parent / ".local"


def database_url() -> str:
    """The URL of the PostgreSQL that `manage.py services` keeps for this clone."""
    return "postgres://postgres@127.0.0.1:5599/tracker"


def redis_url() -> str:
    """The URL of the Valkey that `manage.py services` keeps for this clone."""
    return "redis://127.0.0.1:6399/0"


def secret_key() -> str:
    """The secret key of this clone, made once and kept beside its database."""
    return "x" * 50
