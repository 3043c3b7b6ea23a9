"""A second clone of the product, deep down in a path with a space, that runs for real."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
NOT_COPIED = shutil.ignore_patterns(".venv", ".git", ".local", ".*_cache", "__pycache__")
PATIENCE = 60  # seconds


class Clone:
    """The folder, how to run it, and what of it is running."""

    def __init__(self, folder: Path) -> None:
        # A socket's path has room for 107 bytes; this folder alone is longer.
        self.folder = folder / ("deep " * 12) / ("down " * 12) / "clone"
        shutil.copytree(SOURCE, self.folder, ignore=NOT_COPIED)
        (self.folder / ".venv").symlink_to(sys.prefix)
        with socket.socket() as free, socket.socket() as another:
            for each in (free, another):
                each.bind(("127.0.0.1", 0))
            self.port, self.live_port = free.getsockname()[1], another.getsockname()[1]
        ask = "from ownership_tracker.local import *; print(HOME, SOCKETS, sep='\\n')"
        command = [sys.executable, "-c", ask]
        places = subprocess.check_output(command, cwd=self.folder, env=self.env(), text=True).splitlines()
        self.home, self.sockets = map(Path, places)
        self.runs: list[Run] = []

    def env(self) -> dict[str, str]:
        port = {"PORT": str(self.port), "LIVE_PORT": str(self.live_port)}
        return {"HOME": str(self.folder), "PATH": os.environ["PATH"], "WEB_WORKERS": "1", **port}

    def make_run(self) -> "Run":
        """`make run` in a terminal of its own. Nothing is installed: it uses what runs this test."""
        return self.start(["make", "-o", ".venv/for-running", "run"])

    def start(self, command: list[str]) -> "Run":
        run = Run(self, command)
        self.runs.append(run)
        return run

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command in a second terminal."""
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=self.folder, env=self.env(), capture_output=True, text=True, timeout=PATIENCE
        )

    def processes(self) -> list[int]:
        """Whatever works in one of the clone's folders: told by other means than the product's own."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            # What has ended cannot be read.
            with contextlib.suppress(OSError):
                folder = (entry / "cwd").readlink()
                if folder.is_relative_to(self.folder) or folder.is_relative_to(self.home):
                    found.append(int(entry.name))
        return found

    def kill_all(self) -> None:
        for run in self.runs:
            run.kill()
        while left := self.processes():
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.1)

    def remove(self) -> None:
        self.kill_all()
        for folder in (self.home, self.sockets):
            shutil.rmtree(folder, ignore_errors=True)


class Run:
    """One command that stays, and what it has printed."""

    def __init__(self, clone: Clone, command: list[str]) -> None:
        self.clone = clone
        self.log = clone.folder / f"run-{len(clone.runs)}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command,
                cwd=clone.folder,
                env=clone.env(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def printed(self) -> str:
        return self.log.read_text()

    def await_line(self, words: str) -> None:
        limit = time.monotonic() + PATIENCE
        while words not in self.printed():
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < limit, self.printed()
            time.sleep(0.1)

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.clone.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def ctrl_c(self) -> None:
        """What a terminal does: interrupt all that run in its foreground."""
        os.killpg(self.process.pid, signal.SIGINT)

    def ended(self) -> int:
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
