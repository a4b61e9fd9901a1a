"""Two workers on one PostgreSQL and one Redis: what one of them does the other knows, and a dead one is replaced."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest

from guance_portal import bootstrap, routes
from guance_portal.payers.rules import SubscriptionState
from guance_portal.sandbox.rules import MarketAct, Whim
from tests.integration.serve.test_live import SECONDS, guide_in, settle
from tests.integration.serve.test_live import send as send_metric
from tests.integration.serve.test_live_billing import BILLING, used
from tests.support.buyers import Buyer
from tests.support.companies import owner_of, send, token_of
from tests.support.databases import fresh_postgresql, fresh_redis
from tests.support.people import People, Session
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket

PAGES = 8
"""So many at once that no worker is left without one."""


@pytest.fixture(scope="module")
def pair() -> Generator[PortalServer]:
    """The portal of both; whatever was done to its workers, it ends cleanly."""
    with fresh_postgresql() as database, fresh_redis() as redis:
        env = {
            "PORTAL_WORKERS": "2",
            "PORTAL_DATABASE_URL": database,
            "PORTAL_SECRET_KEY": "two workers, one key, and long enough for it",
            "REFLEX_REDIS_URL": redis,
        }
        with PortalServer.start(env=env) as server:
            server.wait_for_workers(2)
            yield server
            assert server.stop() == 0


@pytest.fixture(scope="module")
def people(pair: PortalServer) -> Generator[People]:
    with People(pair) as people:
        yield people


@asynccontextmanager
async def opened(pair: PortalServer, session: Session, path: str) -> AsyncGenerator[list[RawSocket]]:
    """Pages of one person."""
    async with AsyncExitStack() as stack:
        sockets = [RawSocket(pair.base, cookies=session.cookies) for _ in range(PAGES)]
        for socket in sockets:
            await stack.enter_async_context(socket)
            await socket.boot(path)
        yield sockets


async def test_the_guides_of_every_worker_are_told_whichever_took_the_data(pair: PortalServer, people: People) -> None:
    session, token = settle(people)
    async with opened(pair, session, "/onboarding") as pages:
        await send_metric(pair, token)
        for told in await asyncio.gather(*(page.answers(quiet=SECONDS) for page in pages)):
            assert guide_in(told)["has_arrived"] is True


async def test_the_boards_of_every_worker_are_told_whichever_took_the_data(pair: PortalServer, people: People) -> None:
    session = owner_of(people)
    token = token_of(people, session)
    async with opened(pair, session, BILLING) as pages:
        assert send(pair, token, "logging", 'a message="1"') == 200
        for told in await asyncio.gather(*(page.answers(quiet=SECONDS) for page in pages)):
            assert used(told, "logs") == "1"


async def test_they_share_purchases_notices_and_the_certificate(pair: PortalServer) -> None:
    services = bootstrap.build(pair.settings())
    aliyun, aws = Buyer(services, "aliyun-cn", "1234567890123456"), Buyer(services, "aws-intl", "123456789012")
    await aliyun.misbehave(Whim.DUPLICATE)
    await asyncio.gather(aliyun.subscribe(), aws.subscribe())
    await aliyun.act(MarketAct.UPGRADE, MarketAct.EXPIRE)
    assert [one.attempts for one in [*await aliyun.settled(), *await aws.settled()]] == [1] * 5
    assert await aliyun.known() is SubscriptionState.EXPIRED
    assert await aws.known() is SubscriptionState.LIVE
    where = f"{pair.base}{routes.SANDBOX_AWS_CERTIFICATE}"
    async with httpx.AsyncClient() as browser:
        found = {(await browser.get(where, headers={"connection": "close"})).text for _ in range(10)}
    assert found == {await services.sandbox.sns.certificate()}
    await services.close()


def test_both_answer_and_a_killed_one_is_replaced(pair: PortalServer) -> None:
    assert httpx.get(f"{pair.base}/readyz").json() == {"ready": True, "problems": {}}
    before = pair.wait_for_workers(2)
    killed = pair.kill_worker()
    # What had been given to the dead one is lost; anyone who asks again is answered by the other.
    pair.wait_until_ready()
    after = pair.wait_for_workers(2, without=killed)
    assert len(set(before) & set(after)) == 1
    pair.wait_until_ready()
    metrics = httpx.get(f"{pair.base}/metrics").text
    assert "portal_requests_total" in metrics
