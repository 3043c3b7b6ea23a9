"""A ticket that moves again and again keeps a whole chain."""

import pytest

from handoffs import answers
from tests.cast import READ_BACK, Cast, in_hours
from tests.invariants import broken_invariants
from tickets.models import Tenure, Ticket

pytestmark = pytest.mark.django_db


def test_every_tenure_ends_as_the_next_begins(cast: Cast, ticket: Ticket) -> None:
    for receiver in (cast.bob, cast.carol, cast.alice, cast.bob):
        ticket.refresh_from_db()
        made = cast.offer(ticket, receiver, by=cast.maya)
        answers.accept(handoff=made.pk, by=receiver, read_back=READ_BACK, next_contact_at=in_hours(2))
    chain = Tenure.objects.filter(ticket=ticket).order_by("seq")
    assert [tenure.owner.username for tenure in chain] == ["alice", "bob", "carol", "alice", "bob"]
    assert broken_invariants() == []
