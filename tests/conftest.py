"""What every test may ask for."""

from __future__ import annotations

import pytest

from tests.support.clocks import MovableClock


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands still until it is moved."""
    return MovableClock()
