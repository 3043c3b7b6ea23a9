"""Help requests: the owner asks a question, and still owns the ticket."""

from typing import Any

import pytest

from handoffs import errors, help_requests
from handoffs.models import HelpRequest
from handoffs.protocol import HelpState
from people.errors import Incomplete, NotYours
from people.models import Person
from tests.cast import Cast, entries, in_hours, told
from tests.invariants import broken_invariants
from tickets import resolution
from tickets.errors import UnknownTicket
from tickets.models import Ticket
from tickets.states import Outcome


def ask(ticket: Ticket, by: Person, asked: Person, **details: Any) -> HelpRequest:
    """Return a question about a ticket."""
    said: dict[str, Any] = {"question": "Where is the parcel?", "answer_by": in_hours(2), **details}
    return help_requests.ask(ticket=ticket.pk, by=by, asked=asked, **said)


@pytest.fixture
def question(cast: Cast, ticket: Ticket) -> HelpRequest:
    """Alice of Billing asks Luis of Logistics."""
    return ask(ticket, cast.alice, cast.luis)


def test_asking_moves_nothing_and_lets_the_asked_see_it(cast: Cast, ticket: Ticket, question: HelpRequest) -> None:
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.tenure_seq) == (cast.alice, 1)
    assert Ticket.objects.visible_to(cast.luis).get() == ticket
    assert told(cast.luis) == ["help_asked"]
    assert entries(ticket) == ["opened", "help_asked"]


def test_two_departments_work_for_one_owner(cast: Cast, ticket: Ticket, question: HelpRequest) -> None:
    ask(ticket, cast.alice, cast.bob)
    ask(ticket, cast.alice, cast.lars)
    assert HelpRequest.objects.filter(state=HelpState.OPEN).count() == 3
    assert broken_invariants() == []


def test_the_answer_ends_it_and_the_guests_ticket(cast: Cast, ticket: Ticket, question: HelpRequest) -> None:
    answered = help_requests.answer(help_request=question.pk, by=cast.luis, answer="In the depot at Hull.")
    assert answered.state == HelpState.ANSWERED
    assert answered.answer is not None
    assert answered.answer.content == {"answer": "In the depot at Hull."}
    assert told(cast.alice) == ["help_answered"]
    assert not Ticket.objects.visible_to(cast.luis).exists()
    assert broken_invariants() == []


def test_the_answer_is_for_the_new_owner_too(cast: Cast, ticket: Ticket, question: HelpRequest) -> None:
    cast.hand(ticket, cast.bob)
    help_requests.answer(help_request=question.pk, by=cast.luis, answer="In the depot at Hull.")
    assert told(cast.bob)[-1] == told(cast.alice)[-1] == "help_answered"


@pytest.mark.parametrize("who", ["alice", "bob", "maya"])
def test_only_the_asked_answers(cast: Cast, question: HelpRequest, who: str) -> None:
    with pytest.raises(errors.NotForYou):
        help_requests.answer(help_request=question.pk, by=getattr(cast, who), answer="In the depot.")


def test_to_whoever_does_not_see_the_ticket_there_is_no_question(cast: Cast, question: HelpRequest) -> None:
    with pytest.raises(errors.UnknownHelpRequest):
        help_requests.answer(help_request=question.pk, by=cast.lena, answer="In the depot.")
    with pytest.raises(errors.UnknownHelpRequest):
        help_requests.answer(help_request=0, by=cast.luis, answer="In the depot.")


@pytest.mark.parametrize("answer", ["", "?", "n/a"])
def test_an_answer_says_something(cast: Cast, question: HelpRequest, answer: str) -> None:
    with pytest.raises(Incomplete):
        help_requests.answer(help_request=question.pk, by=cast.luis, answer=answer)


def test_it_is_answered_once(cast: Cast, question: HelpRequest) -> None:
    help_requests.answer(help_request=question.pk, by=cast.luis, answer="In the depot.")
    with pytest.raises(errors.HelpHasEnded):
        help_requests.answer(help_request=question.pk, by=cast.luis, answer="In the depot.")
    with pytest.raises(errors.HelpHasEnded):
        help_requests.withdraw(help_request=question.pk, by=cast.alice)


@pytest.mark.parametrize("who", ["alice", "maya"])
def test_the_owner_or_a_manager_takes_it_back(cast: Cast, question: HelpRequest, who: str) -> None:
    assert help_requests.withdraw(help_request=question.pk, by=getattr(cast, who)).state == HelpState.WITHDRAWN
    assert told(cast.luis) == ["help_asked", "help_withdrawn"]
    assert broken_invariants() == []


@pytest.mark.parametrize("who", ["bob", "luis", "ada"])
def test_nobody_else_takes_it_back(cast: Cast, question: HelpRequest, who: str) -> None:
    with pytest.raises(NotYours):
        help_requests.withdraw(help_request=question.pk, by=getattr(cast, who))


def test_whoever_asked_takes_it_back_though_the_ticket_has_moved(
    cast: Cast, ticket: Ticket, question: HelpRequest
) -> None:
    cast.hand(ticket, cast.lena)
    assert help_requests.withdraw(help_request=question.pk, by=cast.alice).state == HelpState.WITHDRAWN


@pytest.mark.parametrize("who", ["alice", "ada", "form"])
def test_some_cannot_be_asked(cast: Cast, ticket: Ticket, who: str) -> None:
    with pytest.raises(Incomplete):
        ask(ticket, cast.alice, getattr(cast, who))


def test_an_answer_is_needed_by_a_later_time(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(Incomplete) as refused:
        ask(ticket, cast.alice, cast.luis, answer_by=in_hours(-1))
    assert list(refused.value.fields) == ["answer_by"]


def test_a_question_says_something(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(Incomplete) as refused:
        ask(ticket, cast.alice, cast.luis, question="???")
    assert list(refused.value.fields) == ["question"]


@pytest.mark.parametrize(("who", "refusal"), [("bob", NotYours), ("ada", NotYours), ("lena", UnknownTicket)])
def test_only_the_owner_or_a_manager_asks(cast: Cast, ticket: Ticket, who: str, refusal: type[Exception]) -> None:
    assert ask(ticket, cast.maya, cast.luis)
    with pytest.raises(refusal):
        ask(ticket, getattr(cast, who), cast.lars)


def test_about_a_closed_ticket_nothing_is_asked(cast: Cast, ticket: Ticket) -> None:
    resolution.close(ticket=ticket.pk, by=cast.alice, outcome=Outcome.SPAM)
    with pytest.raises(errors.TicketDoesNotMove):
        ask(ticket, cast.alice, cast.luis)
