"""Customers and how to reach them."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.utils import timezone

from people.models import Person


class Customer(models.Model):
    """Who complains. A forgotten customer keeps the row, and loses everything that says who they were."""

    class Value(models.TextChoices):
        """What the customer is to us, as the company counts it."""

        STANDARD = "standard"
        VALUED = "valued"
        KEY = "key"

    name = models.CharField(max_length=200, blank=True)
    since = models.DateField(null=True, blank=True)
    value = models.CharField(max_length=10, choices=Value, default=Value.STANDARD)
    language = models.CharField(max_length=8, blank=True)
    preferences = models.TextField(blank=True)
    preferred_rep = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    anonymous = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [GinIndex(SearchVector("name", config="simple"), name="customer_by_name")]

    def __str__(self) -> str:
        return self.name or "(name withheld)"


class ContactPoint(models.Model):
    """One way to reach a customer: a telephone number in E.164, or an e-mail address in lower case."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=5, choices=Kind)
    value = models.CharField(max_length=254)
    label = models.CharField(max_length=50, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "value"], name="contact_point_once_a_customer")
        ]
        # A household shares a number: it names customers, not one customer.
        indexes = [models.Index(fields=["kind", "value"], name="contact_point_by_value")]
