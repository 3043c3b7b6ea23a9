"""How long and how often things fail: seconds in the suite, as in earnest under `make soak`."""

import os
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Lengths:
    """Of one run.

    rounds: how often each fault is tried. away, down: seconds for which Valkey and PostgreSQL are gone.
    minutes: for how long everything fails again and again, at least once. hurried: what a killed worker had
    claimed is given back at once, instead of after two minutes.
    """

    rounds: int = 1
    away: float = 1.5
    down: float = 1
    minutes: float = 0
    hurried: bool = True


MINUTES = os.environ.get("SOAK_MINUTES", "")
SOAKING = bool(MINUTES)
LENGTHS = Lengths(rounds=5, away=60, down=10, minutes=float(MINUTES), hurried=False) if SOAKING else Lengths()

again_and_again = pytest.mark.parametrize("nth", range(1, LENGTHS.rounds + 1))
