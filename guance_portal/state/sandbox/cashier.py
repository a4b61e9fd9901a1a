"""The sandbox's cashier: an order that the portal announced, what somebody does about it, and what the portal answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Literal

import reflex as rx

from guance_portal import routes, sites
from guance_portal.bootstrap import services
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.payments.rules import UNPROVEN
from guance_portal.sandbox.cashier.service import Deed, ToldNotice
from guance_portal.state.audience import SANDBOX, audience
from guance_portal.state.base import PageMixin
from guance_portal.state.fee_center.amounts import amount, at, figure

DeedName = Literal[
    "pay", "fail", "pay_twice", "pay_silently", "tell", "out_of_order", "other_amount", "forged", "other_seller"
]
_TELL = "tell"
_MOST = 20
_ADDRESSES = {Kind.ALIPAY: routes.ALIPAY_NOTICES, Kind.WECHAT: routes.WECHAT_NOTICES}


_ZONE = sites.first_of(Currency.CNY).zone


@dataclass(frozen=True, slots=True)
class CashierOrder:
    """The order in words; empty before it is known."""

    number: str = ""
    way: str = ""
    symbol: str = ""
    figure: str = ""
    paid: str = ""
    address: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True)
class SentRow:
    """A notice that was sent from this page; without an `answer` none was sent, though something was paid."""

    at: Text = field(default_factory=Text)
    deed: Text = field(default_factory=Text)
    is_sent: bool = True
    is_right: bool = False
    answer: str = ""
    outcome: Text = field(default_factory=Text)


class SandboxCashierState(PageMixin, rx.State):
    """The page; `sent` are the notices that were sent from it, the newest first."""

    order: rx.Field[CashierOrder] = rx.field(default_factory=CashierOrder)
    sent: rx.Field[list[SentRow]] = rx.field(default_factory=list)
    doing: rx.Field[str] = rx.field(default="")
    is_loaded: rx.Field[bool] = rx.field(default=False)

    @audience(SANDBOX)
    @rx.event
    async def load_cashier(self) -> None:
        """Show the order that the address names."""
        self.sent, self.doing = [], ""
        await self._read()
        self.is_loaded = True

    @audience(SANDBOX)
    @rx.event
    async def act(self, deed: DeedName) -> AsyncIterator[None]:
        """Let it happen."""
        if self.doing:
            return
        self.doing = deed
        yield
        try:
            told = await self._do(deed)
        except PortalError as error:
            await self._say_error(error)
        else:
            self.sent = [*reversed([_row(deed, one) for one in told]), *self.sent][:_MOST]
            if not told and deed == Deed.PAY_SILENTLY:
                self.sent = [_silent(deed), *self.sent]
        self.doing = ""
        await self._read()

    async def _do(self, deed: str) -> tuple[ToldNotice, ...]:
        way, number = self._which()
        if deed == _TELL:
            return await services().cashier.tell(way, number)
        return await services().cashier.do(way, number, Deed(deed))

    async def _read(self) -> None:
        way, number = self._which()
        try:
            seen = await services().cashier.look(way, number)
        except PortalError:
            self.order = CashierOrder()
            return
        currency = Currency(seen.currency)
        self.order = CashierOrder(
            number=seen.number,
            way=seen.way,
            symbol=currency.symbol,
            figure=figure(seen.minor, currency),
            paid=amount(seen.paid, currency),
            address=_ADDRESSES[seen.way],
            back=routes.recharge_order(seen.number),
        )

    def _which(self) -> tuple[Kind, str]:
        asked = self._asked("way", 20)
        return Kind.WECHAT if asked == Kind.WECHAT.value else Kind.ALIPAY, self._asked("order", 40)


def _row(deed: str, told: ToldNotice) -> SentRow:
    return SentRow(
        at=at(told.at, _ZONE),
        deed=text(f"cashier.{deed}"),
        is_right=told.outcome is not None and told.outcome not in UNPROVEN,
        answer=f"{told.answer.status} {told.answer.text}".strip() if told.answer.status else "",
        outcome=text(f"payments.outcome.{told.outcome}") if told.outcome else text("cashier.lost"),
    )


def _silent(deed: str) -> SentRow:
    return SentRow(
        at=at(services().clock.now(), _ZONE),
        deed=text(f"cashier.{deed}"),
        is_sent=False,
        outcome=text("cashier.silent"),
    )
