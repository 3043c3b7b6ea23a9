"""Webhooks over REST: administrators set them up."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from notices import webhooks
from notices.api.fields import DeliveryOut, NewSecretOut, NothingIn, WebhookChangesIn, WebhookIn, WebhookOut
from notices.api.permissions import ForItsReaders
from notices.errors import UnknownWebhook
from notices.models import Webhook
from people.api.endpoints import Endpoint, Operation
from people.api.pagination import page
from people.roles import READS_ALL, Role

ADMINISTRATORS = frozenset({Role.ADMIN})


class Webhooks(Endpoint):
    """The programs that are told what happens."""

    scope = "people"
    permission_classes = [ForItsReaders]
    readers = READS_ALL
    writers = ADMINISTRATORS
    operations = {
        "get": Operation("list_webhooks", gives=WebhookOut, many=True),
        "post": Operation("create_webhook", takes=WebhookIn, gives=NewSecretOut, status=201),
    }

    def get(self, request: Request) -> Response:
        """List the webhooks."""
        self.said()
        return page(request, Webhook.objects.select_related("created_by"), by="id", shape=WebhookOut)

    def post(self, request: Request) -> HttpResponse:
        """Set up a webhook; its secret is shown only now."""

        def work() -> HttpResponse:
            return Response(NewSecretOut(webhooks.create(by=request.user, **self.said())).data, status=201)

        return self.once(work)


class WebhookView(Endpoint):
    """One webhook."""

    scope = "people"
    permission_classes = [ForItsReaders]
    readers = READS_ALL
    writers = ADMINISTRATORS
    operations = {
        "get": Operation("get_webhook", gives=WebhookOut),
        "patch": Operation("edit_webhook", takes=WebhookChangesIn, gives=WebhookOut),
        "delete": Operation("delete_webhook", gives=WebhookOut),
    }

    def get(self, request: Request, number: int) -> HttpResponse:
        """Read one webhook."""
        self.said()
        found = Webhook.objects.select_related("created_by").filter(pk=number).first()
        if found is None:
            raise UnknownWebhook
        return Response(WebhookOut(found).data)

    def patch(self, request: Request, number: int) -> HttpResponse:
        """Change where it is, what it wants, or whether it gets anything."""
        return Response(WebhookOut(webhooks.edit(webhook=number, **self.said())).data)

    def delete(self, request: Request, number: int) -> HttpResponse:
        """Remove it, with all that was or is to be sent to it; the answer is what it was."""
        self.said()
        return Response(WebhookOut(webhooks.delete(webhook=number)).data)


class WebhookSecret(Endpoint):
    """A new secret for a webhook."""

    scope = "people"
    writers = ADMINISTRATORS
    operations = {"post": Operation("rotate_webhook_secret", takes=NothingIn, gives=NewSecretOut)}

    def post(self, request: Request, number: int) -> HttpResponse:
        """Make a new secret, shown only now; messages are signed with it and with the one before."""

        def work() -> HttpResponse:
            self.said()
            return Response(NewSecretOut(webhooks.rotate(webhook=number)).data)

        return self.once(work)


class WebhookOldSecrets(Endpoint):
    """The end of a webhook's old secret."""

    scope = "people"
    writers = ADMINISTRATORS
    operations = {"post": Operation("retire_webhook_secrets", takes=NothingIn, gives=WebhookOut)}

    def post(self, request: Request, number: int) -> HttpResponse:
        """Sign with the newest secret only."""

        def work() -> HttpResponse:
            self.said()
            return Response(WebhookOut(webhooks.retire(webhook=number)).data)

        return self.once(work)


class WebhookTest(Endpoint):
    """Trying a webhook out."""

    scope = "people"
    writers = ADMINISTRATORS
    operations = {"post": Operation("test_webhook", takes=NothingIn, gives=DeliveryOut, status=201)}

    def post(self, request: Request, number: int) -> HttpResponse:
        """Queue a message of the kind `webhook_test`; its delivery shows what became of it."""

        def work() -> HttpResponse:
            self.said()
            return Response(DeliveryOut(webhooks.test(webhook=number, by=request.user)).data, status=201)

        return self.once(work)
