"""What a notice says as a letter."""

import pytest
from django.utils.translation import override

from notices import letters

FACTS = {
    "owner": "alice",
    "by": "maya",
    "to": "bob",
    "of": "T-100002",
    "left": "carol",
    "away": "carol",
    "team": "billing",
    "receiver": "bob",
    "due_at": "2026-05-04T15:30:00+02:00",
    "first_contact_by": "2026-05-04T15:30:00+00:00",
    "flag_kind": "ping_pong",
    "level": "red",
    "absent": "dora",
    "covering": "bob",
    "until": "2026-05-04T17:00:00+00:00",
    "how": "over",
    "call_back_by": "2026-05-04T16:30:00+00:00",
}


@pytest.mark.parametrize("kind", letters.LETTERS)
def test_every_letter_can_be_written(kind: str) -> None:
    letter = letters.write(kind, about="T-100001", payload=FACTS, to_staff=True)
    # A cover is about people, not about a ticket.
    assert ("dora" if kind.startswith("cover_") else "T-100001") in letter.subject + letter.body
    assert "…" not in letter.subject + letter.body
    assert "\n" not in letter.subject


def test_a_fact_that_is_missing_is_left_open() -> None:
    assert letters.write("taken_over", about="T-1", payload={}, to_staff=True).subject == "… took over T-1"


def test_times_are_said_as_people_say_them() -> None:
    said = letters.write("handoff_offered", about="T-1", payload=FACTS, to_staff=True).body
    assert "by 4 May 2026, 13:30 UTC." in said


def test_codes_are_said_as_words() -> None:
    letter = letters.write("flag_raised", about="T-1", payload=FACTS, to_staff=True)
    assert letter.subject == "red flag on T-1: ping pong"


def test_a_percent_sign_is_only_a_percent_sign() -> None:
    assert "100%s" in letters.write("taken_over", about="T-1", payload={"by": "100%s"}, to_staff=True).subject


def test_a_kind_without_a_letter_still_says_what_it_is_about() -> None:
    letter = letters.write("not_thought_of_yet", about="T-1", payload={}, to_staff=True)
    assert letter.subject == "T-1: not thought of yet"


def test_a_customer_is_not_told_how_we_choose_our_letters() -> None:
    assert "/api/" not in letters.write("receipt", about="T-1", payload=FACTS, to_staff=False).body


def test_a_language_without_a_translation_gets_the_letter_in_english() -> None:
    with override("fr"):
        assert letters.write("reopened", about="T-1", payload={}, to_staff=True).subject == "T-1 is open again"
