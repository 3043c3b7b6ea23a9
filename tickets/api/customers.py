"""Customers over REST."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from people.api.endpoints import Endpoint, Operation
from people.api.pagination import page_of_json
from tickets import customers, errors
from tickets.api import inputs, sql
from tickets.api.reads import one
from tickets.api.representations import CustomerOut
from tickets.models import Customer


def _details(said: dict[str, Any]) -> dict[str, Any]:
    if "contact_points" in said:
        said["contact_points"] = [
            (point["kind"], point["value"], point.get("label", "")) for point in said["contact_points"]
        ]
    return said


class Customers(Endpoint):
    """Who complains."""

    scope = "customers"
    operations = {
        "get": Operation("list_customers", takes=inputs.CustomersQuery, gives=CustomerOut, many=True),
        "post": Operation("create_customer", takes=inputs.CustomerIn, gives=CustomerOut, status=201),
    }

    def get(self, request: Request) -> HttpResponse:
        """Find customers by telephone number, or by name or e-mail address."""
        said = self.said()
        found = Customer.objects.filter(erased_at=None)
        if "phone" in said:
            found = customers.by_phone(said["phone"])
        if "q" in said:
            found = found.filter(pk__in=customers.search(said["q"]).values("pk"))
        return page_of_json(request, found.order_by(), sql.CUSTOMER, by="id")

    def post(self, request: Request) -> HttpResponse:
        """Take down a customer."""

        def work() -> HttpResponse:
            customer = customers.create(**_details(self.said()))
            return answer(customer.pk, status=201)

        return self.once(work)


class CustomerView(Endpoint):
    """One customer."""

    scope = "customers"
    operations = {
        "get": Operation("get_customer", gives=CustomerOut),
        "patch": Operation("edit_customer", takes=inputs.CustomerChangesIn, gives=CustomerOut),
    }

    def get(self, request: Request, number: int) -> HttpResponse:
        """Read what we know of a customer."""
        self.said()
        return answer(number)

    def patch(self, request: Request, number: int) -> HttpResponse:
        """Change what we know; `contact_points`, when given, replaces them all."""
        customers.update(customer=number, **_details(self.said()))
        return answer(number)


def answer(number: int, *, status: int = 200) -> HttpResponse:
    """Return a customer as they now stand. Raises UnknownCustomer."""
    rows = Customer.objects.filter(pk=number)
    if not rows.exists():
        raise errors.UnknownCustomer
    return one(rows, sql.CUSTOMER, status=status)
