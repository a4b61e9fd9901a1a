"""Providers of a test: the portal's own adapters, and simulators that sign what they verify."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import Database
from guance_portal.core.rate_limits import RateLimits
from guance_portal.ledger.chart import Kind
from guance_portal.payments.alipay import Alipay, AlipayKeys
from guance_portal.payments.errors import UnansweredError
from guance_portal.payments.orders import Orders, OrderView, Wanted
from guance_portal.payments.ports import Payable, PaymentProvider
from guance_portal.payments.recharge_service import RechargeService
from guance_portal.payments.rules import Outcome, ToldPayment
from guance_portal.payments.service import Recharges
from guance_portal.payments.wechat import Wechat, WechatKeys
from guance_portal.sandbox.cashier.alipay import AlipayCashier
from guance_portal.sandbox.cashier.bank import SAMPLE_ACCOUNTS
from guance_portal.sandbox.cashier.payments import SentNotice, SimulatedPayment
from guance_portal.sandbox.cashier.wechat import WechatCashier
from tests.support.clocks import MovableClock

API_KEY, KEY_ID = "k" * 32, "PUB_KEY_ID_TEST"
APPS = {Kind.ALIPAY: "2021000000000001", Kind.WECHAT: "wx0000000000000000"}
SELLERS = {Kind.ALIPAY: "2088000000000001", Kind.WECHAT: "1230000109"}


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """A key of that name, made once."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private(name: str) -> str:
    """The key in PEM."""
    return (
        key(name)
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )


def public(name: str) -> str:
    """Its public half."""
    return (
        key(name)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def signed_text(name: str, text: str) -> str:
    """A text signed by the key of that name, in Base64."""
    return base64.b64encode(key(name).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


def alipay(gateway: str = "http://127.0.0.1:9") -> Alipay:
    """The adapter, as production has it."""
    return Alipay(
        AlipayKeys(
            app=APPS[Kind.ALIPAY],
            seller=SELLERS[Kind.ALIPAY],
            private_key=private("shop"),
            public_key=public("alipay"),
            notify_url="https://portal.example/api/payments/alipay",
            return_url="https://portal.example/api/payments/alipay/return",
            gateway=gateway,
        )
    )


def wechat(gateway: str = "http://127.0.0.1:9") -> Wechat:
    """The adapter, as production has it."""
    return Wechat(
        WechatKeys(
            app=APPS[Kind.WECHAT],
            merchant=SELLERS[Kind.WECHAT],
            private_key=private("shop"),
            certificate="444F4864",
            api_key=API_KEY,
            public_key=public("wechat"),
            public_key_id=KEY_ID,
            notify_url="https://portal.example/api/payments/wechat",
            gateway=gateway,
        )
    )


@dataclass(slots=True)
class Answering:
    """An adapter whose notices are verified as ever, and whose network is this object."""

    adapter: Alipay | Wechat
    answers: dict[str, ToldPayment | None] = field(default_factory=dict[str, ToldPayment | None])
    is_silent: bool = False
    began: list[str] = field(default_factory=list[str])
    asked: list[str] = field(default_factory=list[str])

    @property
    def way(self) -> Kind:
        return self.adapter.way

    async def begin(self, order: Payable) -> str:
        self.began.append(order.number)
        if self.is_silent:
            raise TimeoutError
        return f"pay:{order.number}"

    async def ask(self, number: str) -> ToldPayment | None:
        self.asked.append(number)
        if self.is_silent:
            raise UnansweredError("silent")
        return self.answers.get(number)

    def read(self, headers: object, body: bytes, now: datetime) -> ToldPayment:
        return self.adapter.read(headers, body, now)  # pyright: ignore[reportArgumentType]


@dataclass(slots=True)
class Both:
    """Both ways, answering."""

    alipay: Answering = field(default_factory=lambda: Answering(alipay()))
    wechat: Answering = field(default_factory=lambda: Answering(wechat()))

    async def offered(self) -> tuple[Kind, ...]:
        return Kind.ALIPAY, Kind.WECHAT

    async def of(self, way: Kind) -> PaymentProvider | None:
        return {Kind.ALIPAY: self.alipay, Kind.WECHAT: self.wechat}.get(way)


@dataclass(slots=True)
class Scene:
    """Recharges of one company, with clocks that are moved by hand."""

    database: Database
    clock: MovableClock
    way: Kind = Kind.ALIPAY
    ways: Both = field(default_factory=Both)
    account: str = "fee_yunfan"
    limits: RateLimits = field(default_factory=RateLimits)

    @property
    def recharges(self) -> Recharges:
        return Recharges(self.database, self.ways, wall=self.clock, clock=self.clock)

    @property
    def orders(self) -> Orders:
        return Orders(self.database, self.ways, clock=self.clock)

    @property
    def service(self) -> RechargeService:
        return RechargeService(
            self.database,
            self.recharges,
            ways=self.ways,
            accounts=SAMPLE_ACCOUNTS,
            limits=self.limits,
            clock=self.clock,
        )

    @property
    def actor(self) -> Actor:
        return Actor(realm=Realm.FEE_CENTER, subject_id=self.account, session_id="s1")

    @property
    def limited(self) -> Actor:
        """Who came from one workspace without a password."""
        return Actor(realm=Realm.FEE_CENTER, subject_id=self.account, session_id="s2", workspace_id="w1")

    async def open(self, amount: str = "100.00", *, key: str = "") -> OrderView:
        wanted = Wanted(key=key or secrets.token_hex(8), way=self.way, amount=amount)
        return await self.orders.open(self.actor, wanted)

    def payment(self, order: str, minor: int = 100_00, trade: str = "T1", **said: object) -> SimulatedPayment:
        known = {"paid_at": self.clock.now(), "app": APPS[self.way], "seller": SELLERS[self.way]}
        return SimulatedPayment(order=order, trade=trade, minor=minor, **(known | said))  # pyright: ignore[reportArgumentType]

    def sign(self, payment: SimulatedPayment, now: datetime | None = None) -> SentNotice:
        if self.way is Kind.ALIPAY:
            return AlipayCashier(key("alipay")).notice(payment, now or self.clock.now())
        return WechatCashier(key("wechat"), KEY_ID, API_KEY).notice(payment, now or self.clock.now())

    async def take(self, sent: SentNotice) -> Outcome:
        return await self.recharges.take(self.way, sent.headers, sent.body)

    async def pay(self, order: str, minor: int = 100_00, trade: str = "T1", **said: object) -> Outcome:
        return await self.take(self.sign(self.payment(order, minor, trade, **said)))

    def answer(self, order: str, minor: int = 100_00, trade: str = "T1", **said: object) -> None:
        """The provider, when it is asked, says that this was paid."""
        told = {"paid_at": self.clock.now(), "currency": "CNY", "is_paid": True} | said
        answers = self.ways.alipay.answers if self.way is Kind.ALIPAY else self.ways.wechat.answers
        answers[order] = ToldPayment(way=self.way, order=order, trade=trade, minor=minor, **told)  # pyright: ignore[reportArgumentType]
