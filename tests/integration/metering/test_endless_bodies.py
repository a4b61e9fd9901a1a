"""Every route ends a request whose body never ends, with a deadline that none of them has to know of."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from guance_portal.api import front as module
from guance_portal.api import pace
from guance_portal.api.front import ROUTES, SANDBOX_ROUTES, front
from tests.integration.metering.conftest import Portal

SECONDS = 0.3


async def reads_all(request: Request) -> PlainTextResponse:
    """What somebody may write tomorrow."""
    return PlainTextResponse(str(len(await request.body())))


async def reflex(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for Reflex, and reads whatever comes."""
    await (await reads_all(Request(scope, receive)))(scope, receive, send)


def paths() -> list[str]:
    ours = [route.path for route in (*ROUTES, *SANDBOX_ROUTES) if isinstance(route, Route)]
    filled = {path.replace("{category}", "metric") for path in ours}
    return sorted({*filled, "/", "/login", "/nowhere", "/ping", "/_upload", "/_event", "/tomorrow"})


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("head", [{"content-length": "5"}, {"transfer-encoding": "chunked"}], ids=["length", "chunked"])
async def test_every_route_ends_a_body_that_never_ends(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, method: str, head: dict[str, str]
) -> None:
    monkeypatch.setattr(pace, "BODY_GRACE", SECONDS)
    monkeypatch.setattr(module, "ROUTES", (*ROUTES, Route("/tomorrow", reads_all, methods=["GET", "POST"])))
    door = front(reflex)
    token = (await portal.open()).token

    async def status(path: str) -> int:
        begun, answered = False, list[int]()

        async def receive() -> Message:
            nonlocal begun
            if begun:
                await asyncio.Event().wait()
            begun = True
            return {"type": "http.request", "body": b"x", "more_body": True}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered.append(message["status"])

        headers = {"host": "localhost", "origin": "http://localhost", **head}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": f"token={token}".encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("192.0.2.1", 1),
            "server": ("localhost", 80),
            "scheme": "http",
            "root_path": "",
        }
        await door(scope, receive, send)
        [one] = answered
        return one

    walked = paths()
    async with asyncio.timeout(10 * SECONDS + 10):
        statuses = dict(zip(walked, await asyncio.gather(*map(status, walked)), strict=True))
    assert statuses["/tomorrow"] == statuses["/ping"] == 408
    if method == "POST":
        assert statuses["/session/open"] == statuses["/api/marketplace/aws"] == 408
        assert statuses["/v1/write/metric"] == 503
    assert not [path for path, status in statuses.items() if status == 500]
