"""Customers, their tickets, who owned each when, and what is owed on them."""

from tickets.models.choices import known, of
from tickets.models.customers import ContactPoint, Customer
from tickets.models.duties import Flag, Hold, Promise, ThresholdChange
from tickets.models.tickets import NEVER, Entry, Look, Tenure, Text, Ticket, Viewer

__all__ = [
    "NEVER",
    "ContactPoint",
    "Customer",
    "Entry",
    "Flag",
    "Hold",
    "Look",
    "Promise",
    "Tenure",
    "Text",
    "ThresholdChange",
    "Ticket",
    "Viewer",
    "known",
    "of",
]
