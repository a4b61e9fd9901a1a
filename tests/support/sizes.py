"""How much a test does that could go on for hours: a little in `make test`, all of it in `make test-long`.

Such a test carries `@LONG` and draws what it draws by chance from `seeded`, so that a run can be repeated.
"""

from __future__ import annotations

import os
from random import Random
from typing import TypeVar

import pytest

T = TypeVar("T")
IS_WHOLE = os.environ.get("TEST_LONG") == "1"
SEED = int(os.environ.get("TEST_SEED", "1"))
LONG = pytest.mark.long


def size(small: T, whole: T) -> T:
    """What counts in this run."""
    return whole if IS_WHOLE else small


def seeded(name: str) -> Random:
    """Chance that is the same in every run of a seed; different names give different numbers."""
    return Random(f"{SEED} {name}")
