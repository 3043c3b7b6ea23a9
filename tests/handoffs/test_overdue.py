"""What colleagues owe each other: flagged when it falls due, cleared when it comes."""

from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from handoffs import answers, help_requests, overdue
from handoffs.models import Handoff, HelpRequest
from tests.cast import PACKET, READ_BACK, Cast, in_hours, told, utc
from tickets import resolution
from tickets.models import Flag, Ticket
from tickets.states import Outcome

MINUTE = timedelta(minutes=1)


@pytest.fixture
def live(monday: TimeMachineFixture, cast: Cast) -> Handoff:
    """A live handoff that Bob accepted at nine; the rest of its packet is owed."""
    two_fields = {name: PACKET[name] for name in ("need", "next_action")}
    offered = cast.offer(cast.open_ticket(), cast.bob, on_call=True, packet=two_fields)
    return answers.accept(handoff=offered.pk, by=cast.bob, read_back=READ_BACK, next_contact_at=in_hours(2))


@pytest.fixture
def question(monday: TimeMachineFixture, cast: Cast) -> HelpRequest:
    """Alice asks Lars, until ten."""
    return help_requests.ask(
        ticket=cast.open_ticket().pk,
        by=cast.alice,
        asked=cast.lars,
        question="Where is the parcel?",
        answer_by=in_hours(1),
    )


def standing(ticket: Ticket) -> list[tuple[str, str, str]]:
    """Return the ticket's flags as (kind, level, status)."""
    return list(Flag.objects.filter(ticket=ticket).order_by("pk").values_list("kind", "level", "status"))


def test_an_owed_packet_is_amber_after_a_quarter_of_an_hour_and_red_after_an_hour(
    live: Handoff, monday: TimeMachineFixture
) -> None:
    monday.shift(14 * MINUTE)
    assert overdue.sweep() == 0
    monday.shift(MINUTE)
    assert overdue.sweep() == 1
    assert standing(live.ticket) == [("packet_owed", "amber", "raised")]
    monday.shift(45 * MINUTE)
    assert overdue.sweep() == 1
    assert standing(live.ticket) == [("packet_owed", "red", "raised")]
    assert overdue.sweep() == 0


def test_completed_it_clears(live: Handoff, cast: Cast, monday: TimeMachineFixture) -> None:
    monday.shift(20 * MINUTE)
    overdue.sweep()
    owed = {name: PACKET[name] for name in ("expectation", "history")}
    answers.complete(handoff=live.pk, by=cast.alice, **owed)
    assert standing(live.ticket) == [("packet_owed", "amber", "cleared")]
    monday.shift(60 * MINUTE)
    assert overdue.sweep() == 0


def test_completed_in_time_it_is_never_raised(live: Handoff, cast: Cast, monday: TimeMachineFixture) -> None:
    answers.complete(handoff=live.pk, by=cast.alice, expectation=PACKET["expectation"], history=PACKET["history"])
    monday.shift(60 * MINUTE)
    assert overdue.sweep() == 0
    assert standing(live.ticket) == []


def test_an_unanswered_question(question: HelpRequest, cast: Cast, monday: TimeMachineFixture) -> None:
    monday.shift(60 * MINUTE)
    overdue.sweep()
    assert standing(question.ticket) == [("help_unanswered", "amber", "raised")]
    monday.move_to(utc(2027, 3, 3), tick=False)
    overdue.sweep()
    assert standing(question.ticket) == [("help_unanswered", "red", "raised")]
    help_requests.answer(help_request=question.pk, by=cast.lars, answer="It is in Cardiff.")
    assert standing(question.ticket) == [("help_unanswered", "red", "cleared")]


def test_it_stays_while_another_question_is_overdue(
    question: HelpRequest, cast: Cast, monday: TimeMachineFixture
) -> None:
    help_requests.ask(
        ticket=question.ticket_id, by=cast.alice, asked=cast.luis, question="Who signed?", answer_by=in_hours(1)
    )
    monday.shift(60 * MINUTE)
    assert overdue.sweep() == 2
    help_requests.withdraw(help_request=question.pk, by=cast.alice)
    assert standing(question.ticket) == [("help_unanswered", "amber", "raised")]


def test_the_same_instant_twice_doubles_nothing(question: HelpRequest, monday: TimeMachineFixture) -> None:
    monday.shift(60 * MINUTE)
    assert (overdue.sweep(), overdue.sweep()) == (1, 0)
    assert question.ticket.entries.filter(kind="flag_raised").count() == 1


def test_a_question_about_a_ticket_that_has_ended_is_withdrawn(
    question: HelpRequest, cast: Cast, monday: TimeMachineFixture
) -> None:
    resolution.close(ticket=question.ticket_id, by=cast.alice, outcome=Outcome.SPAM)
    monday.shift(60 * MINUTE)
    assert (overdue.sweep(), overdue.sweep()) == (1, 0)
    question.refresh_from_db()
    assert (question.state, standing(question.ticket)) == ("withdrawn", [])
    assert "help_withdrawn" in told(cast.lars)
