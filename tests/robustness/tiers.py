"""How much is tried: what every commit can afford, or far more in the night tier (`make torture`)."""

from __future__ import annotations

import os
import random

NIGHT = bool(os.environ.get("KB_TORTURE"))
"""Whether this is the night tier."""

SEED = os.environ.get("KB_SEED", "1")
"""What all chance follows from; `make torture` prints a new one each time."""


def times(commit: int, night: int) -> int:
    """How often something is tried."""
    return night if NIGHT else commit


def chance(name: str) -> random.Random:
    """The chance of one test; the same in each run with the same seed."""
    return random.Random(f"{SEED} {name}")
