"""Tokens: given once, stored as digests, revoked everywhere at once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from knox.crypto import hash_token
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from people import memory, tokens
from people.models import Token
from people.roles import Scope
from tests.cast import Cast


def client(token: str) -> APIClient:
    """Return a client that carries the token."""
    found = APIClient()
    found.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return found


def printed(*arguments: str) -> str:
    """Return what the command prints."""
    out = StringIO()
    call_command("create_token", *arguments, stdout=out)
    return out.getvalue()


def test_only_its_digest_is_stored(cast: Cast) -> None:
    token = tokens.create(cast.alice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(line::text, '') FROM people_token line")
        stored = cursor.fetchone()[0]
    assert hash_token(token) in stored
    assert token not in stored


def test_the_bearer_is_let_in(cast: Cast) -> None:
    answer = client(tokens.create(cast.alice)).get("/api/v1/me/")
    assert (answer.status_code, answer.json()["username"]) == (200, "alice")


@pytest.mark.parametrize("token", ["", "x", "a" * 64, "\u00fc" * 64])
def test_nobody_else_is(cast: Cast, token: str) -> None:
    assert client(token.encode().decode("latin-1")).get("/api/v1/me/").status_code == 401
    assert APIClient().get("/api/v1/me/").status_code == 401


def test_the_command_prints_it_on_a_line_of_its_own_once(cast: Cast) -> None:
    (line,) = printed("alice").splitlines()
    assert client(line).get("/api/v1/me/").status_code == 200
    assert Token.objects.get().user == cast.alice


def test_two_tokens_are_two(cast: Cast) -> None:
    assert printed("alice") != printed("alice")


def test_the_command_knows_only_active_people(cast: Cast) -> None:
    type(cast.bob).objects.filter(pk=cast.bob.pk).update(is_active=False)
    for username in ("bob", "nobody"):
        with pytest.raises(CommandError, match=username):
            printed(username)


def test_a_programs_token_needs_scopes(cast: Cast) -> None:
    with pytest.raises(CommandError, match="scopes"):
        printed("form")
    printed("form", "--scopes", "tickets:read", "tickets:write")
    assert Token.objects.get().scopes == ["tickets:read", "tickets:write"]


def test_there_are_no_other_scopes(cast: Cast) -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        printed("alice", "--scopes", "everything")


def test_a_token_is_good_for_its_scopes_only(cast: Cast) -> None:
    reader = client(tokens.create(cast.form, scopes=[Scope.TICKETS_READ]))
    assert reader.get("/api/v1/tickets/").status_code == 200
    assert reader.get("/api/v1/customers/").status_code == 403
    assert reader.post("/api/v1/tickets/", {}).status_code == 403


def test_a_persons_token_may_be_narrowed_too(cast: Cast) -> None:
    reader = client(tokens.create(cast.alice, scopes=[Scope.TICKETS_READ]))
    assert reader.get("/api/v1/tickets/").status_code == 200
    assert reader.post("/api/v1/tickets/", {}).status_code == 403


def test_a_bearer_is_remembered_for_half_a_minute_at_most(cast: Cast) -> None:
    token = tokens.create(cast.alice)
    client(token).get("/api/v1/me/")
    key = tokens.memory_key(hash_token(token))
    assert memory.recall(key)[0] == cast.alice
    assert 0 < memory.valkey().ttl(key) <= 30


def test_revoked_it_opens_nothing_from_the_commit_on(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first, second, others = (tokens.create(person) for person in (cast.alice, cast.alice, cast.bob))
    for token in (first, second, others):
        assert client(token).get("/api/v1/me/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        tokens.revoke_all(cast.alice)
    assert [client(token).get("/api/v1/me/").status_code for token in (first, second, others)] == [401, 401, 200]
