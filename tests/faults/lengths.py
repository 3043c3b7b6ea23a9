"""How long things fail: a second in the suite, as long as in earnest in a soak, which `make soak` is."""

import os
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Lengths:
    """Of one run.

    away, down: seconds for which Valkey and PostgreSQL are gone. times: how often one that is hit again and again is
    hit. end: until when, of the monotonic clock, everything fails again and again, but at least once. hurried:
    what a killed worker had claimed is given back at once, instead of after two minutes.
    """

    away: float = 1.5
    down: float = 1
    times: int = 1
    end: float = 0
    hurried: bool = True


SOAKING = "SOAK_MINUTES" in os.environ
LENGTHS = Lengths()
if SOAKING:
    end = time.monotonic() + float(os.environ["SOAK_MINUTES"]) * 60
    LENGTHS = Lengths(away=60, down=10, times=5, end=end, hurried=False)
