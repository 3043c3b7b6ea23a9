"""`manage.py simulate_calls`: an hour of a contact centre, played against a running server."""

import os
import random
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from phones.simulator import checking, hour, sending
from phones.simulator.checking import Wrong
from phones.simulator.sending import Sent
from phones.simulator.server import NoAnswerError, Server
from phones.simulator.tape import Tape

AGENTS = tuple(str(extension) for extension in range(7101, 7113))
LEAST_AGENTS = 3
MOST_IN_A_LIST = 1_000
# So much that is wrong is shown; the first of it tells most.
SHOWN = 20


class Command(BaseCommand):
    """Play, report, and hold the server to it."""

    help = (
        "Play an hour of a contact centre against a running server, with holds, transfers, callers who give up, and "
        "events that come twice, late and out of order; then check what the server concluded, call by call. It "
        "writes customers and tickets there, as any telephone system does: use a database to try things in."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare where to, how many, and how fast."""
        said = os.environ.get
        parser.add_argument("--url", default=said("TRACKER_URL", "http://127.0.0.1:8000"), help="[TRACKER_URL]")
        parser.add_argument(
            "--token", default=said("TRACKER_TOKEN"), help="of the telephone system (phone_source) [TRACKER_TOKEN]"
        )
        parser.add_argument(
            "--reader-token",
            default=said("READER_TOKEN"),
            help="of anybody who sees its calls (create_token) [READER_TOKEN]",
        )
        parser.add_argument("--calls", type=int, default=200, metavar="N", help="how many calls (200)")
        parser.add_argument(
            "--rate", type=float, default=5, metavar="N", help="calls a second (5); 0: as fast as the server can"
        )
        parser.add_argument(
            "--list",
            type=int,
            nargs="+",
            default=[1, 50],
            metavar="N",
            dest="sizes",
            help="events in a request; of several numbers each has its turn, and its speed is stated (1 50)",
        )
        parser.add_argument("--seed", type=int, default=1, help="another number: another hour")
        parser.add_argument(
            "--agents",
            nargs="+",
            default=AGENTS,
            metavar="EXTENSION",
            help=f"who answers; by default {AGENTS[0]} to {AGENTS[-1]}, which are nobody's",
        )

    def handle(self, **options: Any) -> None:
        """Do it; whatever is wrong ends it with status 1."""
        _refuse(**options)
        dice = random.Random(options["seed"])  # noqa: S311 - a play
        name = f"simulated-{secrets.token_hex(4)}"
        tapes = hour.play(options["calls"], name=name, ends_at=timezone.now(), agents=options["agents"], dice=dice)
        arrived = hour.arrivals(tapes, dice)
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        server = _server(options["url"])
        seconds = options["calls"] / options["rate"] if options["rate"] else 0
        try:
            with bar:
                task = bar.add_task("An hour of a contact centre", total=len(arrived))
                sent = sending.send(
                    server,
                    arrived,
                    token=options["token"],
                    sizes=options["sizes"],
                    seconds=seconds,
                    tell=lambda done: bar.update(task, completed=done),
                )
            wrong = checking.check(server, tapes, sent.calls, token=options["reader_token"])
        except NoAnswerError as error:
            raise CommandError(str(error)) from error
        finally:
            server.close()
        self._show(tapes, arrived, sent, wrong)
        if wrong or sent.problems:
            raise CommandError("The server has not concluded what was played.")

    def _show(self, tapes: Sequence[Tape], arrived: Sequence[Any], sent: Sent, wrong: Sequence[Wrong]) -> None:
        console = Console()
        with console.capture() as printed:
            console.print(_summary(tapes, wrong))
            console.print(_figures(tapes, arrived, sent, wrong))
            for problem in sent.problems[:SHOWN]:
                console.print(problem, markup=False)
            for each in wrong[:SHOWN]:
                console.print(
                    f"{each.call_id} ({each.story}), {each.what}:\n  played {each.played}\n  said   {each.said}",
                    markup=False,
                    highlight=False,
                )
        self.stdout.write(printed.get())


def _refuse(**options: Any) -> None:
    """Raise CommandError for what cannot be played."""
    if not options["token"] or not options["reader_token"]:
        raise CommandError("Give --token (manage.py phone_source …) and --reader-token (manage.py create_token …).")
    if options["calls"] < 1 or options["rate"] < 0:
        raise CommandError("At least one call, at a rate of 0 or more calls a second.")
    if not all(1 <= size <= MOST_IN_A_LIST for size in options["sizes"]):
        raise CommandError(f"A request holds 1 to {MOST_IN_A_LIST} events.")
    if len(set(options["agents"])) < LEAST_AGENTS:
        raise CommandError(f"It takes {LEAST_AGENTS} agents to pass a caller around.")


def _server(url: str) -> Server:
    try:
        return Server(url)
    except ValueError as error:
        raise CommandError(str(error)) from error


def _summary(tapes: Sequence[Tape], wrong: Sequence[Wrong]) -> Table:
    """Return how many calls of each story there were, and what had to be concluded of them."""
    table = Table("story", "calls", "to be concluded", "calls wrong", title="Played", title_justify="left")
    calls = Counter(tape.story for tape in tapes)
    concluded: dict[str, Counter[str]] = {story: Counter() for story in calls}
    for tape in tapes:
        concluded[tape.story].update(cause for cause, _ in tape.outcome["conclusions"])
    bad = Counter(story for story, _ in {(each.story, each.call_id) for each in wrong})
    for story, count in calls.most_common():
        what = ", ".join(f"{times} {cause}" for cause, times in concluded[story].items())
        table.add_row(story.replace("_", " "), str(count), what or "nothing", str(bad[story]))
    return table


def _figures(tapes: Sequence[Tape], arrived: Sequence[Any], sent: Sent, wrong: Sequence[Wrong]) -> Table:
    table = Table("what", "how much", title="Reported", title_justify="left")
    table.add_row("events", str(len(arrived)))
    table.add_row("… sent twice", str(sent.twice))
    table.add_row("… out of order", str(hour.out_of_order(arrived)))
    for size in sorted(sent.events):
        name = "singly" if size == 1 else f"in lists of {size}"
        table.add_row(f"events a second {name}", f"{sent.a_second(size):.0f}")
    table.add_row("answers that were wrong", str(len(sent.problems)))
    bad = len({each.call_id for each in wrong})
    table.add_row("calls concluded wrongly", f"{bad} of {len(tapes)} ({bad / len(tapes):.1%})")
    return table
