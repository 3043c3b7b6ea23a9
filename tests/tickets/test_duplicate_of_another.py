"""Proposing a ticket as a duplicate of somebody else's."""

import pytest

from tests.cast import Cast
from tickets import errors, resolution
from tickets.states import Outcome


def test_a_resolved_ticket_is_not_proposed_for_nobody_could_confirm_it(cast: Cast) -> None:
    ticket, other = cast.open_ticket(), cast.open_ticket(cast.bob)
    resolution.resolve(ticket=ticket.pk, by=cast.alice, resolution="Paid.", root_cause="fees", customer_agreed=True)

    with pytest.raises(errors.StateDoesNotAllow, match="reopen it first"):
        resolution.close(
            ticket=ticket.pk,
            by=cast.alice,
            outcome=Outcome.DUPLICATE_OF,
            root_cause="fees",
            duplicate_of=other.pk,
        )
