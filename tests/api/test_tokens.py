"""Tokens: what they are for, how they end, and that nobody could read them in the database."""

import io

import pytest
from django.core.management import CommandError, call_command

from handoffs import departures
from people import tokens
from people.models import Token
from people.roles import Scope
from tests.api.calls import CALLS
from tests.cast import Cast, client_of
from tickets.models import Ticket

ME = "/api/v1/me/"


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        (Scope.TICKETS_READ, {"list_tickets", "get_ticket", "get_timeline", "list_handoffs", "list_flags"}),
        (Scope.TICKETS_WRITE, {"open_ticket", "write_note", "offer_handoff", "resolve"}),
        (Scope.CUSTOMERS_READ, {"list_customers", "get_customer"}),
        (Scope.CUSTOMERS_WRITE, {"create_customer", "edit_customer"}),
        (Scope.PEOPLE_READ, {"list_people", "list_teams"}),
        (Scope.PEOPLE_WRITE, {"set_my_presence", "set_my_extension"}),
    ],
    ids=lambda value: str(value) if isinstance(value, Scope) else None,
)
def test_a_token_does_what_its_scope_says_and_nothing_else(scope: Scope, may: set[str], cast: Cast) -> None:
    tried = {
        "list_tickets", "get_ticket", "get_timeline", "list_handoffs", "list_flags", "open_ticket", "write_note",
        "offer_handoff", "resolve", "list_customers", "get_customer", "create_customer", "edit_customer",
        "list_people", "list_teams", "set_my_presence", "set_my_extension",
    }  # fmt: skip
    client = client_of(cast.alice, scope)
    assert {name for name in tried if CALLS[name](cast).send(client).status_code != 403} == may


def test_a_persons_token_without_scopes_does_what_they_may(cast: Cast, ticket: Ticket) -> None:
    assert client_of(cast.alice).get(ME).json()["scopes"] == []
    assert client_of(cast.alice).get(f"/api/v1/tickets/{ticket.reference}/").status_code == 200


def test_scopes_give_a_person_nothing_that_they_may_not(cast: Cast, ticket: Ticket) -> None:
    assert client_of(cast.luis, *Scope).get(f"/api/v1/tickets/{ticket.reference}/").status_code == 404


def test_everybody_may_ask_who_they_are(cast: Cast) -> None:
    answer = client_of(cast.form, Scope.CUSTOMERS_READ).get(ME)
    assert (answer.json()["username"], answer.json()["scopes"]) == ("form", ["customers:read"])


def test_a_programs_token_without_scopes_is_for_nothing(cast: Cast) -> None:
    client = client_of(cast.form)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.create(cast.form)}")
    assert client.get("/api/v1/tickets/").status_code == 403


def test_only_a_digest_is_stored(cast: Cast) -> None:
    token = tokens.create(cast.alice)
    assert token not in str(list(Token.objects.filter(user=cast.alice).values()))


def test_a_token_that_is_taken_away_is_refused_at_once(cast: Cast, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    client = client_of(cast.alice)
    assert client.get(ME).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        tokens.revoke_all(cast.alice)
    assert client.get(ME).status_code == 401


def test_whoever_has_left_is_refused_at_once(cast: Cast, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    client = client_of(cast.carol)
    assert client.get(ME).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        departures.leave(person=cast.carol.pk, by=cast.maya)
    assert client.get(ME).status_code == 401


def test_a_token_of_somebody_inactive_is_refused(cast: Cast) -> None:
    client = client_of(cast.carol)
    type(cast.carol).objects.filter(pk=cast.carol.pk).update(is_active=False)
    assert client.get(ME).status_code == 401


def test_a_token_is_believed_for_half_a_minute_without_asking_the_database(
    cast: Cast,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    client = client_of(cast.alice)
    client.get("/api/v1/teams/")
    with django_assert_num_queries(1):
        client.get("/api/v1/teams/")
    assert tokens.BELIEVED_FOR <= 30


def created(*arguments: str) -> str:
    """Return what the command prints."""
    out = io.StringIO()
    call_command("create_token", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_a_token_that_lets_in(cast: Cast) -> None:
    printed = created("form", "--scopes", "people:read")
    client = client_of(cast.form)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {printed.strip()}")
    assert client.get(ME).json()["scopes"] == ["people:read"]
    assert printed.count("\n") == 1


@pytest.mark.parametrize("arguments", [("nobody",), ("form",), ("alice", "--scopes", "everything")])
def test_the_command_refuses_what_makes_no_sense(arguments: tuple[str, ...], cast: Cast) -> None:
    with pytest.raises(CommandError):
        created(*arguments)
