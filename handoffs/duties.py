"""What falls due for somebody, and by when: the list for whoever goes home, and for whoever covers them."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from people.models import Person, Team

# Everything that somebody must do by a time: what is owed to customers on the tickets that they own, and what
# colleagues wait for. Each branch reads what is open, through a partial index.
_DUE = """
SELECT duty.kind, duty.number, duty.at, ticket.id, ticket.subject FROM (
    SELECT 'acknowledge' AS kind, id AS number, acknowledge_by AS at, id AS ticket_id
    FROM tickets_ticket WHERE owner_id = %(person)s AND live AND status = 'new'
    UNION ALL
    SELECT 'promise', promise.id, due_at, ticket_id
    FROM tickets_ticket owned JOIN tickets_promise promise ON promise.ticket_id = owned.id AND promise.state = 'open'
    WHERE owner_id = %(person)s AND live
    UNION ALL
    SELECT 'hold', hold.id, return_by, ticket_id
    FROM tickets_ticket owned JOIN tickets_hold hold ON hold.ticket_id = owned.id AND hold.ended_at IS NULL
    WHERE owner_id = %(person)s AND live
    UNION ALL
    SELECT CASE WHEN state = 'requested' THEN 'approve_handoff' WHEN state = 'claimed' THEN 'answer_claim'
                ELSE 'answer_offer' END, id, due_at, ticket_id
    FROM handoffs_handoff
    WHERE (state = 'offered' AND receiver_id = %(person)s) OR (state = 'claimed' AND giver_id = %(person)s)
       OR (state = 'requested' AND approver_id = %(person)s)
    UNION ALL
    SELECT 'complete_handoff', id, packet_owed_by, ticket_id
    FROM handoffs_handoff WHERE packet_owed_by IS NOT NULL AND giver_id = %(person)s AND state = 'accepted'
    UNION ALL
    SELECT 'help', id, answer_by, ticket_id FROM handoffs_helprequest WHERE state = 'open' AND asked_id = %(person)s
    UNION ALL
    SELECT 'manager_request', id, call_back_by, ticket_id
    FROM handoffs_managerrequest WHERE state = 'open' AND asked_id = %(person)s
) duty JOIN tickets_ticket ticket ON ticket.id = duty.ticket_id AND ticket.live
WHERE duty.at < %(before)s
ORDER BY duty.at, duty.number"""


class Duty(NamedTuple):
    """One thing that falls due: of a kind, with the number of its row, at a time, on a ticket."""

    kind: str
    number: int
    at: datetime
    ticket: int
    subject: str

    @property
    def reference(self) -> str:
        """The ticket's name."""
        return f"T-{self.ticket}"


KINDS = (
    "acknowledge",
    "promise",
    "hold",
    "answer_offer",
    "answer_claim",
    "approve_handoff",
    "complete_handoff",
    "help",
    "manager_request",
)


def due(person: Person, *, before: datetime) -> list[Duty]:
    """Return what falls due for `person` before a time, and what is overdue, the earliest first."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"person": person.pk, "before": before})
        return [Duty(*row) for row in cursor.fetchall()]


def back_at(person: Person, *, at: datetime) -> datetime:
    """Return when somebody who goes home at `at` is back: when they said, or with their next day's first shift.

    Whoever is in no team is back after a day that every team has.
    """
    if person.away_until is not None and person.away_until > at:
        return person.away_until
    team = Team.objects.filter(members=person).first() or Team.objects.led_by(person).first() or Team()
    calendar = team.calendar
    today = at.astimezone(calendar.zone).date()
    later = (opens for opens, _ in calendar.shifts(at) if opens.astimezone(calendar.zone).date() > today)
    return next(later)
