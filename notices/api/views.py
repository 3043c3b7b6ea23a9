"""One's own notices over REST, and what one wants to be told."""

from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from notices import delivery, preferences
from notices.api.fields import ChoicesIn, ChoicesOut, DeliveriesQuery, DeliveryOut, NothingIn, NoticeOut
from notices.api.permissions import ForItsReaders
from notices.models import Notice, Notices
from people.api.endpoints import Endpoint, Operation
from people.api.pagination import Page
from people.roles import READS_ALL, Role


class MyNotices(Endpoint):
    """What I was told."""

    scope = "tickets"
    operations = {"get": Operation("list_notices", gives=NoticeOut, many=True)}

    def get(self, request: Request) -> Response:
        """List my own notices, the newest first."""
        self.said()
        return _newest_first(request, Notice.objects.filter(person=request.user), NoticeOut)


class MyChoices(Endpoint):
    """What I want to be told."""

    scope = "people"
    writers = frozenset(Role)
    operations = {
        "get": Operation("get_my_notices", gives=ChoicesOut),
        "put": Operation("set_my_notices", takes=ChoicesIn, gives=ChoicesOut),
    }

    def get(self, request: Request) -> Response:
        """Say which notices I get by mail, and which of them my role must get."""
        self.said()
        return _choices(request)

    def put(self, request: Request) -> Response:
        """Choose, for the kinds that are named."""
        preferences.choose(person=request.user, **self.said())
        return _choices(request)


def _choices(request: Request) -> Response:
    return Response(ChoicesOut({"choices": preferences.choices(request.user)}).data)


class Deliveries(Endpoint):
    """What was sent, is to be sent, and was given up."""

    scope = "people"
    permission_classes = [ForItsReaders]
    readers = READS_ALL
    operations = {"get": Operation("list_deliveries", takes=DeliveriesQuery, gives=DeliveryOut, many=True)}

    def get(self, request: Request) -> Response:
        """List the notices to everybody with how far they have come, the newest first."""
        rows = Notice.objects.filter(**self.said()).select_related("person")
        return _newest_first(request, rows, DeliveryOut)


class Redelivery(Endpoint):
    """Sending once more."""

    scope = "people"
    writers = frozenset({Role.ADMIN})
    operations = {"post": Operation("redeliver_notice", takes=NothingIn, gives=DeliveryOut)}

    def post(self, request: Request, notice: UUID) -> HttpResponse:
        """Send a notice again that was given up, skipped, or delivered; under the same id."""

        def work() -> HttpResponse:
            self.said()
            return Response(DeliveryOut(delivery.redeliver(notice=notice)).data)

        return self.once(work)


def _newest_first(request: Request, rows: Notices, shape: type[NoticeOut]) -> Response:
    asked = Page(request, timed=False)
    beyond = {} if asked.place is None else {"number__gt" if asked.back else "number__lt": asked.place.value}
    found = rows.filter(**beyond).order_by("number" if asked.back else "-number")
    results = asked.fetch(lambda count: list(found[:count]), lambda row: (row.number, row.number))
    return Response({"results": shape(results, many=True).data, **asked.links})
