"""A scene of each way to pay, on both databases, and the wallet behind it."""

from __future__ import annotations

import pytest

from guance_portal.core.db import Database
from guance_portal.ledger.chart import Kind
from tests.support.cashiers import Scene
from tests.support.clocks import MovableClock
from tests.support.wallets import Wallet, wallet


@pytest.fixture
async def mine(database: Database) -> Wallet:
    """A wallet without anything."""
    return await wallet(database)


@pytest.fixture(params=[Kind.ALIPAY, Kind.WECHAT])
async def scene(request: pytest.FixtureRequest, database: Database, clock: MovableClock, mine: Wallet) -> Scene:
    """Where the company recharges."""
    assert mine.payer
    return Scene(database, clock, request.param)
