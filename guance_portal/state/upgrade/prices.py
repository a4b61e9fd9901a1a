"""The price list in force, on 套餐升级: what an upgrade would be billed by today."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes, sites
from guance_portal.billing import price_lists
from guance_portal.billing.price_lists import NoPriceListError, market_of
from guance_portal.billing.usage import UsageSpan
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text
from guance_portal.metering.items import Item
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.billing import prices
from guance_portal.state.billing.estimate import EstimateState
from guance_portal.state.billing.prices import PriceRow
from guance_portal.state.display import joined


class UpgradePricesState(PageMixin, rx.State):
    """The list of the person's site; `version` is empty while there is none. `href` leads to 计费方式.

    `offers` is what the 商业版 has beyond the 体验版, `missing` what the 体验版 has not at all, as the list sells it.
    """

    version: rx.Field[str] = rx.field(default="")
    rows: rx.Field[list[PriceRow]] = rx.field(default_factory=list)
    since: rx.Field[Text] = rx.field(default_factory=Text)
    allowance: rx.Field[Text] = rx.field(default_factory=Text)
    href: rx.Field[str] = rx.field(default=routes.PRICING)
    free_price: rx.Field[str] = rx.field(default="")
    offers: rx.Field[list[Text]] = rx.field(default_factory=list)
    missing: rx.Field[Text] = rx.field(default_factory=Text)

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_prices(self) -> None:
        """Show the list that holds today, and offer it to the estimate."""
        site = sites.get(self._session().site)
        today = services().business_clock.now().astimezone(site.zone).date()
        self.href = routes.pricing(site=site.code, currency=site.currency.value)
        self.free_price, self.offers = site.currency.nothing, prices.offers(site, today)
        estimate = await self.get_state(EstimateState)
        try:
            found = price_lists.in_force(site.currency, market_of(site), today)
        except NoPriceListError:
            self.version, self.rows, self.missing = "", [], Text()
            estimate._withdraw()
            return
        self.version, self.rows = found.version, prices.rows(found)
        self.missing = joined(prices.extras(found))
        self.since = text("upgrade.prices_since", day=found.first_day.isoformat())
        self.allowance = text("pricing.allowance", count=f"{found.allowance:,}") if found.allowance else Text()
        estimate._offer(found, *await self._used())

    async def _used(self) -> tuple[str, dict[Item, list[int]]]:
        """The workspace and what it used on the last whole days; nothing to whom that is not shown."""
        actor = self._actor()
        try:
            plan = await services().plans.plan(actor)
            history = await services().usage_views.history(actor, plan, UsageSpan.WEEK)
        except PortalError:
            return "", {}
        # The last of the days is not over.
        return plan.workspace_id, {item: [point.value for point in days[:-1]] for item, days in history.points.items()}
