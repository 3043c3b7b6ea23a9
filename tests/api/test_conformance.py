"""Every successful answer is what the schema says: PostgreSQL writes many of them, past the serializers."""

import pytest
from jsonschema import ValidationError

from handoffs import answers, covers, help_requests, manager_requests, ringing, takeovers
from people import presence
from tests.api.calls import CALLS, requested
from tests.api.conformance import check, operations
from tests.cast import READ_BACK, Cast, client_of, in_hours
from tickets import bounces, contacts, customers, flags, holds, promises
from tickets.kinds import FlagKind, HoldKind, Level
from tickets.models import Ticket

# Who is told what has tests of its own, in tests/notices.
OUTBOX = {"list_notices", "list_deliveries", "list_webhooks"}
# What falls due for one person: see below.
DUE = {"list_my_due", "list_due_in_cover"}
LISTS = sorted(name for name in CALLS if name.startswith("list_") and name not in OUTBOX | DUE)


def busy(cast: Cast) -> Ticket:
    """Return a ticket to which everything has happened that an answer could tell of."""
    ticket = requested(cast).ticket
    customers.update(customer=cast.customer.pk, preferred_rep=cast.bob, since="2019-05-01", language="de")
    contacts.contact(ticket=ticket.pk, by=cast.alice, direction="inbound", chase=True, summary="Where is my money?")
    holds.start(ticket=ticket.pk, by=cast.alice, kind=HoldKind.TICKET, reason="The bank.", return_by=in_hours(3))
    ended = holds.start(ticket=ticket.pk, by=cast.alice, kind=HoldKind.CALL)
    holds.end(hold=ended.pk, by=cast.alice)
    for asked in (cast.luis, cast.lena):
        said = {"asked": asked, "question": "Which parcel?", "answer_by": in_hours(1)}
        request = help_requests.ask(ticket=ticket.pk, by=cast.alice, **said)
    help_requests.answer(help_request=request.pk, by=cast.lena, answer="The blue one.")
    wanted = manager_requests.ask(ticket=ticket.pk, by=cast.bob, reason="She has had enough.")
    ringing.sweep(at=in_hours(0.1))
    manager_requests.answer(manager_request=wanted.pk, by=cast.maya, answer="I see to it myself.")
    cover = covers.ask(by=cast.alice, covering=cast.bob, until=in_hours(9))
    covers.accept(cover=cover.pk, by=cast.bob)
    takeovers.take_over(ticket=ticket.pk, by=cast.maya, reason="She asked for a manager.")
    offer = cast.offer(Ticket.objects.get(pk=ticket.pk), cast.luis)
    answers.decline(handoff=offer.pk, by=cast.luis, reason="I know no refunds.")
    offer = cast.offer(Ticket.objects.get(pk=ticket.pk), cast.lena)
    answers.accept(handoff=offer.pk, by=cast.lena, read_back=READ_BACK, next_contact_at=in_hours(2))
    answers.correct(handoff=offer.pk, by=cast.maya, correction="It was the April payment.")
    for flag in ticket.flags.all()[:1]:
        flags.take_on(flag=flag.pk, by=cast.lars)
    found = Ticket.objects.get(pk=ticket.pk)
    closed = bounces.Finding(FlagKind.SILENT, Level.AMBER, {"days": 3})
    promises.make(ticket=ticket.pk, by=cast.lena, what="I call you.", due_at=in_hours(1))
    manager_requests.ask(ticket=ticket.pk, by=cast.lena)
    flags.close(flag=flags.raise_for(found, [closed], at=found.owner_since)[0].pk, by=cast.lars, note="Called her.")
    return found


@pytest.mark.parametrize("operation", sorted(operations()))
def test_the_answer_is_as_documented(operation: str, cast: Cast) -> None:
    check(operation, CALLS[operation](cast).send())


@pytest.mark.parametrize("operation", LISTS)
def test_a_list_of_what_really_happened_is_as_documented(operation: str, cast: Cast) -> None:
    ticket = busy(cast)
    call = CALLS[operation](cast)
    url = call.url.replace(str(call.ticket.pk), str(ticket.pk)) if call.ticket else call.url
    url += "?status=all" if operation == "list_flags" else ""
    answer = client_of(cast.petra).get(url)
    assert answer.json()["results"]
    check(operation, answer)


def test_what_falls_due_is_as_documented(cast: Cast) -> None:
    cast.open_ticket()
    cover = covers.ask(by=cast.alice, covering=cast.bob, until=in_hours(9))
    for operation, url in (("list_my_due", "me/due/"), ("list_due_in_cover", f"covers/{cover.pk}/due/")):
        answer = client_of(cast.alice).get(f"/api/v1/{url}")
        assert answer.json()["results"]
        check(operation, answer)


@pytest.mark.parametrize("operation", ["get_ticket", "get_timeline", "get_chain"])
def test_what_a_busy_ticket_tells_is_as_documented(operation: str, cast: Cast) -> None:
    ticket = busy(cast)
    client = client_of(cast.petra)
    path = {"get_ticket": "", "get_timeline": "timeline/?page_size=200", "get_chain": "chain/"}[operation]
    check(operation, client.get(f"/api/v1/tickets/{ticket.reference}/{path}"))


def test_a_chain_as_it_stood_is_as_documented(cast: Cast) -> None:
    ticket = busy(cast)
    for moment in (ticket.opened_at, ticket.owner_since, in_hours(-900)):
        url = f"/api/v1/tickets/{ticket.reference}/chain/"
        check("get_chain", client_of(cast.petra).get(url, {"as_of": moment.isoformat()}))


@pytest.mark.parametrize("operation", ["get_ticket", "get_timeline", "get_chain"])
def test_what_is_left_of_a_forgotten_customer_is_as_documented(operation: str, cast: Cast) -> None:
    ticket = busy(cast)
    customers.forget(customer=cast.customer.pk, by=cast.adam)
    path = {"get_ticket": "", "get_timeline": "timeline/?page_size=200", "get_chain": "chain/"}[operation]
    answer = client_of(cast.petra).get(f"/api/v1/tickets/{ticket.reference}/{path}")
    assert "bank" not in answer.content.decode()
    check(operation, answer)


def test_handoffs_and_questions_about_a_forgotten_customer_are_as_documented(cast: Cast) -> None:
    busy(cast)
    customers.forget(customer=cast.customer.pk, by=cast.adam)
    for operation in ("list_handoffs", "list_help_requests", "list_flags", "list_customers"):
        check(operation, client_of(cast.petra).get(CALLS[operation](cast).url))
    check("get_customer", client_of(cast.petra).get(f"/api/v1/customers/{cast.customer.pk}/"))


def test_a_further_contact_on_an_open_ticket_is_as_documented(cast: Cast) -> None:
    call = CALLS["open_ticket"](cast)
    first, second = call.send(client_of(cast.form)), call.send(client_of(cast.form))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["reference"] == second.json()["reference"]
    check("open_ticket", second)


def test_somebody_away_and_reachable_is_as_documented(cast: Cast) -> None:
    presence.take_extension(person=cast.bob, extension="4711")
    client_of(cast.bob).put("/api/v1/me/presence/", {"presence": "away", "away_until": in_hours(1).isoformat()})
    for operation in ("me", "list_people"):
        check(operation, client_of(cast.bob).get(CALLS[operation](cast).url))


@pytest.mark.parametrize(("kind", "value"), [("subject", 5), ("owner_since", "yesterday"), ("flags", None)])
def test_a_field_that_is_not_as_documented_is_noticed(kind: str, value: object, cast: Cast) -> None:
    answer = CALLS["get_ticket"](cast).send()
    answer.json = lambda: {**CALLS["get_ticket"](cast).send().json(), kind: value}  # type: ignore[method-assign]
    with pytest.raises(ValidationError):
        check("get_ticket", answer)


def test_a_field_that_is_not_documented_is_noticed(cast: Cast) -> None:
    answer = CALLS["get_ticket"](cast).send()
    answer.json = lambda: {**CALLS["get_ticket"](cast).send().json(), "surprise": 1}  # type: ignore[method-assign]
    with pytest.raises(ValidationError):
        check("get_ticket", answer)
