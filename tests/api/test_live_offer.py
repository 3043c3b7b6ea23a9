"""An offer while the customer is on the line: two fields, no approval, and the manager is told."""

from notices.models import Notice
from tests.api.calls import CALLS
from tests.cast import PACKET, Cast, client_of


def test_a_live_offer_asks_for_two_fields_and_tells_the_manager(cast: Cast) -> None:
    ticket = cast.open_ticket()
    said = {"to": "bob", "reason": "skill", "on_call": True}
    said |= {name: PACKET[name] for name in ("need", "next_action")}
    answer = client_of(cast.alice).post(f"/api/v1/tickets/{ticket.reference}/handoffs/", said)
    assert (answer.status_code, answer.json()["urgency"]) == (201, "now")
    assert Notice.objects.get(kind="handoff_live").person == cast.maya


def test_what_it_still_owes_is_completed_afterwards(cast: Cast) -> None:
    answer = CALLS["complete_handoff"](cast).send()
    assert answer.json()["packet"] == PACKET


def test_an_offer_that_needs_approval_asks_the_manager(cast: Cast) -> None:
    CALLS["approve_handoff"](cast)
    notice = Notice.objects.get(kind="handoff_approval_asked")
    assert (notice.person, notice.payload["receiver"]) == (cast.maya, "bob")
