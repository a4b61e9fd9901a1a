"""One served portal for these tests, and a client for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.support.portal_server import PortalServer

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture(scope="session")
def portal() -> Generator[PortalServer]:
    """The portal as `portal serve` serves it."""
    with PortalServer.start() as server:
        yield server


@pytest.fixture
def client(portal: PortalServer) -> Generator[httpx.Client]:
    """A visitor with no cookie and no wish, who follows no redirect."""
    with httpx.Client(base_url=portal.base, headers={"accept": "text/html"}) as visitor:
        yield visitor
