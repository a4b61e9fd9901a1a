"""A simulated marketplace: what was bought there, what it told the portal, and how it misbehaves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Literal

import reflex as rx
from pydantic import Field

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core import plain
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Form
from guance_portal.core.settings import settings
from guance_portal.sandbox import numbers
from guance_portal.sandbox.aws.market import BuyerArrival
from guance_portal.sandbox.rules import MarketAct, Sku, Term, Whim
from guance_portal.state.audience import SANDBOX, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.live import Followed, LiveMixin
from guance_portal.state.sandbox.rows import DeliveryLine, PurchaseLine, delivery_line, purchase_line

Id = Annotated[str, Field(max_length=60)]
ActName = Literal["renew", "upgrade", "expire", "cancel", "release"]
WhimName = Literal[
    "duplicate",
    "late",
    "out_of_order",
    "cancel_between",
    "slow",
    "unreachable",
    "refuses_usage",
    "unsure_of_usage",
    "silent_on_usage",
    "throttles_usage",
]
_MARKET = routes.SANDBOX_MARKETS.count("/") + 1


class OrderForm(Form):
    """What is bought, by whom."""

    account: Annotated[str, Field(max_length=40)] = ""
    sku: Literal["standard", "premium"] = "standard"
    term: Literal["open", "trial", "month", "year"] = "open"
    product: Literal["ours", "other"] = "ours"


class SandboxMarketState(FormMixin, LiveMixin, rx.State):
    """One marketplace, named by the address. `asking` is the purchase whose act waits for a second click.

    `token` is what the buyer's browser carries to the portal once `is_leaving`.
    """

    account: rx.Field[str] = rx.field(default="")
    serial: rx.Field[int] = rx.field(default=0)
    purchases: rx.Field[list[PurchaseLine]] = rx.field(default_factory=list)
    deliveries: rx.Field[list[DeliveryLine]] = rx.field(default_factory=list)
    whims: rx.Field[dict[str, bool]] = rx.field(default_factory=dict)
    asking: rx.Field[str] = rx.field(default="")
    asking_act: rx.Field[str] = rx.field(default="")
    is_loaded: rx.Field[bool] = rx.field(default=False)
    token: rx.Field[str] = rx.field(default="")
    is_leaving: rx.Field[bool] = rx.field(default=False)

    @audience(SANDBOX)
    @rx.event
    async def load_market(self) -> None:
        """Show the marketplace of the address."""
        self._start()
        self.asking = self.asking_act = self.token = ""
        self.is_leaving = False
        self._suggest()
        await self._show()

    @audience(SANDBOX)
    @rx.event
    async def subscribe(self, form: OrderForm) -> AsyncIterator[None]:
        """Buy."""
        self._begin()
        yield
        try:
            sku, term = Sku(form.sku), Term(form.term)
            is_other = form.product == "other"
            await services().sandbox.subscribe(self._shop_id(), form.account, sku, term, is_other=is_other)
        except PortalError as error:
            self._fail(error)
        else:
            self.is_busy, self.account = False, plain.code(form.account)
            await self._say("market.bought")
            await self._show()

    @audience(SANDBOX)
    @rx.event
    def another_account(self) -> None:
        """Suggest an account that nobody has had yet."""
        self._suggest()
        self.serial += 1

    @audience(SANDBOX)
    @rx.event
    def ask(self, purchase_id: Id, act: ActName) -> None:
        """Ask before something ends."""
        self.asking, self.asking_act = purchase_id, act

    @audience(SANDBOX)
    @rx.event
    def leave_it(self) -> None:
        """Do nothing."""
        self.asking = self.asking_act = ""

    @audience(SANDBOX)
    @rx.event
    async def act(self, purchase_id: Id, act: ActName) -> AsyncIterator[None]:
        """Do something to a purchase."""
        self.is_busy = True
        yield
        try:
            await services().sandbox.act(self._shop_id(), purchase_id, MarketAct(act))
        except PortalError as error:
            await self._say_error(error)
        self.is_busy, self.asking, self.asking_act = False, "", ""
        await self._show()

    @audience(SANDBOX)
    @rx.event
    async def set_up(self, purchase_id: Id, arrival: Literal["good", "expired", "used", "foreign"]) -> None:
        """Send the buyer's browser to the portal, with a good token or with one that must be refused."""
        way = BuyerArrival(is_expired=arrival == "expired", is_foreign=arrival == "foreign", is_used=arrival == "used")
        try:
            self.token = await services().sandbox.aws.set_up(self._shop_id(), purchase_id, way)
        except PortalError as error:
            await self._say_error(error)
        else:
            self.is_leaving = True

    @audience(SANDBOX)
    @rx.event
    async def set_whim(self, whim: WhimName, is_on: bool) -> None:  # noqa: FBT001 - what a switch says
        """Let the marketplace misbehave, or behave again."""
        try:
            shop = services().sandbox.shop(self._shop_id())
        except PortalError as error:
            await self._say_error(error)
            return
        await services().sandbox.counter.set_whim(shop, Whim(whim), is_on=is_on)
        await self._show()

    @audience(SANDBOX)
    @rx.event
    async def send_again(self, delivery_id: Id) -> AsyncIterator[None]:
        """Send a notice once more."""
        self.is_busy = True
        yield
        try:
            await services().sandbox.send_again(self._shop_id(), delivery_id)
        except PortalError as error:
            await self._say_error(error)
        self.is_busy = False
        await self._show()

    async def _arrive(self) -> bool:
        if settings().is_sandbox:
            await self._show()
        return settings().is_sandbox

    async def _show(self) -> None:
        try:
            shop = services().sandbox.shop(self._shop_id())
        except PortalError as error:
            await self._say_error(error)
            return
        version = (await services().sandbox.versions([shop.id]))[shop.id]
        seen = await services().sandbox.counter.overview(shop)
        names = {purchase.id: purchase.reference for purchase in seen.purchases}
        self.purchases = [purchase_line(shop, purchase) for purchase in seen.purchases]
        self.deliveries = [delivery_line(one, names.get(one.purchase_id, "")) for one in seen.deliveries]
        self.whims = {whim.value: whim in seen.whims for whim in Whim}
        self.is_loaded = True
        self._follow(shop.id, version, Followed.SANDBOX)

    def _suggest(self) -> None:
        self.account = numbers.digits(16 if self._shop_id().startswith("aliyun") else 12)

    def _shop_id(self) -> str:
        return "-".join(routes.normal(self.router.url.path).split("/")[_MARKET:])[:40]
