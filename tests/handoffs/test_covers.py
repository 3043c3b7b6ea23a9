"""Cover: somebody answers what falls due for another; the owner stays the owner."""

from typing import Any

import pytest
from time_machine import TimeMachineFixture

from handoffs import covers, departures, errors, help_requests, presence
from notices.models import Notice
from people.errors import NotYours
from people.models import Cover, Person
from tests.cast import PACKET, Cast, in_hours, told
from tests.invariants import broken_invariants
from tickets import contacts, permissions, promises, sweeps
from tickets.errors import UnknownTicket
from tickets.models import Entry, Ticket
from tickets.permissions import Action


def ask(cast: Cast, **details: Any) -> Cover:
    """Return a cover that Alice asks of Lena, who is in another team, for eight hours."""
    return covers.ask(**{"by": cast.alice, "covering": cast.lena, "until": in_hours(8), **details})


@pytest.fixture
def running(cast: Cast) -> Cover:
    """Lena covers Alice."""
    return covers.accept(cover=ask(cast).pk, by=cast.lena)


def again(person: Person) -> Person:
    """Return the person as the next request has them."""
    return Person.objects.get(pk=person.pk)


def test_until_it_is_accepted_nothing_changes(cast: Cast, ticket: Ticket) -> None:
    ask(cast)
    assert told(cast.lena) == ["cover_asked"]
    with pytest.raises(UnknownTicket):
        permissions.enter(ticket.pk, again(cast.lena), Action.NOTE)


def test_whoever_covers_acts_in_their_own_name_and_the_owner_stays(cast: Cast, ticket: Ticket, running: Cover) -> None:
    lena = again(cast.lena)
    contacts.note(ticket=ticket.pk, by=lena, text="She rang; I told her that Alice is at lunch.")
    promises.make(ticket=ticket.pk, by=lena, what="Alice calls back.", due_at=in_hours(3))
    help_requests.ask(ticket=ticket.pk, by=lena, asked=cast.bob, question="Which bank is it?", answer_by=in_hours(1))

    ticket.refresh_from_db()
    assert (ticket.owner, ticket.tenure_seq) == (cast.alice, 1)
    assert set(Entry.objects.filter(ticket=ticket, kind__in=["note", "promised"]).values_list("by", flat=True)) == {
        lena.pk
    }
    assert told(cast.alice) == ["cover_accepted"]
    assert broken_invariants() == []


def test_whoever_covers_offers_and_withdraws_on_the_owners_behalf(cast: Cast, ticket: Ticket, running: Cover) -> None:
    lena = again(cast.lena)
    offer = cast.offer(ticket, cast.bob, by=lena)
    assert (offer.giver, offer.made_by) == (cast.alice, lena)


def test_the_owners_own_yes_is_nobody_elses(cast: Cast, ticket: Ticket, running: Cover) -> None:
    with pytest.raises(NotYours):
        contacts.acknowledge(ticket=ticket.pk, by=again(cast.lena), message="I?", next_contact_at=in_hours(2))


def test_a_question_to_the_absent_one_is_answered_by_the_one_who_covers(cast: Cast, running: Cover) -> None:
    ticket = cast.open_ticket(by=cast.bob)
    question = help_requests.ask(
        ticket=ticket.pk, by=cast.bob, asked=cast.alice, question="Which bank?", answer_by=in_hours(1)
    )
    help_requests.answer(help_request=question.pk, by=again(cast.lena), answer="The savings bank.")
    assert Entry.objects.get(ticket=ticket, kind="help_answered").by == cast.lena


def test_what_the_owner_is_told_the_one_who_covers_is_told_as_well(
    monday: TimeMachineFixture, cast: Cast, ticket: Ticket, running: Cover
) -> None:
    contacts.acknowledge(ticket=ticket.pk, by=cast.alice, message="I call.", next_contact_at=in_hours(2))
    sweeps.sweep(at=in_hours(1.8))

    told_of_it = Notice.objects.filter(kind="promise_due_soon")
    assert {(notice.person, notice.payload.get("covering_for")) for notice in told_of_it} == {
        (cast.alice, None),
        (cast.lena, "alice"),
    }


def test_nobody_is_told_twice_who_covers_and_is_told_anyway(cast: Cast, ticket: Ticket, running: Cover) -> None:
    question = help_requests.ask(
        ticket=ticket.pk, by=cast.alice, asked=cast.lena, question="Is it at Hull?", answer_by=in_hours(1)
    )
    help_requests.withdraw(help_request=question.pk, by=cast.alice)
    assert told(cast.lena).count("help_withdrawn") == 1


def test_it_ends_by_itself_whether_or_not_a_sweep_comes_by(
    monday: TimeMachineFixture, cast: Cast, ticket: Ticket, running: Cover
) -> None:
    monday.shift(8 * 3600)
    with pytest.raises(UnknownTicket):
        permissions.enter(ticket.pk, again(cast.lena), Action.NOTE)
    contacts.note(ticket=ticket.pk, by=cast.alice, text="I am back.")

    assert covers.sweep() == 1
    assert covers.sweep() == 0
    assert Cover.objects.get().how == Cover.End.OVER
    assert told(cast.lena).count("cover_ended") == told(cast.alice).count("cover_ended") == 1


def test_it_begins_when_it_was_said_to(monday: TimeMachineFixture, cast: Cast, ticket: Ticket) -> None:
    later = ask(cast, starts_at=in_hours(2))
    covers.accept(cover=later.pk, by=cast.lena)
    assert again(cast.lena).covered_ids == frozenset()
    monday.shift(2 * 3600)
    assert again(cast.lena).covered_ids == {cast.alice.pk}


def test_coming_back_early_ends_it(cast: Cast, running: Cover) -> None:
    presence.set_presence(person=cast.alice, presence_now="present")
    assert Cover.objects.open().exists(), "she never went away"
    presence.set_presence(person=cast.alice, presence_now="away")
    presence.set_presence(person=again(cast.alice), presence_now="present")
    assert Cover.objects.get().how == Cover.End.BACK


def test_a_manager_starts_it_for_somebody_who_is_not_there(cast: Cast, ticket: Ticket) -> None:
    offer = cast.offer(cast.open_ticket(by=cast.bob), cast.alice)
    cover = ask(cast, by=cast.maya, absent=cast.alice)

    away = again(cast.alice)
    assert (away.presence, away.away_until) == ("away", cover.until)
    assert "receiver_away" in told(offer.giver)
    covers.accept(cover=cover.pk, by=cast.lena)
    assert again(cast.lena).covered_ids == {cast.alice.pk}
    assert "cover_accepted" in told(cast.maya)


def test_nobody_else_starts_it_for_somebody(cast: Cast) -> None:
    for who in (cast.bob, cast.lars, cast.ada):
        with pytest.raises(NotYours):
            ask(cast, by=who, absent=cast.alice)


def test_an_unanswered_one_is_the_managers_to_hear_of(monday: TimeMachineFixture, cast: Cast) -> None:
    ask(cast)
    assert covers.sweep(at=in_hours(0.2)) == 0
    assert covers.sweep(at=in_hours(0.25)) == 1
    assert covers.sweep(at=in_hours(0.26)) == 0
    assert told(cast.maya) == told(cast.alice) == ["cover_unanswered"]

    assert covers.sweep(at=in_hours(8)) == 1
    assert Cover.objects.get().how == Cover.End.UNANSWERED


def test_it_is_accepted_by_the_one_who_was_asked_in_time(monday: TimeMachineFixture, cast: Cast) -> None:
    cover = ask(cast)
    with pytest.raises(errors.NotForYou):
        covers.accept(cover=cover.pk, by=cast.alice)
    with pytest.raises(errors.UnknownCover):
        covers.accept(cover=cover.pk, by=cast.bob)
    monday.shift(8 * 3600)
    with pytest.raises(errors.CoverHasEnded):
        covers.accept(cover=cover.pk, by=cast.lena)


def test_no_is_an_answer(cast: Cast) -> None:
    covers.end(cover=ask(cast).pk, by=cast.lena)
    assert Cover.objects.get().how == Cover.End.DECLINED
    assert told(cast.alice) == ["cover_ended"]
    ask(cast, covering=cast.bob)


def test_saying_yes_twice_changes_nothing(cast: Cast, running: Cover) -> None:
    covers.accept(cover=running.pk, by=cast.lena)
    assert told(cast.alice) == ["cover_accepted"]


def test_one_at_a_time(cast: Cast, running: Cover) -> None:
    with pytest.raises(errors.CoverIsOpen):
        ask(cast, covering=cast.bob)


@pytest.mark.parametrize(
    ("field", "details"),
    [
        ("covering", {"covering": "alice"}),
        ("covering", {"covering": "ada"}),
        ("covering", {"covering": "carol"}),
        ("absent", {"absent": "ada", "by": "adam"}),
        ("until", {"until": in_hours(-1)}),
        ("until", {"until": in_hours(24 * 61)}),
        ("starts_at", {"starts_at": in_hours(-1)}),
    ],
)
def test_what_cannot_be_is_refused_by_name(cast: Cast, field: str, details: dict[str, Any]) -> None:
    presence.set_presence(person=cast.carol, presence_now="away")
    said = {name: getattr(cast, value) if isinstance(value, str) else value for name, value in details.items()}
    with pytest.raises(errors.CannotCover) as refused:
        ask(cast, **said)
    assert list(refused.value.fields) == [field]
    assert not Cover.objects.exists()


def test_whoever_leaves_for_good_covers_nobody(cast: Cast, running: Cover) -> None:
    departures.leave(person=cast.lena.pk, by=cast.adam)
    assert Cover.objects.get().how == Cover.End.LEFT
    assert "cover_ended" in told(cast.alice)


def test_the_chain_says_who_covered_its_owner(cast: Cast, ticket: Ticket, running: Cover, api: Any) -> None:
    moved = cast.hand(ticket, cast.bob, packet=PACKET)
    covers.end(cover=running.pk, by=cast.alice)
    tenures = api(cast.ada).get(f"/api/v1/tickets/{moved.reference}/chain/").json()["tenures"]
    assert [[cover["covering"]["username"] for cover in tenure["covers"]] for tenure in tenures] == [["lena"], []]
