"""A portal joined to simulated marketplaces, with somebody who can change how a workspace is settled."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from guance_portal import bootstrap
from guance_portal.bootstrap import Services
from guance_portal.core.settings import Settings
from tests.support.clocks import MovableClock
from tests.support.hashes import quick_hashes
from tests.support.marketplace import simulated_marketplaces
from tests.support.settlers import Settler, settler


@pytest.fixture
async def services(portal_settings: Settings, clock: MovableClock) -> AsyncIterator[Services]:
    """The portal's services with a marketplace for each provider."""
    services = bootstrap.build(
        portal_settings, clock=clock, hashes=quick_hashes(), marketplaces=simulated_marketplaces()
    )
    bootstrap.replace_services(services)
    yield services
    bootstrap.replace_services(None)
    await services.close()


@pytest.fixture
async def here(services: Services) -> Settler:
    """An owner and a payer of a 商业版 workspace in Hangzhou, on 1 July, 16:00 there."""
    return await settler(services)
