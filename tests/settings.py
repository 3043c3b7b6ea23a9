"""The product's settings for tests, on servers of the tests' own.

Importing this module starts a throwaway PostgreSQL and Valkey, which end with this process, unless
DATABASE_URL names a database to use instead. Processes started from here (xdist's) inherit its URLs.
"""

import atexit
import contextlib
import os

from ownership_tracker import local, servers

if "DATABASE_URL" not in os.environ:
    _stack = contextlib.ExitStack()
    atexit.register(_stack.close)
    _place = _stack.enter_context(servers.throwaway())
    _stack.enter_context(servers.running(_place, say=lambda line: None))
    os.environ["DATABASE_URL"] = local.database_url(_place.sockets)
    os.environ["REDIS_URL"] = local.redis_url(_place.sockets)

os.environ.setdefault("SECRET_KEY", "for tests only " * 4)
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("BEHIND_TLS", "false")
os.environ.setdefault("EMAIL_URL", "consolemail://")
os.environ.setdefault("MAIL_FROM", "tracker@localhost")

from ownership_tracker.settings import *  # noqa: F403 - reads what was set above
from ownership_tracker.settings import CACHES, INSTALLED_APPS, REDIS_URL

# pytest-django gives each xdist worker a database of its own; here each gets a Valkey database.
_number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
if REDIS_URL.startswith("unix:"):
    REDIS_URL = f"{REDIS_URL.partition('?')[0]}?db={_number}"
else:
    REDIS_URL = f"{REDIS_URL.rpartition('/')[0]}/{_number}"
CELERY_BROKER_URL = local.broker_url(REDIS_URL)
CACHES = {"default": {**CACHES["default"], "LOCATION": REDIS_URL}}

INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]
# Safe password hashes are slow on purpose; tests make many people.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Every test client starts the middleware anew, which would list all static files each time.
WHITENOISE_AUTOREFRESH = True
