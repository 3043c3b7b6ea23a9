"""Whoever tries to break a ticket's chain, with whatever program, is refused by name."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from people.errors import Refusal
from tests.breaches import BREACHES, WIDER
from tests.cast import client_of
from tests.invariants import broken_invariants
from tests.refusals import REFUSALS
from tests.scene import make_scene

OURS = """
    SELECT conname FROM pg_constraint
    WHERE contype IN ('c', 'f', 'u') AND conrelid::regclass::text ~ '^(people|tickets|handoffs|phones|notices)_'
    UNION SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indisunique AND NOT indisprimary AND indrelid::regclass::text ~ '^(people|tickets|handoffs|phones|notices)_'
    UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"""
COLUMNS = """
    SELECT array_agg(attname::text) FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
    WHERE indexrelid = %s::regclass"""

# One trigger refuses two things, each under its own name.
ALSO_RAISED = {"tenure_ended_is_final"}
# What the code itself never doubles (the second time is the first's answer), the outbox and what follows from
# calls, which nobody writes by hand: nobody is refused anything.
NOBODY_IS_REFUSED = {
    "look_once_an_hour",
    "viewer_once_a_cause",
    "idempotency_key_is_unique",
    "notice_has_one_receiver",
    "notice_state_matches_times",
    "preference_once_a_kind",
    "webhook_has_a_secret",
    "source_has_a_secret",
    "call_once_a_source",
    "call_hold_once_a_spell",
    "conclusion_once_a_spell",
}


# Told the apps, Django lets the TRUNCATE afterwards cascade to a table of knox's own that refers to our people.
@pytest.mark.django_db(transaction=True, available_apps=[app.name for app in apps.get_app_configs()])
def test_whoever_breaks_it_with_raw_sql_is_refused_by_name(subtests: pytest.Subtests) -> None:
    with transaction.atomic():
        names = make_scene().names()
    for constraint, statements in BREACHES:
        with subtests.test(constraint, statements=statements):
            with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statements.format(**names))
            assert refused.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]
    assert broken_invariants() == []


@pytest.mark.django_db
def test_whoever_asks_for_it_is_told_what_is_wrong(subtests: pytest.Subtests) -> None:
    scene = make_scene()
    names = scene.names()
    for constraint, who, request, body, status, problem in REFUSALS:
        with subtests.test(constraint):
            method, address = request.format(**names).split()
            said = {field: value.format(**names) if isinstance(value, str) else value for field, value in body.items()}
            response = getattr(client_of(getattr(scene.cast, who)), method)(f"/api/v1/{address}", said)
            assert response.status_code == status, response.content
            assert response.json()["type"] == f"urn:ownership-tracker:problem:{problem}"
    assert broken_invariants() == []


@pytest.mark.django_db
def test_every_constraint_of_ours_is_tried() -> None:
    with connection.cursor() as cursor:
        cursor.execute(OURS)
        named = {name for (name,) in cursor.fetchall()}
    # Django's own carry the table's name: plain references, unique columns, numbers that are not negative.
    ours = {name for name in named if not name.startswith(("people_", "tickets_", "handoffs_", "phones_", "notices_"))}
    assert ours | ALSO_RAISED == {constraint for constraint, _ in BREACHES} | set(WIDER)


@pytest.mark.parametrize("constraint", sorted({name for name, _ in BREACHES} - NOBODY_IS_REFUSED))
def test_every_constraint_has_words_for_a_user(constraint: str) -> None:
    assert Refusal.by_constraint[constraint]().detail


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "key"), WIDER.items())
def test_a_key_that_is_only_referenced_contains_a_unique_one(constraint: str, key: str) -> None:
    with connection.cursor() as cursor:
        columns = [set(cursor.execute(COLUMNS, [name]).fetchone()[0]) for name in (constraint, key)]
    assert columns[0] > columns[1]
