"""What can be done with a ticket in which state: this table, and nothing else."""

import itertools

import pytest

from tickets import states
from tickets.states import LIVE, UNMEASURED, Outcome, Status

TABLE = {
    ("new", "acknowledge"): "open",
    ("new", "resolve"): "resolved",
    ("new", "dismiss"): "closed",
    ("open", "hold"): "on_hold",
    ("open", "resolve"): "resolved",
    ("open", "dismiss"): "closed",
    ("on_hold", "resume"): "open",
    ("on_hold", "resolve"): "resolved",
    ("on_hold", "dismiss"): "closed",
    ("resolved", "close"): "closed",
    ("resolved", "dismiss"): "closed",
    ("resolved", "reopen"): "open",
    ("closed", "reopen"): "open",
    ("closed", "reopen_unacknowledged"): "new",
}
ACTIONS = sorted({action for _, action in TABLE})


@pytest.mark.parametrize(("status", "action"), [*itertools.product(Status, [*ACTIONS, "forget", ""])])
def test_what_is_not_in_the_table_is_refused(status: Status, action: str) -> None:
    assert states.after(status, action) == TABLE.get((status, action))


def test_three_states_need_somebody_to_answer_for_them() -> None:
    assert set(LIVE) == {"new", "open", "on_hold"}


def test_four_outcomes_stay_out_of_the_measures() -> None:
    assert set(Outcome) - UNMEASURED == {"resolved", "duplicate_of", "withdrawn"}
