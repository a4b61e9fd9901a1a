"""Methods and sizes of requests."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from guance_portal.api.limits import BODY_LIMITS, MEGABYTE, RequestLimits, body_limit
from tests.unit.api.conftest import Inner, Wire, scope_of


async def reads_all(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def chunk(size: int, *, more: bool) -> dict[str, object]:
    return {"type": "http.request", "body": b"x" * size, "more_body": more}


async def test_a_body_of_exactly_the_limit_passes() -> None:
    wire = Wire(chunk(MEGABYTE, more=False))
    await RequestLimits(reads_all)(scope_of(method="POST"), wire.receive, wire.send)
    assert wire.status == 200


async def test_a_body_that_never_said_its_size_is_cut_off_at_the_limit() -> None:
    wire = Wire(chunk(MEGABYTE, more=True), chunk(1, more=True), chunk(1, more=False))
    await RequestLimits(reads_all)(scope_of(method="POST"), wire.receive, wire.send)
    assert wire.status == 413


@pytest.mark.parametrize("length", [str(MEGABYTE + 1), "-1", "many", ""])
async def test_an_announced_size_over_the_limit_or_of_no_sense_is_refused_unread(inner: Inner, length: str) -> None:
    wire = Wire()
    await RequestLimits(inner)(scope_of(method="POST", content_length=length), wire.receive, wire.send)
    assert wire.status == 413
    assert not inner.scopes


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("HEAD", 200), ("POST", 200), ("PUT", 405), ("X", 405)])
async def test_only_methods_we_use_are_let_in(inner: Inner, method: str, status: int) -> None:
    wire = Wire()
    await RequestLimits(inner)(scope_of(method=method), wire.receive, wire.send)
    assert wire.status == status


def test_an_endpoint_may_have_a_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BODY_LIMITS, "/v1/big", 10 * MEGABYTE)
    assert body_limit("/v1/big/logging") == 10 * MEGABYTE
    assert body_limit("/v1/other") == MEGABYTE
