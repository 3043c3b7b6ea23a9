"""What a complaint consists of, in words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Complaint:
    """One kind of complaint, told by everybody who has to do with it, each in their own words.

    The braces are filled in anew each time (`life.Life.words`): {amount}, {item}, {day}, {order}, {town},
    {month}.
    """

    category: str
    skill: str
    subject: str
    said: tuple[str, str]  # what the customer says, in two voices
    gist: str  # what it is about, in two to four words, to go into a sentence
    answered: str  # what the owner tells the customer first
    need: str
    next_action: str
    expectation: str
    history: str
    read_backs: tuple[str, str]
    note: str
    question: str
    answer: str
    waiting_for: str
    solved: str
    root_cause: str
