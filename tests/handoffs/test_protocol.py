"""The protocol as pure rules: what says nothing, what is missing, what is a copy, who answers what."""

import pytest

from handoffs import protocol
from handoffs.protocol import ANSWERS, IN_PROGRESS, REQUIRED, REQUIRED_LIVE, Kind, Party, State
from tests.cast import PACKET, READ_BACK


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Call  her,\n today!", "call her today"),
        ("Straße №5", "strasse no5"),
        ("E\u0301te\u0301 \ufb01n", "\u00e9t\u00e9 fin"),
        ("\uff21\uff22\uff23\u2014abc", "abc abc"),
        ("退款、今天。", "退款 今天"),
        ("إعادة المبلغ؟", "إعادة المبلغ"),
        ("हिंदी में", "हिंदी में"),
        ("😀 👍", ""),
    ],
)
def test_normalising_keeps_the_words_of_any_script(text: str, words: str) -> None:
    assert protocol.normalise(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "...",
        "?!",
        "—",
        "😀",
        "n/a",
        "N.A.",
        "See notes.",
        "as  ABOVE",
        "TBD",
        "xxx",
        "aaaa",
        "。。。",
        "؟",
        "111",
    ],
)
def test_these_say_nothing(text: str) -> None:
    assert protocol.says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "Refund her.",
        "no refund",
        "退款",
        "Возврат денег",
        "إعادة المبلغ",
        "धन वापसी",
        "42",
        "החזר כספי",
        "払い戻し",
    ],
)
def test_these_say_something(text: str) -> None:
    assert not protocol.says_nothing(text)


def test_a_full_packet_misses_nothing() -> None:
    assert protocol.missing(PACKET, REQUIRED) == {}


def test_what_is_missing_is_named_field_by_field() -> None:
    assert set(protocol.missing({"need": "Her money back.", "history": "n/a"}, REQUIRED)) == {
        "next_action",
        "expectation",
        "history",
    }


def test_a_field_that_copies_another_says_nothing_of_its_own() -> None:
    packet = {**PACKET, "history": PACKET["need"].upper().replace(" ", "  ") + "!!"}
    wrong = protocol.missing(packet, REQUIRED)
    assert list(wrong) == ["history"]
    assert "the same as “need”" in wrong["history"]


def test_a_live_packet_needs_two_fields_only() -> None:
    assert protocol.missing({"need": "Her money back.", "next_action": "I ring the bank now."}, REQUIRED_LIVE) == {}


def test_a_read_back_in_own_words_is_fine() -> None:
    assert protocol.wrong_with_read_back(READ_BACK, others=PACKET) == ""


@pytest.mark.parametrize(
    "copy",
    [
        PACKET["need"],
        PACKET["need"].lower().rstrip("."),
        " ".join(PACKET.values()),
        f"{PACKET['need']} {PACKET['next_action']}",
        f"{PACKET['next_action']} {PACKET['need']} OK?",
        "the bank's dispute desk before noon",
        "ok",
        "",
    ],
)
def test_a_read_back_that_copies_or_says_nothing_is_not(copy: str) -> None:
    assert protocol.wrong_with_read_back(copy, others=PACKET) != ""


def test_a_few_words_may_be_the_same() -> None:
    assert protocol.wrong_with_read_back("Take it back", others={"need": "She wants us to take it back."}) == ""


def test_a_read_back_of_an_erased_packet_copies_nothing() -> None:
    assert protocol.wrong_with_read_back(READ_BACK, others={}) == ""


def test_who_answers_what_is_this_table_and_nothing_else() -> None:
    assert {(*step, *answer) for step, answer in ANSWERS.items()} == {
        ("offer", "requested", "approve", "approver", "offered"),
        ("offer", "requested", "refuse", "approver", "refused"),
        ("offer", "requested", "withdraw", "giver", "withdrawn"),
        ("offer", "offered", "accept", "receiver", "accepted"),
        ("offer", "offered", "decline", "receiver", "declined"),
        ("offer", "offered", "withdraw", "giver", "withdrawn"),
        ("claim", "claimed", "release", "giver", "accepted"),
        ("claim", "claimed", "decline", "giver", "declined"),
        ("claim", "claimed", "withdraw", "receiver", "withdrawn"),
    }


def test_whoever_takes_it_says_yes_and_whoever_has_it_says_yes() -> None:
    yes = {kind: party for (kind, _, _), (party, to) in ANSWERS.items() if to == State.ACCEPTED}
    assert yes == {Kind.OFFER: Party.RECEIVER, Kind.CLAIM: Party.GIVER}


def test_what_has_ended_is_answered_no_more() -> None:
    assert {state for _, state, _ in ANSWERS} == set(IN_PROGRESS)
