"""Forgetting a customer over REST: on this floor, since telephone systems told of them as well."""

from django.http import HttpResponse
from rest_framework.request import Request

from people.api.endpoints import Endpoint, Operation
from people.roles import Role
from phones import forgetting
from tickets.api import inputs
from tickets.api.customers import answer
from tickets.api.representations import CustomerOut


class ForgetCustomer(Endpoint):
    """A customer asks to be forgotten: an administrator does it."""

    scope = "customers"
    writers = frozenset({Role.ADMIN})
    operations = {"post": Operation("forget_customer", takes=inputs.NothingIn, gives=CustomerOut)}

    def post(self, request: Request, number: int) -> HttpResponse:
        """Erase who they were, what was typed about them, and their numbers; the chains of their tickets stay."""

        def work() -> HttpResponse:
            self.said()
            forgetting.forget(customer=number, by=request.user)
            return answer(number)

        return self.once(work)
