"""Two operators, and the wallet of a company that they act on."""

from __future__ import annotations

import pytest

from guance_portal.bootstrap import Services
from guance_portal.core.clock import Clock
from tests.support.clocks import MovableClock
from tests.support.operators import Scene
from tests.support.wallets import Wallet, wallet


@pytest.fixture
async def mine(services: Services) -> Wallet:
    """A wallet without anything."""
    return await wallet(services.database)


@pytest.fixture
def scene(services: Services, mine: Wallet, clock: MovableClock) -> Scene:
    """Where operators act on it."""
    timed: Clock = clock
    return Scene(services, mine, timed)
