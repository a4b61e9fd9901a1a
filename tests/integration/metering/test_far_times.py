"""Business time as far away as it can be moved: data is still taken, counted and shown."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from guance_portal.core.business_time import FARTHEST
from guance_portal.metering.items import Item
from tests.integration.metering.conftest import Portal
from tests.integration.metering.sending import send, used


@pytest.mark.parametrize("direction", [-1, 1])
@pytest.mark.parametrize("site", ["cn1", "us1"])
async def test_data_is_counted(portal: Portal, gateway: httpx.AsyncClient, direction: int, site: str) -> None:
    portal.clock.moment = datetime.now(UTC) + direction * FARTHEST
    company = await portal.open(site)
    answer = await send(gateway, company, "logging", 'log,source=a message="x"')
    assert answer.status_code == 200, answer.text
    assert (await used(portal, company))[Item.LOGS] == 1
