"""Going home: what falls due, who covers, and being there."""

from handoffs import covers
from people.models import Cover, Person
from tests.cast import Cast, in_hours
from tests.web.screens import read, signed_in
from tests.web.tickets.test_doing import at
from tickets import promises
from tickets.models import Ticket


def test_it_shows_what_falls_due_before_one_is_back(cast: Cast, ticket: Ticket) -> None:
    later = cast.open_ticket(channel="email")
    promises.make(ticket=ticket.pk, by=cast.alice, what="I call you.", due_at=in_hours(1))
    promises.make(ticket=later.pk, by=cast.alice, what="Some day.", due_at=in_hours(24 * 20))

    page = read(signed_in(cast.alice), "/going-home/")

    assert page.count("promise due") == 1
    assert ticket.reference in page


def test_cover_is_asked_for_and_accepted(cast: Cast, ticket: Ticket) -> None:
    alice, bob = signed_in(cast.alice), signed_in(cast.bob)

    asked = alice.post("/going-home/", {"covering": cast.bob.pk, "until": at(10)})
    assert asked.status_code == 302
    cover = Cover.objects.get()
    assert "has not said yes yet" in read(alice, "/going-home/")
    assert "Yes, I cover" in read(bob, "/going-home/")
    bob.post(f"/covers/{cover.pk}/accept/")

    assert "said yes" in read(alice, "/going-home/")
    assert ticket.reference in read(bob, "/desk/covering/")
    ticket.refresh_from_db()
    assert ticket.owner == cast.alice

    alice.post(f"/covers/{cover.pk}/end/")
    cover.refresh_from_db()
    assert cover.how == "ended"


def test_what_is_refused_stands_in_the_form(cast: Cast) -> None:
    answer = signed_in(cast.alice).post("/going-home/", {"covering": cast.bob.pk, "until": at(-1)})

    assert answer.status_code == 422
    assert "Until when? Later than it starts" in answer.content.decode()


def test_a_cover_of_others_is_not_ones_to_answer(cast: Cast) -> None:
    cover = covers.ask(by=cast.alice, covering=cast.bob, until=in_hours(5))

    signed_in(cast.lena).post(f"/covers/{cover.pk}/accept/")

    cover.refresh_from_db()
    assert cover.accepted_at is None


def test_away_and_back(cast: Cast) -> None:
    client = signed_in(cast.alice)

    client.post("/me/presence/away/", {"away_until": at(5)})
    assert not Person.objects.get(pk=cast.alice.pk).is_present(in_hours(1))
    assert "You are away" in read(client, "/going-home/")
    client.post("/me/presence/present/", {})

    assert Person.objects.get(pk=cast.alice.pk).is_present(in_hours(0))
    assert client.post("/me/presence/asleep/", {}).status_code == 404
    assert client.post("/me/presence/away/", {"away_until": at(-5)}).status_code == 422


def test_an_extension_is_ones_own(cast: Cast) -> None:
    signed_in(cast.alice).post("/me/extension/", {"extension": "204"})
    taken = signed_in(cast.bob).post("/me/extension/", {"extension": "204"})

    assert Person.objects.get(pk=cast.alice.pk).extension == "204"
    assert taken.status_code == 422
    assert "They must give it up first" in taken.content.decode()
