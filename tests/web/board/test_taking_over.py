"""Taking over, with one reason, what somebody cannot do."""

from tests.cast import Cast
from tests.web.screens import read, signed_in
from tickets.models import Entry, Ticket


def owners() -> list[str]:
    """Return who owns each ticket, the oldest first."""
    return list(Ticket.objects.order_by("pk").values_list("owner__username", flat=True))


def test_what_is_chosen_is_taken_over_with_one_reason(cast: Cast) -> None:
    tickets = [cast.open_ticket() for _ in range(3)]
    client = signed_in(cast.maya)
    path = f"/board/people/{cast.alice.pk}/"
    page = read(client, path)
    assert all(ticket.reference in page for ticket in tickets)

    answer = client.post(
        path, {"tickets": [ticket.pk for ticket in tickets[:2]], "reason": "Alice is ill."}, follow=True
    )

    assert "2 tickets are yours now." in answer.content.decode()
    assert owners() == ["maya", "maya", "alice"]
    told = Entry.objects.filter(kind="taken_over").select_related("text")
    assert [entry.text.content for entry in told if entry.text] == [{"reason": "Alice is ill."}] * 2


def test_all_or_none_and_what_was_chosen_stays_chosen(cast: Cast) -> None:
    tickets = [cast.open_ticket() for _ in range(2)]
    client = signed_in(cast.maya)
    path = f"/board/people/{cast.alice.pk}/"
    numbers = [ticket.pk for ticket in tickets]

    answer = client.post(path, {"tickets": numbers, "reason": "..."})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Why do you take it over?" in page
    assert page[page.index("<main") : page.index("</main>")].count(" checked") == 2
    assert client.post(path, {"reason": "She is ill."}).status_code == 422
    assert owners() == ["alice", "alice"]


def test_only_what_one_manages_can_be_chosen(cast: Cast) -> None:
    cast.alice.teams.add(cast.logistics)
    elsewhere = cast.open_ticket(team=cast.logistics)
    mine = cast.open_ticket()
    client = signed_in(cast.maya)
    path = f"/board/people/{cast.alice.pk}/"

    page = read(client, path)

    assert mine.reference in page
    assert elsewhere.reference not in page
    assert "1 open one is another team" in page
    assert client.post(path, {"tickets": [elsewhere.pk], "reason": "She is ill."}).status_code == 422
    assert owners() == ["alice", "alice"]


def test_who_is_in_no_team_of_ones_own_is_not_there(cast: Cast) -> None:
    assert signed_in(cast.maya).get(f"/board/people/{cast.luis.pk}/").status_code == 404
    assert signed_in(cast.maya).get(f"/board/people/{cast.ada.pk}/").status_code == 404
    assert signed_in(cast.alice).get(f"/board/people/{cast.bob.pk}/").status_code == 403


def test_who_only_reads_sees_and_takes_nothing(cast: Cast) -> None:
    ticket = cast.open_ticket()
    client = signed_in(cast.ada)
    path = f"/board/people/{cast.alice.pk}/"

    page = read(client, path)

    assert ticket.reference in page
    assert 'name="tickets"' not in page
    assert client.post(path, {"tickets": [ticket.pk], "reason": "To see."}).status_code == 403
    assert owners() == ["alice"]


def test_nobody_takes_over_from_themselves(cast: Cast) -> None:
    cast.open_ticket(by=cast.maya)

    page = read(signed_in(cast.maya), f"/board/people/{cast.maya.pk}/")

    assert 'name="tickets"' not in page
