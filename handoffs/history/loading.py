"""Writing replayed cases as historical tickets, set-based, through the floor's own sisters of its verbs."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from handoffs.history import accounts
from handoffs.history.replay import Replayed
from people import copying
from people.models import Person, Team
from tickets import flags, holds, ownership, timeline
from tickets.flags import ImportedFlag
from tickets.holds import ImportedHold
from tickets.models import Customer, Entry, Flag, Hold, Tenure, Ticket
from tickets.ownership import ImportedTenure, ImportedTicket
from tickets.states import Status
from tickets.timeline import ImportedEntry

# A history knows no promised return, and a hold has one. A day stands in; no flag is raised for it.
RETURN_AFTER = timedelta(days=1)


class Cast:
    """Everybody whom the tickets of an import refer to, by the names that the history gives them."""

    def __init__(self, source: str, *, fallback: Person, time_zone: str) -> None:
        self.source = source
        self.fallback = fallback
        self.time_zone = time_zone
        self.customer = accounts.customer(source)
        self.people = {"": fallback}
        self.teams: dict[str, Team] = {}

    def meet(self, cases: Sequence[Replayed]) -> None:
        """Find, or make, those whom these cases name and who have not been met before."""
        people = {person for case in cases for person in case.persons} - self.people.keys()
        if people:
            self.people |= accounts.people(self.source, people)
        teams = {case.team for case in cases} - self.teams.keys()
        if teams:
            self.teams |= accounts.teams(self.source, teams, fallback=self.fallback, time_zone=self.time_zone)


def already_there(source: str) -> frozenset[str]:
    """Return the keys of the cases that were imported from a source before."""
    return frozenset(Ticket.objects.filter(source=source).values_list("source_key", flat=True))


def load(cases: Sequence[Replayed], cast: Cast) -> None:
    """Write cases as historical tickets with all that belongs to them. Settle when the last are written.

    The caller owns the transaction.
    """
    cast.meet(cases)
    numbered = list(zip(copying.next_ids(Ticket, len(cases)), cases, strict=True))
    ownership.load_chains(
        (_ticket(number, case, cast) for number, case in numbered),
        (tenure for number, case in numbered for tenure in _tenures(number, case, cast)),
    )
    holds.load(hold for number, case in numbered for hold in _holds(number, case, cast))
    timeline.load(entry for number, case in numbered for entry in _entries(number, case, cast))
    flags.load(flag for number, case in numbered for flag in _flags(number, case))


def _ticket(number: int, case: Replayed, cast: Cast) -> ImportedTicket:
    last = case.tenures[-1]
    return ImportedTicket(
        id=number,
        customer_id=cast.customer.pk,
        team_id=cast.teams[case.team].pk,
        subject=case.subject,
        status=case.status.value,
        owner_id=cast.people[last.person].pk,
        owner_since=last.started_at,
        tenure_seq=len(case.tenures),
        owner_count=len({tenure.person for tenure in case.tenures}),
        change_count=case.moves,
        opened_at=case.opened_at,
        acknowledged_at=_acknowledged_at(case),
        resolved_at=case.resolved_at,
        closed_at=case.closed_at,
        source=cast.source,
        source_key=case.key,
    )


def _acknowledged_at(case: Replayed) -> datetime | None:
    """Return when somebody was first named: the nearest thing to a yes that a history has."""
    if case.named_at is None and case.status != Status.CLOSED:
        # Whoever resolved it or put it on hold had it, though nobody wrote down who.
        return case.opened_at
    return case.named_at


def _tenures(number: int, case: Replayed, cast: Cast) -> Iterator[ImportedTenure]:
    for seq, tenure in enumerate(case.tenures, start=1):
        owner = cast.people[tenure.person].pk
        # A history has no documented moves: each change of person counts as one.
        yield ImportedTenure(number, seq, owner, tenure.started_at, tenure.ended_at, counted=seq > 1)


def _holds(number: int, case: Replayed, cast: Cast) -> Iterator[ImportedHold]:
    for hold in case.holds:
        yield ImportedHold(
            ticket_id=number,
            by_id=cast.people[hold.person].pk,
            started_at=hold.started_at,
            return_by=hold.started_at + RETURN_AFTER,
            ended_at=hold.ended_at,
            how=hold.how.value if hold.how else "",
        )


def _entries(number: int, case: Replayed, cast: Cast) -> Iterator[ImportedEntry]:
    """One entry a tenure; the first also says where the case comes from and what is not in its chain."""
    for seq, tenure in enumerate(case.tenures, start=1):
        data: dict[str, Any] = {"seq": seq, "owner": cast.people[tenure.person].username}
        if seq == 1:
            data |= {"source": cast.source, "case": case.key, "events": case.events}
            if case.clamped:
                data["times_clamped"] = case.clamped
            if case.ownerless:
                data["ownerless"] = [{"since": since, "until": until} for since, until in case.ownerless]
        yield ImportedEntry(number, tenure.started_at, data)


def _flags(number: int, case: Replayed) -> Iterator[ImportedFlag]:
    for flag in case.flags:
        yield ImportedFlag(number, flag.kind.value, flag.level.value, flag.raised_at, flag.rose_at, flag.evidence)


def take_stock() -> None:
    """Let PostgreSQL count what has been loaded: it looks up keys, and shows pages, by what it knows of the size.

    Whoever does not own the tables is passed over with a warning; then it counts by itself, minutes later.
    """
    tables = [model._meta.db_table for model in (Customer, Ticket, Tenure, Entry, Hold, Flag)]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
