"""Nobody says both yeses: what is claimed is the owner's to release, what is offered the receiver's to accept."""

from tests.api.calls import CALLS
from tests.cast import Cast, client_of
from tickets.models import Ticket


def test_whoever_claims_a_ticket_cannot_release_it_to_themselves(cast: Cast) -> None:
    call = CALLS["release_ticket"](cast)
    assert call.send(client_of(cast.bob)).status_code == 403
    assert Ticket.objects.get(pk=call.ticket.pk).owner == cast.alice


def test_whoever_claims_a_ticket_cannot_decline_for_its_owner(cast: Cast) -> None:
    call = CALLS["release_ticket"](cast)
    path = call.url.replace("release", "decline")
    assert client_of(cast.bob).post(path, {"reason": "I changed my mind."}).status_code == 403


def test_whoever_offers_a_ticket_cannot_accept_it_for_its_receiver(cast: Cast) -> None:
    call = CALLS["accept_handoff"](cast)
    assert call.send(client_of(cast.alice)).status_code == 403
    assert Ticket.objects.get(pk=call.ticket.pk).owner == cast.alice
