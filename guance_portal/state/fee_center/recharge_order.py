"""One recharge order: where it is paid, that it was paid, or what else became of it; it notices by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import reflex as rx
import segno

from guance_portal import sites
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency, told_amount
from guance_portal.core.settings import settings
from guance_portal.ledger.chart import Kind
from guance_portal.payments.errors import OrderUnknownError
from guance_portal.payments.rules import OrderState
from guance_portal.payments.views import Aside, OrderDetail
from guance_portal.state.audience import audience
from guance_portal.state.fee_center.amounts import amount, at, figure, way_name
from guance_portal.state.live import Followed, LiveMixin

_LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class AsideRow:
    """Money that came for the order and waits for a person."""

    amount: str
    why: Text
    at: Text
    is_done: bool


@dataclass(frozen=True, slots=True)
class OrderShown:
    """The order in words. `phase` is open, paid, held, expired or cancelled; empty before it is loaded, missing if there is none."""

    phase: str = ""
    number: str = ""
    way: str = ""
    way_name: Text = field(default_factory=Text)
    symbol: str = ""
    figure: str = ""
    amount: str = ""
    created_at: Text = field(default_factory=Text)
    expires_at: Text = field(default_factory=Text)
    left: int = 0
    waited: int = 0
    href: str = ""
    qr: str = ""
    paid_at: Text = field(default_factory=Text)
    trade: str = ""
    transaction: str = ""
    debt: str = ""
    has_paid_debt: bool = False
    cash: str = ""


class RechargeOrderState(LiveMixin, rx.State):
    """The page. `serial` grows with each look, so that its countdown starts again."""

    shown: rx.Field[OrderShown] = rx.field(default_factory=OrderShown)
    asides: rx.Field[list[AsideRow]] = rx.field(default_factory=list)
    serial: rx.Field[int] = rx.field(default=0)
    is_busy: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_order(self) -> None:
        """Show the order that the address names; a browser that comes back from its provider lets it be asked for."""
        self._unfollow()
        self.shown, self.asides, self.is_busy = OrderShown(), [], False
        await self._read(self._actor())
        if self.shown.phase == "open" and self._asked("trade_no"):
            await self._ask()

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def ask(self) -> AsyncIterator[None]:
        """已支付，立即查询."""
        self.is_busy = True
        yield
        if await self._ask() and self.shown.phase == "open":
            await self._say("recharge_order.not_paid_yet")
        self.is_busy = False

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def call_again(self) -> AsyncIterator[None]:
        """Ask the provider again where the order is paid, since it did not say."""
        self.is_busy = True
        yield
        try:
            order = await services().recharge_orders.call_again(self._actor(), self.shown.number)
            await self._read(self._actor())
            if not order.pay_at:
                await self._say("recharge_order.still_nowhere")
        except PortalError as error:
            await self._say_error(error)
        self.is_busy = False

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def cancel(self) -> AsyncIterator[None]:
        """取消订单."""
        self.is_busy = True
        yield
        try:
            await services().recharge_orders.cancel(self._actor(), self.shown.number, self._caller())
        except PortalError as error:
            await self._say_error(error)
        await self._read(self._actor())
        self.is_busy = False

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def look_again(self) -> None:
        """The countdown has ended."""
        await self._read(self._actor())

    async def _ask(self) -> bool:
        try:
            self._show(await services().recharge_service.ask(self._actor(), self._number()))
        except PortalError as error:
            await self._say_error(error)
            return False
        return True

    async def _read(self, actor: Actor) -> None:
        try:
            seen = await services().recharge_service.order(actor, self._number())
        except OrderUnknownError:
            self.shown, self.asides = OrderShown(phase="missing"), []
            self._unfollow()
        else:
            self._show(seen)

    def _show(self, seen: OrderDetail) -> None:
        self.shown = _shown(seen)
        self.asides = [_aside(one, seen.order.currency) for one in seen.asides]
        self.serial += 1
        self._follow(seen.order.number, seen.version, Followed.RECHARGE)

    def _number(self) -> str:
        return self._asked("order", _LONGEST_NUMBER)

    async def _arrive(self) -> bool:
        session = await self._live_session(Realm.FEE_CENTER)
        if session is None:
            self.shown, self.asides = OrderShown(), []
            return False
        await self._read(session.actor)
        return True


def _shown(seen: OrderDetail) -> OrderShown:
    order = seen.order
    currency, zone = order.currency, sites.first_of(order.currency).zone
    phase = "expired" if order.state is OrderState.OPEN and not seen.left else str(order.state)
    if order.state is OrderState.OPEN and order.is_cancelled:
        phase = "cancelled"
    is_open = phase == OrderState.OPEN
    return OrderShown(
        phase=phase,
        number=order.number,
        way=order.way,
        way_name=way_name(order.way),
        symbol=currency.symbol,
        figure=figure(order.minor, currency),
        amount=amount(order.minor, currency),
        created_at=at(order.created_at, zone),
        expires_at=at(order.expires_at, zone),
        left=seen.left,
        waited=max(0, int((services().business_clock.now() - order.created_at).total_seconds())),
        href=order.pay_at if is_open and (order.way is Kind.ALIPAY or order.pay_at.startswith("/")) else "",
        qr=_qr(order.pay_at) if is_open and order.way is Kind.WECHAT and order.pay_at else "",
        paid_at=at(order.paid_at, zone) if order.paid_at else Text(),
        trade=order.trade,
        transaction=str(seen.transaction) if seen.transaction else "",
        debt=amount(seen.became.debt, currency) if seen.became else "",
        has_paid_debt=bool(seen.became and seen.became.debt),
        cash=amount(seen.became.cash, currency) if seen.became else "",
    )


def _aside(one: Aside, currency: Currency) -> AsideRow:
    return AsideRow(
        amount=told_amount(one.minor, one.currency),
        why=text(f"payments.outcome.{one.reason}"),
        at=at(one.paid_at, sites.first_of(currency).zone),
        is_done=one.is_done,
    )


def _qr(content: str) -> str:
    """What a phone scans; that of a simulator leads to its page."""
    address = settings().effective_public_url + content if content.startswith("/") else content
    return segno.make(address, error="m").svg_data_uri(scale=5, border=2, light="#fff")
