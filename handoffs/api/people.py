"""Going away, and leaving for good, over REST: what waits for somebody is seen to."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from handoffs import departures, presence
from handoffs.api.representations import DepartedOut
from people.api.endpoints import Endpoint, Operation
from people.api.views import MeOut, PresenceIn, me
from people.errors import UnknownPerson
from people.models import Person
from people.roles import Role
from tickets.api import inputs as ticket_inputs


class MyPresence(Endpoint):
    """Whether I am there."""

    scope = "people"
    writers = frozenset(Role)
    operations = {"put": Operation("set_my_presence", takes=PresenceIn, gives=MeOut)}

    def put(self, request: Request) -> Response:
        """Say that I am present, or away, and until when."""
        said = self.said()
        presence.set_presence(person=request.user, presence_now=said["presence"], away_until=said.get("away_until"))
        return me(request)


class Departure(Endpoint):
    """Somebody leaves for good."""

    scope = "people"
    writers = frozenset({Role.ADMIN, Role.MANAGER})
    operations = {"post": Operation("leave", takes=ticket_inputs.NothingIn, gives=DepartedOut)}

    def post(self, request: Request, username: str) -> HttpResponse:
        """Give each of their live tickets to its team's manager, and let them in no more."""

        def work() -> HttpResponse:
            self.said()
            person = Person.objects.filter(username=username).first()
            if person is None:
                raise UnknownPerson
            return self.answered(departures.leave(person=person.pk, by=request.user))

        return self.once(work)
