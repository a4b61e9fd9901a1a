"""阿里云云市场 as a client of the SPI: it signs what it says."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlencode

import httpx

from guance_portal.bootstrap import Services
from guance_portal.core.clock import Clock
from guance_portal.marketplaces.aliyun.token import token_of
from guance_portal.payers.ports import CloudClaim

_CHINA = timezone(timedelta(hours=8))
SPI = "/api/marketplace/aliyun"


def china_time(moment: datetime) -> str:
    """A moment as the market writes it."""
    return moment.astimezone(_CHINA).strftime("%Y-%m-%d %H:%M:%S")


@dataclass(slots=True, kw_only=True)
class Market:
    """One listing's market."""

    client: httpx.AsyncClient
    key: str
    product_code: str

    @classmethod
    def of(cls, services: Services, client: httpx.AsyncClient, listing: int = 0) -> Market:
        """The market of the first (China) or second (international) listing."""
        one = services.marketplaces.listings.aliyun()[listing]
        return cls(client=client, key=one.spi_key, product_code=one.product_code)

    def query(self, action: str, **said: str) -> str:
        """A signed query."""
        parameters = {"action": action, **said}
        return urlencode({**parameters, "token": token_of(parameters, self.key)})

    async def send(self, action: str, **said: str) -> httpx.Response:
        """Call the SPI."""
        return await self.client.get(f"{SPI}?{self.query(action, **said)}")

    def purchase(self, business_id: str = "", account: str = "1827000000004093", **more: str) -> dict[str, str]:
        """What is said of a purchase."""
        business_id = business_id or f"biz-{secrets.token_hex(6)}"
        return {
            "aliUid": account,
            "orderBizId": business_id,
            "orderId": f"order-{business_id}",
            "productCode": self.product_code,
            "skuId": "payg",
            "trial": "false",
            **more,
        }

    async def sell(self, business_id: str = "", account: str = "1827000000004093", **more: str) -> CloudClaim:
        """Somebody buys; returns the pair."""
        answer = await self.send("createInstance", **self.purchase(business_id, account, **more))
        return CloudClaim(account=account, instance=answer.json()["instanceId"])

    async def sso(self, instance: str, clock: Clock, **said: str) -> httpx.Response:
        """免登 in the client's browser."""
        return await self.send("verify", **{"instanceId": instance, "timeStamp": china_time(clock.now()), **said})


LATER = china_time(datetime(2027, 7, 1, tzinfo=UTC))
"""An expiry a year away."""
