"""Telling browsers at once that something has changed: one message a transaction, published in Valkey.

A message says what to look at, never what is to be seen there: pages ask for that, by whoever may see it.
It is best effort. While Valkey is away nothing is told, no verb fails for that, and pages ask by themselves.
"""

import functools
import json
from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from django.db import connection, transaction

from people import memory

# Sets are written as lists; made once, for verbs to lose no time.
_written = json.JSONEncoder(default=list).encode


class Subject(Protocol):
    """What people look at, and who does; on the floor above it is a ticket."""

    pk: int
    version: int
    team_id: int
    owner_id: int


class _Change(NamedTuple):
    """A subject, and whose it was before; whose it is, and its version, is read when all is written."""

    subject: Subject
    team: int
    owner: int


class _Notice(NamedTuple):
    """A notice to some people (their ids); call: the telephone call that it is about."""

    kind: str
    about: str
    people: list[int]
    call: str | None


class _News(list[_Change | _Notice]):
    """What a transaction has to tell."""

    def send(self) -> None:
        """Publish it: the transaction has committed."""
        tickets: dict[int, dict[str, Any]] = {}
        for change in self:
            if isinstance(change, _Change):
                subject, team, owner = change
                known = tickets.setdefault(subject.pk, {"version": 0, "teams": set(), "owners": set()})
                known["version"] = max(known["version"], subject.version)
                known["teams"] |= {team, subject.team_id}
                known["owners"] |= {owner, subject.owner_id}
        notices = [each._asdict() for each in self if isinstance(each, _Notice)]
        publish(tickets=[{"ticket": number, **known} for number, known in tickets.items()], notices=notices)


def changed(subjects: Iterable[Subject]) -> None:
    """Tell those who see the subjects, now or when the transaction commits, that they have changed."""
    _say([_Change(subject, subject.team_id, subject.owner_id) for subject in subjects])


def noticed(kind: str, *, about: str, people: Iterable[int], call: str | None = None) -> None:
    """Tell people (their ids), when the transaction commits, that they have been sent a notice."""
    _say([_Notice(kind, about, list(people), call)])


def _say(parts: list[Any]) -> None:
    hooks: list[Any] = connection.run_on_commit
    news = getattr(hooks[-1][1], "__self__", None) if hooks else None
    if isinstance(news, _News):
        hooks.pop()
    else:
        news = _News()
    # What a savepoint takes back is not told, so each part hangs on the savepoint in which it was said. What
    # tells all of them at once hangs on none, and comes last.
    transaction.on_commit(functools.partial(news.extend, parts))
    if connection.in_atomic_block:
        hooks.append((set(), news.send, True))
    else:
        news.send()


def publish(**what: Any) -> None:
    """Publish one message to all streams; nothing when there is nothing to tell."""
    told = {name: value for name, value in what.items() if value}
    if told:
        memory.publish(channel(), _written(told))


@functools.cache
def channel() -> str:
    """Return the name of the channel: each database of a Valkey has its own, which channels otherwise share."""
    return f"live:{memory.valkey().get_connection_kwargs().get('db', 0)}"
