"""充值: how much, by which way, and what it will do."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import reflex as rx
from pydantic import Field

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Money
from guance_portal.ledger.chart import Kind as Way
from guance_portal.payments.amount_rules import ONLINE, TRANSFER
from guance_portal.payments.orders import OrderView, Wanted
from guance_portal.payments.views import RechargePreview, RechargeStanding
from guance_portal.state.audience import audience
from guance_portal.state.base import FormMixin
from guance_portal.state.fee_center.amounts import amount, way_name
from guance_portal.state.live import Followed, LiveMixin

WayName = Literal["alipay", "wechat", "bank"]
_LONGEST = 40
Typed = Annotated[str, Field(max_length=_LONGEST)]


class RechargeForm(Form):
    """How much, and how."""

    amount: Annotated[str, Asked(label="recharge.amount", most=_LONGEST)] = ""
    way: Annotated[str, Asked(label="recharge.way", kind=FieldKind.CHOICE, most=_LONGEST)] = ""


@dataclass(frozen=True, slots=True)
class PendingRow:
    """An order that can still be paid, for `left` seconds."""

    number: str
    href: str
    way: Text
    amount: str
    left: int


@dataclass(frozen=True, slots=True)
class RechargeEffect:
    """What the amount will do; empty before one is known. The cash is empty where the session may not see balances."""

    total: str = ""
    paid_debt: str = ""
    debt_left: str = ""
    has_debt: bool = False
    unlocks: Text = field(default_factory=Text)
    cash: str = ""
    cash_before: str = ""
    cash_after: str = ""


@dataclass(frozen=True, slots=True)
class ShownLimits:
    """What can be paid at once by the ways online, and by transfer."""

    online: Text = field(default_factory=Text)
    transfer: Text = field(default_factory=Text)


class RechargeState(FormMixin, LiveMixin, rx.State):
    """The page. `refused` says why a way cannot be chosen; `first_way` is what it began with, `way` what is chosen now.

    `stopped` says why no money is taken at all.
    """

    symbol: rx.Field[str] = rx.field(default="¥")
    amount: rx.Field[str] = rx.field(default="")
    serial: rx.Field[int] = rx.field(default=0)
    way: rx.Field[str] = rx.field(default="")
    first_way: rx.Field[str] = rx.field(default="")
    last_way: rx.Field[str] = rx.field(default="")
    refused: rx.Field[dict[str, Text]] = rx.field(default_factory=dict)
    pending: rx.Field[list[PendingRow]] = rx.field(default_factory=list)
    effect: rx.Field[RechargeEffect] = rx.field(default_factory=RechargeEffect)
    limits: rx.Field[ShownLimits] = rx.field(default_factory=ShownLimits)
    stopped: rx.Field[Text] = rx.field(default_factory=Text)
    is_loaded: rx.Field[bool] = rx.field(default=False)

    _form_key: str = ""
    _owed: str = ""
    _locked: int = 0

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_recharge(self) -> None:
        """Show the account as it stands, with the amount that the address asks for, or else with all that is owed."""
        self._start()
        self._form_key = secrets.token_hex(16)
        self.serial += 1
        self.effect = RechargeEffect()
        seen = await self._read(self._actor())
        self.amount = self._asked("amount", _LONGEST) or self._owed
        offered = [one.way for one in seen.offers if one.refusal is None]
        usual = seen.last_way if seen.last_way in offered else next(iter(offered), "")
        self.way = self.first_way = str(usual)
        self.is_loaded = True
        if self.amount:
            self._judge("amount", await self._preview())

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def type_amount(self, value: Typed) -> None:
        """Say what the amount will do; what is wrong with it only once the field was left, or was wrong before."""
        if value == self.amount:
            return
        self.amount = value
        problem = await self._preview()
        if "amount" in self.problems:
            self._judge("amount", problem)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def leave_amount(self, value: Typed) -> None:
        """Say what is wrong with the amount once its field is left; an empty one is not called wrong yet."""
        self.amount = value
        problem = await self._preview()
        self._judge("amount", problem if value.strip() else None)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def pick_amount(self, value: Typed) -> None:
        """One of the usual amounts."""
        self.amount = value
        self.serial += 1
        self._judge("amount", await self._preview())

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def choose_way(self, way: WayName) -> None:
        """Another way: its limits are others."""
        self.way = way
        problem = await self._preview()
        if self.amount.strip():
            self._judge("amount", problem)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def pay(self, form: RechargeForm) -> AsyncIterator[Any]:
        """Open an order and go where it waits; for a transfer, to the account that it goes to."""
        self._begin()
        yield None
        self.amount, self.way = form.amount, form.way
        try:
            target = await self._open(form)
        except PortalError as error:
            self._fail(error)
        else:
            self.is_busy, self._form_key = False, secrets.token_hex(16)
            yield rx.redirect(target)

    async def _open(self, form: RechargeForm) -> str:
        if form.way not in set(Way):
            return routes.RECHARGE
        way = Way(form.way)
        if way is Way.BANK:
            await services().recharge_service.preview(self._actor(), way, form.amount)
            return routes.transfer(form.amount.strip())
        wanted = Wanted(key=self._form_key, way=way, amount=form.amount)
        order = await services().recharge_orders.open(self._actor(), wanted, self._caller())
        return routes.recharge_order(order.number)

    async def _preview(self) -> PortalError | None:
        """Say what the amount will do, or return what is wrong with it."""
        self.effect = RechargeEffect()
        if self.way not in set(Way):
            return None
        try:
            seen = await services().recharge_service.preview(self._actor(), Way(self.way), self.amount)
        except PortalError as error:
            return error
        self.effect = _effect(seen, self._locked)
        return None

    async def _read(self, actor: Actor) -> RechargeStanding:
        seen = await services().recharge_service.standing(actor)
        currency = seen.currency
        self.symbol, self.last_way = currency.symbol, str(seen.last_way or "")
        self.refused = {one.way: text(f"recharge.refused_{one.refusal}") for one in seen.offers if one.refusal}
        now = services().business_clock.now()
        self.pending = [_pending(order, int((order.expires_at - now).total_seconds())) for order in seen.pending]
        self.limits = ShownLimits(
            online=text(
                "recharge.limits_online",
                least=amount(ONLINE.lowest, currency),
                most=amount(ONLINE.highest or 0, currency),
            ),
            transfer=text("recharge.limits_transfer", least=amount(TRANSFER.lowest, currency)),
        )
        rule = text(f"ledger.rule.{seen.stopped_by}") if seen.stopped_by else None
        self.stopped = text("errors.ledger_books_stopped", rule=rule) if rule else Text()
        debt = await services().debt_views.of_payer(actor)
        least = max(debt.owed, ONLINE.lowest)
        self._owed = str(Money(least, currency).amount) if debt.owed else ""
        self._locked = len(debt.workspaces) if debt.locked_at else 0
        self._follow(seen.fee_account_id, seen.version, Followed.WALLET)
        return seen

    async def _arrive(self) -> bool:
        session = await self._live_session(Realm.FEE_CENTER)
        if session is None:
            self.effect, self.pending = RechargeEffect(), []
            return False
        await self._read(session.actor)
        if self.effect.total and self.way in set(Way):
            try:
                seen = await services().recharge_service.preview(session.actor, Way(self.way), self.amount)
            except PortalError:
                return True
            self.effect = _effect(seen, self._locked)
        return True


def _pending(order: OrderView, left: int) -> PendingRow:
    return PendingRow(
        number=order.number,
        href=routes.recharge_order(order.number),
        way=way_name(order.way),
        amount=amount(order.minor, order.currency),
        left=left,
    )


def _effect(seen: RechargePreview, locked: int = 0) -> RechargeEffect:
    """What the amount does; `locked` workspaces are unlocked once the debt is paid."""
    currency, parts = seen.currency, seen.parts
    knows_cash = seen.cash is not None
    return RechargeEffect(
        total=amount(seen.minor, currency),
        paid_debt=amount(parts.debt, currency),
        debt_left=amount(seen.debt - parts.debt, currency),
        has_debt=seen.debt > 0,
        unlocks=text("debt.unlocks", count=locked) if locked and seen.debt == parts.debt else Text(),
        cash=amount(parts.cash, currency),
        cash_before=amount(seen.cash or 0, currency) if knows_cash else "",
        cash_after=amount((seen.cash or 0) + parts.cash, currency) if knows_cash else "",
    )
