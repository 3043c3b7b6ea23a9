"""Load: reps who work on tickets over REST, and repeat a request under its key until it is answered.

What they wrote down is held against the database afterwards: what was answered is there, exactly once.
"""

import http.client
import itertools
import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from people import tokens
from people.models import IdempotencyKey, Person, Team
from tests.cast import PACKET, READ_BACK, in_hours
from tickets import customers
from tickets.models import Entry, Ticket

PAUSE = 0.05  # seconds between two requests, and before one is repeated
LONGEST = 30  # seconds for one answer, before they hang up and ask again


@dataclass(frozen=True)
class Try:
    """One sending of a request: when, and the status of its answer; 0 when the line broke."""

    began: float
    ended: float
    status: int


@dataclass
class Request:
    """What was asked under one key, until it was answered; `step` is the entry that it should leave."""

    step: str
    ticket: str
    key: str
    tries: list[Try] = field(default_factory=list)
    replayed: bool = False

    @property
    def answered(self) -> bool:
        """Whether it has been answered with what it asked for."""
        return bool(self.tries) and 200 <= self.tries[-1].status < 300


class Caller(threading.Thread):
    """A rep who works on one ticket after another until told to leave, and hands some to a colleague."""

    def __init__(self, port: int, *, rep: Person, colleague: Person, team: Team) -> None:
        super().__init__(daemon=True)
        self.rep, self.colleague = tokens.create(rep), tokens.create(colleague)
        self.colleague_name, self.team = colleague.username, team.slug
        self.customer = customers.create(name="Customer Two").pk
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
        self.journal: list[Request] = []
        self.leaving, self.given_up = threading.Event(), threading.Event()
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            for work in itertools.cycle((self._promise, self._hold, self._hand, self._solve)):
                if self.leaving.is_set():
                    break
                work(self._open())
        except Exception as error:
            self.failure = error
        finally:
            self.line.close()

    def _open(self) -> str:
        said = {"customer": self.customer, "team": self.team, "subject": "Charged twice", "new": True}
        opened = self._ask("opened", "", "tickets/", {**said, "description": "March was taken two times."})
        self.journal[-1].ticket = opened["reference"]
        return self.journal[-1].ticket

    def _acknowledge(self, ticket: str) -> None:
        said = {"message": "I will see to it.", "next_contact_at": in_hours(2).isoformat()}
        self._ask("acknowledged", ticket, f"tickets/{ticket}/acknowledge/", said)

    def _promise(self, ticket: str) -> None:
        self._acknowledge(ticket)
        said = {"what": "I call you back.", "due_at": in_hours(1).isoformat()}
        promise = self._ask("promised", ticket, f"tickets/{ticket}/promises/", said)
        self._ask("promise_kept", ticket, f"promises/{promise['id']}/keep/", {})

    def _hold(self, ticket: str) -> None:
        self._acknowledge(ticket)
        hold = self._ask("hold_started", ticket, f"tickets/{ticket}/holds/", {"kind": "call"})
        self._ask("hold_ended", ticket, f"holds/{hold['id']}/end/", {})

    def _hand(self, ticket: str) -> None:
        self._acknowledge(ticket)
        said = {"to": self.colleague_name, "reason": "skill", **PACKET}
        offer = self._ask("handoff_offered", ticket, f"tickets/{ticket}/handoffs/", said)
        said = {"read_back": READ_BACK, "next_contact_at": in_hours(2).isoformat()}
        self._ask("handoff_accepted", ticket, f"handoffs/{offer['id']}/accept/", said, by=self.colleague)

    def _solve(self, ticket: str) -> None:
        self._ask("note", ticket, f"tickets/{ticket}/notes/", {"text": "She pays by card."})
        said = {"resolution": "Paid back.", "root_cause": "double", "customer_agreed": True}
        self._ask("resolved", ticket, f"tickets/{ticket}/resolve/", said)

    def _ask(self, step: str, ticket: str, path: str, said: dict[str, Any], *, by: str = "") -> dict[str, Any]:
        """Send a request, the same again and again, until it is answered with what it asked for."""
        request = Request(step, ticket, str(uuid.uuid4()))
        self.journal.append(request)
        headers = {"Authorization": f"Bearer {by or self.rep}", "Idempotency-Key": request.key}
        headers["Content-Type"] = "application/json"
        while not self.given_up.wait(PAUSE):
            began, status, answer = time.monotonic(), 0, b""
            try:
                self.line.request("POST", f"/api/v1/{path}", json.dumps(said), headers)
                response = self.line.getresponse()
                answer, request.replayed = response.read(), "Idempotency-Replayed" in response.headers
                status = response.status
            except (OSError, http.client.HTTPException):
                self.line.close()
            request.tries.append(Try(began, time.monotonic(), status))
            if 200 <= status < 300:
                return dict(json.loads(answer))
            # Nothing that they ask for is refused: whatever was done twice would be.
            assert status == 0 or status >= 500, f"{step} of {ticket}: {status} {answer.decode()}"
        raise AssertionError("The test has failed already.")

    def tries(self, since: float, until: float = float("inf")) -> Iterator[Try]:
        """What was sent, and answered or given up, between two moments of the monotonic clock."""
        for request in list(self.journal):
            yield from (each for each in list(request.tries) if since <= each.began and each.ended <= until)

    def answered(self, since: float) -> int:
        """How many requests have been answered with what they asked for that were sent since then.

        Raises what went wrong, if anything did.
        """
        if self.failure is not None:
            raise self.failure
        return sum(200 <= each.status < 300 for each in self.tries(since))


def assert_done_once(callers: Iterable[Caller]) -> None:
    """What was answered left exactly one entry, and nothing else did; each key is kept once."""
    for caller in callers:
        if caller.failure is not None:
            raise caller.failure
        tickets = Ticket.objects.filter(customer=caller.customer)
        steps = {request.step for request in caller.journal}
        entries = Entry.objects.filter(ticket__in=tickets, kind__in=steps).values_list("ticket", "kind")
        left = Counter((f"T-{number}", kind) for number, kind in entries)
        assert left == Counter((request.ticket, request.step) for request in caller.journal)
        keys = [request.key for request in caller.journal]
        assert sorted(IdempotencyKey.objects.filter(key__in=keys).values_list("key", flat=True)) == sorted(keys)
