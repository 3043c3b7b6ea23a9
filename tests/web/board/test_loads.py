"""Who is drowning, and who is away while something falls due."""

from datetime import timedelta

from django.utils import timezone
from time_machine import TimeMachineFixture

from handoffs import covers, duties, help_requests
from people import presence
from people.models import Cover, Person
from phones.models import Call, Source
from tests.cast import Cast, in_hours
from tests.web.board.conftest import Section, words
from tests.web.screens import read, signed_in
from tickets import contacts, holds, promises
from tickets.kinds import HoldKind
from tickets.models import Ticket
from web import scopes
from web.board import loads
from web.board.loads import Load

HOUR = timedelta(hours=1)


def load_of(person: Person, by: Person) -> Load:
    """Return what one of somebody's people has to do."""
    found = loads.of_teams(scopes.of(by), at=timezone.now())
    return next(load for load in found if load.person == person)


def away(person: Person, hours: float | None = None) -> None:
    until = None if hours is None else in_hours(hours)
    presence.set_presence(person=person, presence="away", away_until=until)


def story(cast: Cast, monday: TimeMachineFixture) -> Ticket:
    """Alice owns three: one is new and late, one waits for days and is promised for tonight, one is offered to Bob."""
    new, waiting, offered = (cast.open_ticket() for _ in range(3))
    contacts.acknowledge(ticket=waiting.pk, by=cast.alice, message="Tonight.", next_contact_at=in_hours(9))
    holds.start(ticket=waiting.pk, by=cast.alice, kind=HoldKind.TICKET, return_by=in_hours(30))
    contacts.acknowledge(ticket=offered.pk, by=cast.alice, message="Soon.", next_contact_at=in_hours(1.5))
    monday.shift(2 * HOUR)
    cast.offer(offered, cast.bob)
    help_requests.ask(ticket=new.pk, by=cast.alice, asked=cast.carol, question="Which bank?", answer_by=in_hours(1))
    return new


def figures(load: Load) -> dict[str, int]:
    counted = {name: load.numbers.get(name, 0) for name in ("owned", "waits", "offer", "question")}
    return {**counted, "overdue": load.overdue, "today": load.due_today}


def test_what_everybody_has_to_do(monday: TimeMachineFixture, cast: Cast) -> None:
    story(cast, monday)

    assert figures(load_of(cast.alice, cast.maya)) == {
        "owned": 3, "waits": 1, "offer": 0, "question": 0, "overdue": 2, "today": 1,
    }  # fmt: skip
    assert figures(load_of(cast.bob, cast.maya)) == {
        "owned": 0, "waits": 0, "offer": 1, "question": 0, "overdue": 0, "today": 1,
    }  # fmt: skip
    assert figures(load_of(cast.carol, cast.maya)) == {
        "owned": 0, "waits": 0, "offer": 0, "question": 1, "overdue": 0, "today": 1,
    }  # fmt: skip


def test_it_is_what_falls_due_for_each_of_them(monday: TimeMachineFixture, cast: Cast) -> None:
    story(cast, monday)
    ticket = cast.hand(cast.open_ticket(), cast.bob, cast.carol)
    cast.offer(ticket, cast.alice)

    for load in loads.of_teams(scopes.of(cast.petra), at=timezone.now()):
        due = duties.due(load.person, before=load.back_at)
        assert load.due_before_back == len(due), load.person
        assert load.overdue == sum(duty.at < timezone.now() for duty in due), load.person
        assert load.back_at == duties.back_at(load.person, at=timezone.now()), load.person
        assert load.first_due_at is None or not due or load.first_due_at == due[0].at


def test_the_page_shows_it(monday: TimeMachineFixture, cast: Cast, section: Section) -> None:
    story(cast, monday)

    shown = section(cast.maya, "people")

    assert "Billing: 3 open tickets, 3 reps, at most 40 each: room for 117" in shown
    assert "Alice Billing Here 3 of 40 1 2 1 0 0" in shown
    assert "Bob Billing Here 0 of 40 1 0 0 1 0" in shown


def test_people_stand_by_team_and_name_or_by_what_is_overdue(monday: TimeMachineFixture, cast: Cast) -> None:
    cast.open_ticket(by=cast.luis, team=cast.logistics)
    monday.shift(2 * HOUR)

    def order(path: str) -> list[str]:
        page = read(signed_in(cast.petra), path)
        names = ("Alice", "Bob", "Carol", "Luis", "Lena", "Petra")
        table = words(page[page.index("<tbody>") : page.index("</tbody>")])
        return sorted(names, key=table.index)

    assert order("/board/") == ["Alice", "Bob", "Carol", "Petra", "Lena", "Luis"]
    assert order("/board/?sort=overdue") == ["Luis", "Alice", "Bob", "Carol", "Petra", "Lena"]


def test_who_is_on_a_call_is_seen(cast: Cast, section: Section) -> None:
    source = Source.objects.create(slug="pbx", team=cast.billing, secrets=["-"], digest="-", created_by=cast.adam)
    now = timezone.now()
    call = Call(source=source, team=cast.billing, call_id="1", began_at=now, heard_at=now, answered_by=cast.bob)
    call.save()

    assert "Bob Billing On a call" in section(cast.maya, "people")


def test_who_is_over_the_limit_is_seen(cast: Cast, section: Section) -> None:
    cast.billing.thresholds = {"load_limit_tickets": 1}
    cast.billing.save()
    for _ in range(2):
        cast.open_ticket()

    assert "Alice Billing Here 2 of 1 Over the limit" in section(cast.maya, "people")


def test_away_without_cover_while_something_falls_due(
    monday: TimeMachineFixture, cast: Cast, section: Section
) -> None:
    ticket = cast.open_ticket()
    promises.make(ticket=ticket.pk, by=cast.alice, what="I call you.", due_at=in_hours(3))
    away(cast.alice, 5)
    away(cast.bob, 5)

    shown = section(cast.maya, "absences")

    assert "Alice Billing back in 5 h 2 things fall due before then, the first in 1 h: nobody answers for it" in shown
    assert "Bob Billing back in 5 h nothing falls due before then" in shown
    assert load_of(cast.alice, cast.maya).is_left_alone
    assert not load_of(cast.bob, cast.maya).is_left_alone


def test_a_cover_counts_once_it_is_accepted(monday: TimeMachineFixture, cast: Cast, section: Section) -> None:
    cast.open_ticket()
    away(cast.alice, 5)
    client = signed_in(cast.maya)
    path = f"/board/people/{cast.alice.pk}/cover/"
    assert "Bob</option>" in read(client, path)

    answer = client.post(path, {"covering": cast.bob.pk, "until": "2027-03-01T14:00"}, headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert "Bob has been asked" in answer["HX-Trigger"]
    cover = Cover.objects.get()
    assert (cover.absent, cover.covering, cover.asked_by) == (cast.alice, cast.bob, cast.maya)
    assert "Bob has not answered" in section(cast.maya, "absences")
    assert load_of(cast.alice, cast.maya).is_left_alone

    covers.accept(cover=cover.pk, by=cast.bob)

    assert "Bob covers until in 5 h" in section(cast.maya, "absences")
    assert not load_of(cast.alice, cast.maya).is_left_alone


def test_a_cover_that_cannot_be_says_why_beside_its_field(monday: TimeMachineFixture, cast: Cast) -> None:
    away(cast.bob, 5)
    client = signed_in(cast.maya)
    path = f"/board/people/{cast.alice.pk}/cover/"

    answer = client.post(path, {"covering": cast.bob.pk, "until": "2027-03-01T14:00"})

    assert answer.status_code == 422
    assert "Bob is away" in answer.content.decode()
    assert "Bob (away)" in answer.content.decode()
    assert not Cover.objects.exists()


def test_a_manager_ends_a_cover(monday: TimeMachineFixture, cast: Cast) -> None:
    cover = covers.ask(by=cast.alice, covering=cast.bob, until=in_hours(5))
    client = signed_in(cast.maya)
    path = f"/board/covers/{cover.pk}/end/"
    assert "Bob no longer answers for Alice" in words(read(client, path))

    assert client.post(path).status_code == 302

    cover.refresh_from_db()
    assert cover.ended_at is not None
    assert client.post(path).status_code == 422
    assert signed_in(cast.lars).get(path).status_code == 404


def test_cover_is_for_who_manages(cast: Cast) -> None:
    path = f"/board/people/{cast.alice.pk}/cover/"

    assert signed_in(cast.lars).get(path).status_code == 404
    assert signed_in(cast.ada).get(path).status_code == 403
    assert signed_in(cast.bob).get(path).status_code == 403
