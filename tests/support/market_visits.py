"""阿里云云市场 beside a running portal: it sells, tells of ends, and sends buyers by 免登."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import httpx

from guance_portal.bootstrap import Services
from guance_portal.payers.ports import CloudClaim
from guance_portal.sites import Provider
from tests.support.aliyun import SPI, Market, china_time
from tests.support.companies import actor
from tests.support.marketplace import SimulatedMarketplace
from tests.support.people import People, Session

T = TypeVar("T")
NOW = timedelta()


def with_market(people: People, base: str, act: Callable[[Market, Services], Coroutine[Any, Any, T]]) -> T:
    """Do something as the market in China."""

    async def run(services: Services) -> T:
        async with httpx.AsyncClient(base_url=base, timeout=30) as client:
            return await act(Market.of(services, client), services)

    return people.do(run)


def sell(people: People, base: str) -> CloudClaim:
    """Somebody buys."""
    account = f"1827{secrets.randbelow(10**8):08}4093"
    return with_market(people, base, lambda market, _: market.sell(account=account))


def tell(people: People, base: str, action: str, **said: str) -> None:
    """The market tells of something."""

    async def send(market: Market, _: Services) -> None:
        answer = await market.send(action, **said)
        assert answer.status_code == 200, answer.text

    with_market(people, base, send)


def link(people: People, base: str, claim: CloudClaim, *, age: timedelta = NOW) -> str:
    """The address that 免登 opens in the buyer's browser; signed some time ago if it has an `age`."""

    async def make(market: Market, services: Services) -> str:
        said = {"instanceId": claim.instance, "timeStamp": china_time(services.clock.now() - age)}
        return f"{SPI}?{market.query('verify', **said)}"

    return with_market(people, base, make)


def register(people: People, payer: Session, claim: CloudClaim) -> None:
    """Register it under a fee-centre account, as the dialog does."""

    async def run(services: Services) -> None:
        market = services.settlement.providers.marketplace(Provider.ALIYUN)
        assert isinstance(market, SimulatedMarketplace)
        market.sell(claim.account, claim.instance)
        await services.cloud_accounts.register(await actor(services, payer), Provider.ALIYUN, claim)

    people.do(run)
