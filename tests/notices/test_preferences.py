"""Who is told what: the table, and what people choose within it."""

import re
from pathlib import Path

import pytest

from notices import letters, preferences, table
from notices.errors import MustBeTold
from notices.models import Preference
from people.models import Person
from people.roles import Role
from tests.cast import person
from tickets import sweeps

ROOT = Path(__file__).resolve().parents[2]
QUEUED = re.compile(r"""(?:outbox\.queue(?:_mail)?|\b_?tell)\(\s*(?:\w+,\s*)?"(\w+)\"""")


def kinds_in_the_code() -> set[str]:
    """Return the kinds that the verbs queue."""
    found = {"flag_raised", "flag_rose", *sweeps.REMINDERS.values()}  # named after their entries, or in a table
    for app in ("tickets", "handoffs", "phones"):
        for file in (ROOT / app).rglob("*.py"):
            found.update(QUEUED.findall(file.read_text()))
    return found


def test_every_kind_has_its_line_in_the_table() -> None:
    assert "handoff_offered" in kinds_in_the_code()
    assert kinds_in_the_code() - {"receipt"} == set(table.RULES)


def test_every_kind_has_its_letter() -> None:
    assert set(letters.LETTERS) == kinds_in_the_code()


@pytest.mark.parametrize("kind", ["flag_raised", "flag_rose", "manager_called"])
def test_managers_must_get_what_they_answer_for(kind: str) -> None:
    rule = table.rule(kind)
    assert rule.wanted(Role.MANAGER, False)
    assert rule.wanted(Role.REP, None)
    assert not rule.wanted(Role.REP, False)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", ["handoff_offered", "handoff_approval_asked", "help_asked", "ticket_assigned"])
def test_everybody_must_get_what_falls_to_them(kind: str, role: Role) -> None:
    assert table.rule(kind).wanted(role, False)


def test_news_is_for_whoever_does_not_refuse_it() -> None:
    rule = table.rule("taken_over")
    assert rule.wanted(Role.REP, None)
    assert not rule.wanted(Role.REP, False)


def test_some_is_for_whoever_asks_for_it() -> None:
    rule = table.rule("handoff_live")
    assert not rule.wanted(Role.MANAGER, None)
    assert rule.wanted(Role.MANAGER, True)


def test_a_kind_of_tomorrow_reaches_people() -> None:
    assert table.rule("not_thought_of_yet").wanted(Role.REP, None)


def choose(who: Person, **wanted: bool) -> None:
    """Let somebody choose, kind by kind."""
    said = [{"kind": kind, "channel": "mail", "wanted": wants} for kind, wants in wanted.items()]
    preferences.choose(person=who, choices=said)


def test_a_choice_holds_until_the_next(rep: Person) -> None:
    choose(rep, taken_over=False)
    assert not preferences.wants_mail(rep, "taken_over")
    choose(rep, reopened=True)
    assert not preferences.wants_mail(rep, "taken_over")
    choose(rep, taken_over=True)
    assert preferences.wants_mail(rep, "taken_over")


def test_what_one_must_get_cannot_be_refused_and_nothing_else_changes(rep: Person) -> None:
    with pytest.raises(MustBeTold) as refused:
        choose(rep, taken_over=False, handoff_offered=False)
    assert refused.value.fields == {"choices": "Your role must get: handoff_offered."}
    assert not Preference.objects.exists()


def test_whoever_becomes_a_manager_gets_what_managers_must(rep: Person) -> None:
    choose(rep, flag_raised=False)
    rep.role = Role.MANAGER
    assert preferences.wants_mail(rep, "flag_raised")


def test_what_others_choose_is_theirs(rep: Person) -> None:
    choose(person("other", Role.REP), taken_over=False)
    assert preferences.wants_mail(rep, "taken_over")


def test_one_sees_what_one_gets_and_what_one_must(rep: Person) -> None:
    choose(rep, taken_over=False)
    seen = {choice.kind: (choice.wanted, choice.must) for choice in preferences.choices(rep)}
    assert seen.keys() == table.RULES.keys()
    assert (seen["taken_over"], seen["handoff_offered"]) == ((False, False), (True, True))
