"""The wrappers in their order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.types import Receive, Scope, Send

from guance_portal.api.front import wrapped
from guance_portal.core.settings import Settings
from tests.unit.api.conftest import Wire, scope_of


async def breaks(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise RuntimeError


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"host": "localhost"}, 500),
        ({"host": "evil.example"}, 421),
        ({"host": ""}, 400),
        ({"host": "localhost", "method": "PUT"}, 405),
        ({"host": "localhost", "content_length": "99999999"}, 413),
    ],
)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_every_answer_carries_the_protecting_headers_and_an_id(
    make_settings: Callable[..., Settings], asked: dict[str, str], status: int, accept: str
) -> None:
    wire = Wire()
    await wrapped(breaks, make_settings())(scope_of(accept=accept, **asked), wire.receive, wire.send)
    [start] = [message for message in wire.sent if message["type"] == "http.response.start"]
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    assert start["status"] == status
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-request-id"]
