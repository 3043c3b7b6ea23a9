"""Reading tickets over REST: one statement, the right to look, and the look logged."""

from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from people.api.fields import EARLIEST
from people.api.pagination import Page, written_by
from people.models import Person
from people.statements import GIVEN, Kept
from tickets import errors, looks, permissions
from tickets.api import sql
from tickets.models import Ticket
from tickets.permissions import Action


def see(request: Request, reference: int) -> Ticket:
    """Return a ticket that the caller may see, with the look logged. Raises UnknownTicket."""
    ticket = _SEEN.first(reference)
    if ticket is None:
        raise errors.UnknownTicket
    _look(request.user, ticket)
    return ticket


# What the permission rules need to know of a ticket.
_SEEN = Kept(lambda: Ticket.objects.filter(pk=GIVEN).only("team_id", "owner_id"))


def _look(person: Person, ticket: Ticket) -> None:
    permissions.require(person, Action.VIEW, ticket)
    looks.log(ticket=ticket.pk, person=person.pk, at=timezone.now())


def ticket_response(reference: int, *, to: Person | None = None, status: int = 200) -> HttpResponse:
    """Return a ticket's details as they now stand, with its version as ETag.

    to: who looks at it; None answers somebody who has just done something with it. Raises UnknownTicket.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.ONE_TICKET, [reference])
        row = cursor.fetchone()
    if row is None:
        raise errors.UnknownTicket
    details, version, owner, team = row
    if to is not None:
        _look(to, Ticket(pk=reference, owner_id=owner, team_id=team))
    return HttpResponse(details, status=status, content_type="application/json", headers={"ETag": f'"{version}"'})


def desk(request: Request) -> HttpResponse:
    """Return a page of the caller's own live tickets, those first that fall due first."""
    asked = Page(request)
    place = asked.place
    statement = sql.DESK_BACK if asked.back else sql.DESK_ON
    due, number = (place.value, place.number) if place else (EARLIEST, 0)

    def read(count: int) -> list[tuple[str, object, int]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"owner": request.user.pk, "count": count, "due": due, "number": number})
            return cursor.fetchall()

    rows = asked.fetch(read, lambda row: (row[1], row[2]))
    return asked.json([row[0] for row in rows])


def one(rows: QuerySet[Any, Any], expression: str, *, status: int = 200) -> HttpResponse:
    """Return the one row of a queryset as the JSON that the expression writes of it."""
    body = rows.annotate(json=written_by(expression)).values_list("json", flat=True).get()
    return HttpResponse(body, status=status, content_type="application/json")
