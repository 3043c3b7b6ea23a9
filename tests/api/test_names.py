"""What is named in a request: a ticket that is a duplicate of another, a person who leaves."""

import pytest

from tests.api.calls import acknowledged
from tests.cast import Cast, client_of
from tickets.models import Ticket


@pytest.mark.parametrize("exists", [True, False], ids=["invisible", "absent"])
def test_a_ticket_that_one_cannot_see_is_no_duplicate(exists: bool, cast: Cast) -> None:
    ticket, other = acknowledged(cast), cast.open_ticket(cast.luis, team=cast.logistics)
    of = other.reference if exists else "T-999999"
    said = {"outcome": "duplicate_of", "duplicate_of": of, "root_cause": "double"}
    answer = client_of(cast.alice).post(f"/api/v1/tickets/{ticket.reference}/close/", said)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "duplicate_of", "message": "There is no ticket of that reference that you can see."}
    ]
    assert Ticket.objects.get(pk=ticket.pk).duplicate_of is None


@pytest.mark.parametrize("username", ["carol", "acme/carol+1@example.com", "Zoë_1"])
def test_whoever_leaves_is_found_by_any_username(username: str, cast: Cast) -> None:
    type(cast.carol).objects.filter(pk=cast.carol.pk).update(username=username)
    answer = client_of(cast.adam).post(f"/api/v1/people/{username}/departure/", {})
    assert (answer.status_code, answer.json()["username"]) == (200, username)


def test_nobody_of_that_username_is_404(cast: Cast) -> None:
    assert client_of(cast.adam).post("/api/v1/people/nobody/departure/", {}).status_code == 404
