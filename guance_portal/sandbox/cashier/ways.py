"""The ways to pay of the sandbox: the portal's own adapters, with keys that were agreed with the simulators.

What they are told is verified as in production. Orders are announced and asked for within the process, not over HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from guance_portal import routes
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.ledger.chart import Kind
from guance_portal.payments.alipay import Alipay, AlipayKeys
from guance_portal.payments.ports import Payable, PaymentProvider, Ways
from guance_portal.payments.rules import ToldPayment
from guance_portal.payments.wechat import Wechat, WechatKeys
from guance_portal.sandbox.cashier import queries
from guance_portal.sandbox.cashier.keys import CashierKeys, KeyStore, public
from guance_portal.sandbox.cashier.signing import APP, PUBLIC_KEY_ID, SELLER, payment_of, signed
from guance_portal.sandbox.cashier.tables import SandboxOrder


class SandboxWays:
    """Those that are set up, and simulators of the others."""

    def __init__(self, real: Ways, database: Database, store: KeyStore, wall: Clock) -> None:
        self._real, self._database, self._store, self._wall = real, database, store, wall

    async def offered(self) -> tuple[Kind, ...]:
        """Both."""
        return Kind.ALIPAY, Kind.WECHAT

    async def of(self, way: Kind) -> PaymentProvider | None:
        """The provider of a way."""
        if way not in await self.offered():
            return None
        return await self._real.of(way) or _SimulatedWay(way, self._database, await self._store.keys(), self._wall)


class _SimulatedWay:
    """A way to pay whose other end is the cashier."""

    def __init__(self, way: Kind, database: Database, keys: CashierKeys, wall: Clock) -> None:
        self.way = way
        self._database, self._keys, self._wall = database, keys, wall
        self._adapter = _alipay(keys) if way is Kind.ALIPAY else _wechat(keys)

    async def begin(self, order: Payable) -> str:
        """Announce an order; the cashier's page is its address."""
        async with self._database.writing() as work:
            if await queries.order(work, self.way, order.number) is None:
                row = SandboxOrder(way=self.way, number=order.number, minor=order.minor, currency=order.currency)
                work.session.add(row)
                await work.commit()
        return routes.sandbox_cashier(self.way, order.number)

    async def ask(self, number: str) -> ToldPayment | None:
        """What the cashier knows, signed by it and verified as a notice is."""
        async with self._database.reading() as work:
            paid = await queries.payments(work, self.way, number)
        if not paid:
            return None
        now = self._wall.now()
        sent = signed(self._keys, self.way, payment_of(paid[0]), now)
        return self.read({name.lower(): value for name, value in sent.headers.items()}, sent.body, now)

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> ToldPayment:
        """What a notice says, by the adapter of production."""
        return self._adapter.read(headers, body, now)


def _alipay(keys: CashierKeys) -> Alipay:
    return Alipay(
        AlipayKeys(
            app=APP,
            seller=SELLER,
            private_key=keys.shop,
            public_key=public(keys.alipay),
            notify_url="",
            return_url="",
        )
    )


def _wechat(keys: CashierKeys) -> Wechat:
    return Wechat(
        WechatKeys(
            app=APP,
            merchant=SELLER,
            private_key=keys.shop,
            certificate="SANDBOX",
            api_key=keys.api_key,
            public_key=public(keys.wechat),
            public_key_id=PUBLIC_KEY_ID,
            notify_url="https://sandbox.invalid",
        )
    )
