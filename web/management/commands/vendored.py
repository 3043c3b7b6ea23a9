"""`manage.py vendored`: hold other people's files to their list."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

WEB = Path(__file__).resolve().parents[2]
FOLDER = WEB / "static" / "web" / "vendor"


class Command(BaseCommand):
    help = "List the vendored files, with version and licence; fail when one differs from what the list says."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        listed = tomllib.loads((WEB / "vendored.toml").read_text())["file"]
        wrong = sorted({path.name for path in FOLDER.iterdir()} ^ {file["path"] for file in listed})
        for file in listed:
            path = FOLDER / file["path"]
            if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
                wrong.append(file["path"])
            self.stdout.write(f"{file['path']:20} {file['name']} {file['version']} ({file['licence']})")
        if wrong:
            raise CommandError(f"Not what vendored.toml says: {', '.join(wrong)}")
