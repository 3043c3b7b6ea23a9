"""Presence: since when somebody is away, and when they are back, at a time that has passed."""

import pytest

from people import presence
from people.errors import Incomplete
from tests.cast import Cast, utc


def test_whoever_said_so_in_the_past_may_have_been_back_since(cast: Cast) -> None:
    gone = presence.set_presence(
        person=cast.alice, presence="away", away_until=utc(2025, 5, 5, 9), at=utc(2025, 5, 2, 17)
    )
    assert gone.away_until == utc(2025, 5, 5, 9)
    assert not gone.is_present(utc(2025, 5, 3))
    assert gone.is_present(utc(2025, 5, 6))


def test_nobody_is_back_before_they_go(cast: Cast) -> None:
    with pytest.raises(Incomplete) as refused:
        presence.set_presence(
            person=cast.alice, presence="away", away_until=utc(2025, 5, 2, 16), at=utc(2025, 5, 2, 17)
        )
    assert refused.value.fields == {"away_until": "Give a later time."}
