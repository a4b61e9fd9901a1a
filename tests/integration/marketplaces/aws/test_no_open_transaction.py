"""AWS is never called inside an open transaction: it would hold its locks for as long as AWS takes to answer."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import httpx
import pytest

from guance_portal import routes
from guance_portal.bootstrap import Services
from guance_portal.core.db import UnitOfWork
from guance_portal.marketplaces.aws import client
from guance_portal.marketplaces.aws.sns import SnsKind
from tests.integration.marketplaces.aws.test_events import CN_ENTITLEMENTS, Sns
from tests.integration.marketplaces.aws.test_landing import CALLER, bought, land
from tests.support.aws_peer import AwsPeer, Refusal
from tests.support.aws_told import Told
from tests.support.sns_signer import Signer

OPEN: ContextVar[int] = ContextVar("open", default=0)
"""How many units of work the present task, or the one that started it, has open."""


class Guard:
    """Notes for each call to the outside how many units of work were open."""

    def __init__(self) -> None:
        self.boto3, self.http = list[int](), list[int]()


@pytest.fixture
def guard(services: Services, monkeypatch: pytest.MonkeyPatch) -> Guard:
    guard, enter, leave = Guard(), UnitOfWork.__aenter__, UnitOfWork.__aexit__
    intake = services.marketplaces.aws.intake
    call, fetch = client.answered, intake._fetch

    async def entered(work: UnitOfWork) -> UnitOfWork:
        OPEN.set(OPEN.get() + 1)
        return await enter(work)

    async def left(work: UnitOfWork, *why: Any) -> None:
        OPEN.set(OPEN.get() - 1)
        await leave(work, *why)

    async def called(*asked: Any, **more: Any) -> dict[str, Any]:
        guard.boto3.append(OPEN.get())
        return await call(*asked, **more)

    async def fetched(url: str) -> bytes:
        guard.http.append(OPEN.get())
        return await fetch(url)

    monkeypatch.setattr(UnitOfWork, "__aenter__", entered)
    monkeypatch.setattr(UnitOfWork, "__aexit__", left)
    monkeypatch.setattr(client, "answered", called)
    monkeypatch.setattr(intake, "_fetch", fetched)
    monkeypatch.setattr(intake._certificates, "_fetch", fetched)
    return guard


async def test_no_transaction_is_open_while_aws_is_asked(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer, signer: Signer, guard: Guard
) -> None:
    peer.tokens |= {"t1": bought(), "t2": bought()}
    await land(market, "t1")
    peer.refusal = Refusal("ServiceUnavailable", 503)
    where, cookie = await land(market, "t2")
    peer.refusal = None
    await services.marketplaces.aws.landing.retry(where.partition("#")[2], cookie, CALLER)
    assert len(guard.boto3) == 6, "each of the two listings is asked each time"
    sns = Sns(market, peer, signer)
    said = Told("444455556666", services.clock.now() - timedelta(hours=1), product="code0")
    await sns.post(sns.message(said.action("subscribe-success", "cust1"), number="m1"))
    await sns.post(sns.message(said.action("entitlement-updated", "cust1"), number="m2", topic=CN_ENTITLEMENTS))
    assert len(guard.boto3) == 7
    peer.files["/sandbox/aws/confirm"] = b"<ok/>"
    url = f"{peer.url}/sandbox/aws/confirm?Token=token"
    assert await sns.post(sns.message("x", kind=SnsKind.SUBSCRIBE, SubscribeURL=url, number="m3")) == 200
    assert routes.SANDBOX_AWS_CERTIFICATE in peer.fetched
    assert len(guard.http) == 2
    assert set(guard.boto3 + guard.http) == {0}


async def test_the_guard_would_notice(services: Services, peer: AwsPeer, guard: Guard) -> None:
    peer.tokens["t"] = bought()
    ours = services.marketplaces.aws.clients["aws-intl"]
    async with services.database.reading():
        await asyncio.create_task(ours.resolve("t"))
    await ours.resolve("t")
    assert guard.boto3 == [1, 0]
