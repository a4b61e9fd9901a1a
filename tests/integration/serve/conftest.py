"""The served portals that these tests share, and a client for the plain one."""

from __future__ import annotations

from collections.abc import Generator

import httpx
import pytest

from tests.support.portal_server import PortalServer


@pytest.fixture(scope="session")
def portal() -> Generator[PortalServer]:
    """The portal as `portal serve` serves it."""
    with PortalServer.start() as server:
        yield server


@pytest.fixture(scope="session")
def serious() -> Generator[PortalServer]:
    """A portal without simulators, whose metrics need a token."""
    with PortalServer.start(env={"PORTAL_SANDBOX": "0", "PORTAL_METRICS_TOKEN": "a-token-for-metrics"}) as server:
        yield server


PUBLIC = "https://portal.example"
"""Where people reach the portal that a proxy stands in front of."""


@pytest.fixture(scope="session")
def proxied() -> Generator[PortalServer]:
    """A portal that one proxy stands in front of."""
    with PortalServer.start(env={"PORTAL_PUBLIC_URL": PUBLIC, "PORTAL_TRUSTED_PROXIES": "1"}) as server:
        yield server


@pytest.fixture(scope="session")
def proxied_twice() -> Generator[PortalServer]:
    """A portal that two proxies stand in front of."""
    with PortalServer.start(env={"PORTAL_TRUSTED_PROXIES": "2"}) as server:
        yield server


@pytest.fixture
def client(portal: PortalServer) -> Generator[httpx.Client]:
    """A visitor with no cookie and no wish, who follows no redirect."""
    with httpx.Client(base_url=portal.base, headers={"accept": "text/html"}) as visitor:
        yield visitor
