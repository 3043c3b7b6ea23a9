"""Flags over REST: what managers must look at."""

from django.http import HttpResponse
from rest_framework.request import Request

from people.api.endpoints import Endpoint, Operation
from people.api.pagination import page_of_json
from tickets import flags
from tickets.api import inputs, sql
from tickets.api.representations import FlagOut
from tickets.api.views import NumberedVerb
from tickets.models import Flag, Ticket


class Flags(Endpoint):
    """The flags on the tickets that the caller may see."""

    scope = "tickets"
    operations = {"get": Operation("list_flags", takes=inputs.FlagsQuery, gives=FlagOut, many=True)}

    def get(self, request: Request) -> HttpResponse:
        """List flags, the latest first; without `status` those that are open."""
        said = self.said()
        found = Flag.objects.filter(ticket__in=Ticket.objects.visible_to(request.user))
        status = said.get("status", "open")
        if status == "open":
            found = found.filter(status__in=Flag.OPEN)
        elif status != "all":
            found = found.filter(status=status)
        if "kind" in said:
            found = found.filter(kind=said["kind"])
        if "level" in said:
            found = found.filter(level=said["level"])
        if "team" in said:
            found = found.filter(ticket__team=said["team"])
        return page_of_json(request, found, sql.FLAG, by="-raised_at")


class TakeOnFlag(NumberedVerb):
    """A manager says "I'm on it"."""

    verb, names = flags.take_on, "flag"
    operations = {"post": Operation("take_on_flag", takes=inputs.NothingIn, gives=FlagOut)}


class CloseFlag(NumberedVerb):
    """It has been dealt with."""

    verb, names = flags.close, "flag"
    operations = {"post": Operation("close_flag", takes=inputs.FlagNoteIn, gives=FlagOut)}


class CallFalseAlarm(NumberedVerb):
    """A red flag that was none, because of the note."""

    verb, names = flags.call_false_alarm, "flag"
    operations = {"post": Operation("call_false_alarm", takes=inputs.FlagNoteIn, gives=FlagOut)}
