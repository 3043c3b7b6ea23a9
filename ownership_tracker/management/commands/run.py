"""`manage.py run`, what `make run` calls: everything, until told to stop."""

import contextlib
import errno
import http.client
import os
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from ownership_tracker import local
from ownership_tracker.demo.play import SIGN_INS
from ownership_tracker.processes import (
    AlreadyRunningError,
    StillThereError,
    end_with_parent,
    first_ended,
    heed_signals,
    only_one,
    spawn,
    stop,
    watch,
)
from ownership_tracker.servers import Place, ServerFailedError, running

PATIENCE = 60  # seconds for the first answer


class CannotRunError(Exception):
    """Something is in the way, or a part has ended by itself; the message says what to do."""


class Command(BaseCommand):
    help = "Run everything: own PostgreSQL and Valkey unless configured, web server, live stream, worker and beat."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        if "MAKELEVEL" in os.environ:
            end_with_parent()  # nobody can stop us by Ctrl-C any more when make has been killed
        heed_signals()
        try:
            local.make_folder(local.HOME)
            with only_one(local.HOME, self.say):
                self.run_all()
        except KeyboardInterrupt:
            self.say("Stopped")
        except (AlreadyRunningError, StillThereError, ServerFailedError, CannotRunError) as error:
            raise SystemExit(str(error)) from error

    def say(self, line: str) -> None:
        self.stdout.write(f"· {line}")
        self.stdout.flush()

    def run_all(self) -> None:
        """Start everything in order; ends only by KeyboardInterrupt or CannotRunError."""
        require_free_ports()
        with running(Place(), settings.LOCAL_STORES, self.say) as stores:
            self.prepare_database()
            self.say("Starting the web server, the live stream, the worker and the beat")
            with product() as parts:
                everything = {**stores, **parts}
                if await_answer(everything):
                    self.greet()
                ended = watch(everything)
                raise CannotRunError(
                    f"{ended} has ended by itself (exit code {everything[ended].returncode}), so everything "
                    f"was stopped. Look above, and into the logs in {local.HOME}"
                )

    def prepare_database(self) -> None:
        """Bring the schema up to date, and load the demonstration into an empty database."""
        self.say("Bringing the database up to date")
        call_command("migrate", verbosity=0, interactive=False)
        if not get_user_model().objects.exists():
            self.say("Loading the demonstration")
            call_command("demo", address=address(), password=local.demo_password())
        connections.close_all()

    def greet(self) -> None:
        self.stdout.write(
            f"\n  Ownership Tracker runs: {address()}/\n"
            f"{sign_ins()}"
            "  A token for the API: .venv/bin/python manage.py create_token USERNAME\n"
            f"  Letters are printed into {LETTERS}\n"
            "  Stop: Ctrl-C\n\n"
        )
        self.stdout.flush()


LETTERS = local.HOME / "worker.log"


def sign_ins() -> str:
    """As whom one can sign in where the demonstration was loaded; with other data, nothing."""
    if not local.DEMO_PASSWORD.exists():
        return ""
    return f"  Sign in as {', '.join(SIGN_INS)}: {local.demo_password()}\n"


@contextlib.contextmanager
def product() -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Our own processes, by name, until the block ends."""
    python = [sys.executable, "-m"]
    # Celery warns root in eight lines, but whoever runs a clone as root has chosen to.
    quiet = ["-W", "ignore:You're running the worker with superuser privileges"]
    celery = [sys.executable, *quiet, "-m", "celery", "--quiet", "-A", "ownership_tracker"]
    listen = ["--host", settings.WEB_HOST, "--port", str(settings.PORT)]
    workers = ["--workers", str(settings.WEB_WORKERS), "--blocking-threads", "1"]
    commands = {
        "The web server": [
            *python, "granian", "--interface", "wsgi", *listen, *workers, "--workers-kill-timeout", "5",
            "--log-level", "warning", "ownership_tracker.wsgi:application",
        ],
        "The live stream": [
            *python, "uvicorn", "--host", settings.WEB_HOST, "--port", str(settings.LIVE_PORT), "--no-proxy-headers",
            "--timeout-graceful-shutdown", "5", "--no-access-log", "--log-level", "warning",
            "ownership_tracker.asgi:application",
        ],
        "The worker": [*celery, "worker", "--loglevel", "WARNING", "--concurrency", "2"],
        "The beat": [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(local.HOME / "beat")],
    }  # fmt: skip
    parts: dict[str, subprocess.Popen[bytes]] = {}
    try:
        # The web server writes where we write. The others, which print every letter, write into a file: they
        # would push the tokens of the first run out of sight.
        with LETTERS.open("ab") as aside:
            for name, command in commands.items():
                output = sys.stdout.fileno() if name == "The web server" else aside
                parts[name] = spawn(command, home=local.HOME, output=output, cwd=local.CLONE)
        yield parts
    finally:
        stop(*parts.values())


def address() -> str:
    """Where a browser on this machine finds the web server."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.WEB_HOST, settings.WEB_HOST)  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.PORT}"


def require_free_ports() -> None:
    """Raise CannotRunError when the web server or the live stream could not listen on its port."""
    family = socket.AF_INET6 if ":" in settings.WEB_HOST else socket.AF_INET
    for name, port in ("PORT", settings.PORT), ("LIVE_PORT", settings.LIVE_PORT):
        try:
            socket.create_server((settings.WEB_HOST, port), family=family).close()
        except (OSError, OverflowError) as error:
            taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
            why = "is taken" if taken else f"cannot be listened on ({error})"
            raise CannotRunError(f"Port {port} {why}. Choose another: make run {name}={port + 1}") from error


def await_answer(everything: dict[str, subprocess.Popen[bytes]]) -> bool:
    """True as soon as the web server answers, whatever it says; False when something has ended.

    Raises CannotRunError when it does not answer in PATIENCE seconds.
    """
    limit = time.monotonic() + PATIENCE
    while not first_ended(everything):
        # Not urllib: it would ask a proxy.
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(address()).netloc, timeout=5)
        try:
            connection.request("GET", "/health/live")
            connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() > limit:
                raise CannotRunError(f"The web server does not answer at {address()}: {error}") from error
            time.sleep(0.1)
        else:
            return True
        finally:
            connection.close()
    return False
