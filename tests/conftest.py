"""What every test may ask for."""

from __future__ import annotations

import gc

import pytest
from hypothesis import HealthCheck, settings

from tests.support.clocks import MovableClock

# How long an example takes says more of the machine than of the code: nothing is judged by it.
settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portal")


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands still until it is moved."""
    return MovableClock()


def pytest_collection_finish() -> None:
    """What was imported and collected stays: the garbage collector need not look at it again after every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
