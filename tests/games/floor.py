"""The floor of the game that plays all verbs: a clock, actors, a way to try a verb, the checks after it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import none, sampled_from

from handoffs import chains
from people.errors import Refusal
from people.models import Person
from tests.invariants import broken_invariants
from tickets.models import Ticket

M = TypeVar("M", bound=Model)

OWNERS = ["alice", "bob", "carol", "luis", "lena", "maya", "dora", "lars", "petra"]
owners = sampled_from(OWNERS)
# None is whoever may do it by rights; anybody else may as well be forbidden to.
actors = none() | none() | none() | sampled_from([*OWNERS, "ada", "adam", "form"])
# What is likely comes first: Hypothesis draws from the front more often.
hours = sampled_from([5, 30, 1, 0.01, 800, -1])
words = sampled_from(["I call the bank before noon.", "Il cliente aspetta una risposta.", "ok", ""])

BEGINNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TABLES = [
    model._meta.db_table
    for name in ("people", "notices", "tickets", "handoffs")
    for model in apps.get_app_config(name).get_models(include_auto_created=True)
]
# How many rows each table has, and which transactions wrote them: any write changes it, no rollback does.
STATE = " UNION ALL ".join(f"SELECT '{table}', count(*), sum(xmin::text::bigint) FROM {table}" for table in TABLES)
# Without an order PostgreSQL may count the tables side by side, and answer in another order each time.
STATE += " ORDER BY 1"


def state() -> list[tuple[str, int, int]]:
    """Return a fingerprint of everything that the product has stored."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        rows: list[tuple[str, int, int]] = cursor.fetchall()
    return rows


def newest(model: type[M], ticket: int) -> M | None:
    """Return what was made last on a ticket, of one kind; None when there is nothing."""
    return model._default_manager.filter(ticket=ticket).order_by("pk").last()


def check_deferred_keys() -> None:
    """Check the keys that a commit would check."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class Machine(RuleBasedStateMachine):
    """What the rules stand on. Each example begins with the cast, and is rolled back at its end."""

    tickets = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(BEGINNING, tick=False)
        self.traveller = self.clock.start()
        self.beginning = transaction.savepoint()
        self.before = state()
        self.changed = False

    def teardown(self) -> None:
        """Look at every chain once more, as an auditor does; then forget the example."""
        try:
            for number in Ticket.objects.values_list("pk", flat=True):
                assert json.loads(chains.chain(number))["verified"], f"the chain of {number} is not verified"
        finally:
            transaction.savepoint_rollback(self.beginning)
            self.clock.stop()

    def attempt(self, verb: Callable[..., Any], **said: Any) -> Any:
        """Try a verb and return its result, or None when it is refused: then it must have changed nothing."""
        try:
            result = verb(**said)
        except Refusal:
            written = set(state()) - set(self.before)
            assert not written, "it was refused, and yet something was written"
            return None
        check_deferred_keys()
        self.before, self.changed = state(), True
        return result

    @rule(hours=sampled_from([0.02, 0.3, 1.1, 5, 25, 200]))
    def wait(self, hours: float) -> None:
        """Time passes."""
        self.traveller.shift(timedelta(hours=hours))

    @invariant()
    def nothing_is_broken(self) -> None:
        """Ask the invariants, in SQL, whenever something has changed."""
        if self.changed:
            self.changed = False
            broken = broken_invariants()
            assert not broken, broken

    def actor(self, who: str | None, right: Person | None = None) -> Person:
        """Return who acts: somebody by name, or the right one. Whoever has left cannot sign in: Petra acts."""
        found = right if who is None else Person.objects.get(username=who)
        if found is None or not found.is_active:
            found = Person.objects.get(username="petra")
        return found

    def owner(self, who: str | None, ticket: int) -> Person:
        """Return who acts where the owner should."""
        return self.actor(who, Ticket.objects.get(pk=ticket).owner)

    def manager(self, who: str | None, ticket: int) -> Person:
        """Return who acts where the manager of the ticket's team should."""
        return self.actor(who, Ticket.objects.get(pk=ticket).team.manager)

    def later(self, hours: float) -> datetime:
        """Return the moment so many hours from the machine's now."""
        return timezone.now() + timedelta(hours=hours)

    def moment(self, hours: float | None) -> datetime | None:
        """Return an explicit time for a verb, or None for none."""
        return None if hours is None else self.later(hours)
