"""`manage.py listen_asterisk`: tell the tracker what an Asterisk says. docs/phones.md explains it."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from phones.asterisk.line import Place, RefusedError
from phones.asterisk.listener import Listener
from phones.asterisk.spool import Spool, SpoolError
from phones.asterisk.tracker import Tracker
from phones.vendors.asterisk import Asterisk
from phones.vendors.asterisk_channels import Plan

SPOOL = Path("~/.local/state/ownership-tracker/asterisk.sqlite3")


class Command(BaseCommand):
    """Listen until told to stop."""

    help = (
        "Listen to an Asterisk's manager interface and report its calls to the tracker, until SIGTERM or Ctrl-C. "
        "ASTERISK_SECRET and TRACKER_TOKEN are read from the environment only."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what it must know; each is read from the environment, too."""
        said = os.environ.get
        parser.add_argument("--host", default=said("ASTERISK_HOST", "127.0.0.1"), help="[ASTERISK_HOST]")
        parser.add_argument("--port", type=int, default=said("ASTERISK_PORT", "5038"), help="[ASTERISK_PORT]")
        parser.add_argument(
            "--tls", action="store_true", default=said("ASTERISK_TLS") == "true", help="[ASTERISK_TLS]"
        )
        parser.add_argument("--user", default=said("ASTERISK_USER", "tracker"), help="[ASTERISK_USER]")
        parser.add_argument(
            "--trunk",
            action="append",
            metavar="CHANNEL",
            help="where customers come in: PJSIP/pstn, DAHDI/i1/*; as often as needed [ASTERISK_TRUNKS, with blanks]",
        )
        parser.add_argument(
            "--agent",
            action="append",
            metavar="CHANNEL=EXTENSION",
            help=r"whose channel: PJSIP/anna=101, or an expression whose group is the extension: PJSIP/desk(\d+); "
            "by default the name of an account is its extension [ASTERISK_AGENTS, with blanks]",
        )
        parser.add_argument(
            "--tracker",
            default=said("TRACKER_URL", ""),
            metavar="URL",
            help="https://tracker.example.com [TRACKER_URL]",
        )
        parser.add_argument(
            "--spool",
            type=Path,
            default=said("ASTERISK_SPOOL", str(SPOOL)),
            metavar="FILE",
            help=f"what waits for the tracker; one for each Asterisk (default: {SPOOL}) [ASTERISK_SPOOL]",
        )
        parser.add_argument(
            "--spool-events", type=int, default=100_000, metavar="N", help="how many may wait before the oldest go"
        )

    def handle(self, **options: Any) -> None:
        """Listen; what is missing or refused is said at once."""
        trunks = options["trunk"] or os.environ.get("ASTERISK_TRUNKS", "").split()
        agents = options["agent"] or os.environ.get("ASTERISK_AGENTS", "").split()
        secrets = {name: os.environ.get(name, "") for name in ("ASTERISK_SECRET", "TRACKER_TOKEN")}
        missing = [name for name, value in secrets.items() if not value]
        if missing:
            raise CommandError(f"Not in the environment: {', '.join(missing)}.")
        place = Place(
            options["host"], options["port"], options["user"], secrets["ASTERISK_SECRET"], tls=options["tls"]
        )
        try:
            asterisk = Asterisk(Plan.of(trunks, agents))
            tracker = Tracker(options["tracker"], secrets["TRACKER_TOKEN"])
            spool = Spool(options["spool"].expanduser(), most=options["spool_events"])
        except (ValueError, SpoolError) as error:
            raise CommandError(str(error)) from error
        try:
            asyncio.run(_run(Listener(place=place, asterisk=asterisk, spool=spool, tracker=tracker)))
        except RefusedError as error:
            raise CommandError(
                f"Asterisk at {place} does not let “{place.user}” in: {error}. Compare ASTERISK_USER and "
                "ASTERISK_SECRET with manager.conf, and its permit with where this runs."
            ) from error
        finally:
            spool.close()


async def _run(listener: Listener) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await listener.run(stop)
