"""A proposed duplicate waits for the yes of whoever owns the surviving ticket now."""

from tests.cast import Cast
from tickets import duplicates, resolution
from tickets.models import Ticket
from tickets.states import Outcome


def test_the_new_owner_is_asked_and_the_one_before_no_more(cast: Cast) -> None:
    doubled, survivor = cast.open_ticket(), cast.open_ticket(by=cast.bob)
    resolution.close(
        ticket=doubled.pk, by=cast.alice, outcome=Outcome.DUPLICATE_OF, root_cause="twice", duplicate_of=survivor.pk
    )
    cast.hand(survivor, cast.lena)
    assert Ticket.objects.visible_to(cast.lena).filter(pk=doubled.pk).exists()
    assert doubled.viewers.filter(person=cast.bob).count() == 0
    assert duplicates.confirm(ticket=doubled.pk, by=cast.lena, yes=True).outcome == Outcome.DUPLICATE_OF
