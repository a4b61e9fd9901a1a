"""A portal whose marketplaces are its own simulators, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from guance_portal import bootstrap
from guance_portal.bootstrap import Services
from guance_portal.core.settings import Settings
from tests.support.clocks import MovableClock
from tests.support.cloud_days import markets
from tests.support.hashes import quick_hashes
from tests.support.portal_server import free_port


@pytest.fixture
def portal_settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of a sandbox on a port of its own."""
    told = {"data_dir": tmp_path, "database_url": database_url, "secret_key": "k" * 40, "PORT": free_port()}
    return Settings.model_validate(told)


@pytest.fixture
async def services(portal_settings: Settings, clock: MovableClock) -> AsyncIterator[Services]:
    """The services, with the simulators served."""
    services = bootstrap.build(portal_settings, clock=clock, hashes=quick_hashes())
    async with markets(services, portal_settings.port) as served:
        yield served
    bootstrap.replace_services(None)
    await services.close()
