"""A portal whose marketplaces are the real ones, and a market that calls its SPI."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.routing import Router

from guance_portal.api import marketplace_aliyun
from guance_portal.bootstrap import Services
from tests.support.aliyun import Market
from tests.support.settlers import Settler, settler


@pytest.fixture
async def client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who reaches the SPI."""
    transport = httpx.ASGITransport(app=Router(marketplace_aliyun.ROUTES), client=("192.0.2.7", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client


@pytest.fixture
def market(services: Services, client: httpx.AsyncClient) -> Market:
    """The market in China."""
    return Market.of(services, client)


@pytest.fixture
async def here(services: Services) -> Settler:
    """An owner and a payer of a 商业版 workspace in Hangzhou, on 1 July, 16:00 there."""
    return await settler(services)
