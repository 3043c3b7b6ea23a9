"""Whatever people do, in whatever order and at whatever time: what the product promises holds.

Hypothesis plays the whole cast over all verbs, forbidden ones included (tests/games). After every step the
invariants are asked in SQL; a refused verb must have written nothing; anything but a Refusal is a failure.
`make test` plays the same games each time. To play other ones, and many more:

    HYPOTHESIS_PROFILE=long .venv/bin/python -m pytest tests/test_state_machine.py
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.cast import Cast
from tests.games.on_clocks import OnClocks
from tests.games.on_handoffs import OnHandoffs
from tests.games.on_tickets import OnTickets

settings.register_profile(
    "short", deadline=None, database=None, max_examples=80, stateful_step_count=40, derandomize=True
)
settings.register_profile(
    "long",
    deadline=None,
    database=None,
    max_examples=1000,
    stateful_step_count=50,
    suppress_health_check=[HealthCheck.too_slow],
)


class AllVerbs(OnTickets, OnHandoffs, OnClocks):
    """The whole game."""


@pytest.mark.django_db
def test_no_game_breaks_an_invariant(cast: Cast) -> None:
    run_state_machine_as_test(AllVerbs, settings=settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "short")))
