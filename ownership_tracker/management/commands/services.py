"""`manage.py services`: this clone's own PostgreSQL and Valkey, until told to stop."""

from typing import Any

from django.core.management.base import BaseCommand

from ownership_tracker import local
from ownership_tracker.processes import AlreadyRunningError, StillThereError, heed_signals, only_one, watch
from ownership_tracker.servers import Place, ServerFailedError, running


class Command(BaseCommand):
    help = "Run this clone's own PostgreSQL and Valkey in the foreground, until Ctrl-C or SIGTERM."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        heed_signals()
        try:
            local.make_folder(local.HOME)
            with only_one(local.HOME, self.say), running(Place(), say=self.say) as stores:
                self.say(f"Both run; sockets in {local.SOCKETS}, logs in {local.HOME}. Stop: Ctrl-C")
                ended = watch(stores)
        except KeyboardInterrupt:
            self.say("Stopped")
        except (AlreadyRunningError, StillThereError, ServerFailedError) as error:
            raise SystemExit(str(error)) from error
        else:
            raise SystemExit(f"{ended} has ended by itself. Its log is in {local.HOME}")

    def say(self, line: str) -> None:
        self.stdout.write(f"· {line}")
        self.stdout.flush()
