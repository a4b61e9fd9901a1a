"""A browser's view of the session routes, on services of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from starlette.routing import Router

from guance_portal.api import session
from guance_portal.bootstrap import Services
from guance_portal.core.settings import settings

VISITOR = "visitor-cookie-of-this-browser"


@pytest.fixture(params=["http://localhost:8000", "https://portal.example"])
def origin(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address people reach the portal at."""
    monkeypatch.setenv("PORTAL_PUBLIC_URL", request.param)
    settings.cache_clear()
    yield request.param
    settings.cache_clear()


@pytest.fixture
def prefix(origin: str) -> str:
    """What cookie names begin with there."""
    return "__Host-" if origin.startswith("https") else ""


@pytest.fixture
async def client(services: Services, origin: str, prefix: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on a page of the portal."""
    transport = httpx.ASGITransport(app=Router(session.ROUTES), client=("192.0.2.7", 5000))
    async with httpx.AsyncClient(transport=transport, base_url=origin, headers={"origin": origin}) as client:
        client.cookies.set(f"{prefix}gc_visitor", VISITOR)
        yield client
