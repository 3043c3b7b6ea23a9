"""One complaint from the first call to its end, over REST, as a program would drive it."""

from tests.cast import PACKET, READ_BACK, Cast, client_of, in_hours


def test_open_acknowledge_offer_accept_contact_resolve_close(cast: Cast) -> None:
    alice, bob = client_of(cast.alice), client_of(cast.bob)
    opened = alice.post(
        "/api/v1/tickets/",
        {
            "customer": cast.customer.pk,
            "team": "billing",
            "subject": "Charged twice in March",
            "description": "The March invoice was taken two times.",
        },
    )
    assert opened.status_code == 201, opened.content
    ticket = opened.json()
    assert ticket["owner"] == {"username": "alice", "name": "Alice"}
    assert ticket["next_due"]["kind"] == "acknowledge"
    at = f"/api/v1/tickets/{ticket['reference']}/"

    acknowledged = alice.post(
        f"{at}acknowledge/", {"message": "I will call you tonight.", "next_contact_at": in_hours(5)}
    )
    assert acknowledged.status_code == 200, acknowledged.content
    assert acknowledged.json()["status"] == "open"

    offered = alice.post(f"{at}handoffs/", {"to": "bob", "reason": "skill", "urgency": "hour", **PACKET})
    assert offered.status_code == 201, offered.content
    assert offered.json()["state"] == "offered"
    assert alice.get(at).json()["owner"]["username"] == "alice"

    waiting = bob.get("/api/v1/handoffs/?to=me&status=offered").json()["results"]
    assert [handoff["id"] for handoff in waiting] == [offered.json()["id"]]
    assert waiting[0]["packet"] == PACKET
    accepted = bob.post(
        f"/api/v1/handoffs/{offered.json()['id']}/accept/",
        {"read_back": READ_BACK, "next_contact_at": in_hours(2)},
    )
    assert accepted.status_code == 200, accepted.content
    assert bob.get(at).json()["owner"]["username"] == "bob"

    contact = bob.post(f"{at}contacts/", {"direction": "outbound", "summary": "Told her that I have it now."})
    assert contact.status_code == 200, contact.content
    chain = bob.get(f"{at}chain/").json()
    assert chain["verified"] is True
    assert [tenure["owner"]["username"] for tenure in chain["tenures"]] == ["alice", "bob"]
    for promises in [tenure["promises"] for tenure in chain["tenures"]]:
        for promise in promises:
            assert bob.post(f"/api/v1/promises/{promise['id']}/keep/").status_code == 200

    resolved = bob.post(
        f"{at}resolve/", {"resolution": "Paid back.", "root_cause": "double_booking", "customer_agreed": True}
    )
    assert resolved.status_code == 200, resolved.content
    closed = bob.post(f"{at}close/", {"outcome": "resolved"})
    assert closed.status_code == 200, closed.content
    assert closed.json()["status"] == "closed"

    kinds = [entry["kind"] for entry in bob.get(f"{at}timeline/").json()["results"]]
    assert kinds == [
        "opened",
        "acknowledged",
        "handoff_offered",
        "handoff_accepted",
        "contact",
        "promise_kept",
        "promise_kept",
        "resolved",
        "closed",
    ]
