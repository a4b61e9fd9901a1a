"""计费方式: the price list that holds for a site or currency on a day, all of it in the address."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import reflex as rx
from pydantic import Field

from guance_portal import routes, sites
from guance_portal.billing import price_lists
from guance_portal.billing.price_lists import NoPriceListError, market_of
from guance_portal.billing.rules import PriceList
from guance_portal.bootstrap import services
from guance_portal.core.forms import Asked, FieldKind, Form, blank
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency
from guance_portal.sites import Site, UnknownSiteError
from guance_portal.state.addresses import asked_day
from guance_portal.state.audience import ANYONE, audience
from guance_portal.state.base import PageMixin
from guance_portal.state.billing import prices
from guance_portal.state.billing.estimate import EstimateState
from guance_portal.state.billing.prices import PriceRow


class PricingForm(Form):
    """What is asked for; an empty day is today."""

    site: Annotated[str, Asked(label="pricing.site", kind=FieldKind.CHOICE, most=20)] = ""
    currency: Annotated[str, Asked(label="pricing.currency", kind=FieldKind.CHOICE, most=20)] = ""
    day: Annotated[str, Asked(label="pricing.date", kind=FieldKind.DATE, most=20)] = ""


class PricingState(PageMixin, rx.State):
    """Which list, and all that stands in it; `serial` grows with each, so that the controls show it."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    serial: rx.Field[int] = rx.field(default=0)
    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(PricingForm))
    today: rx.Field[Text] = rx.field(default_factory=Text)
    version: rx.Field[str] = rx.field(default="")
    holds: rx.Field[Text] = rx.field(default_factory=Text)
    allowance: rx.Field[Text] = rx.field(default_factory=Text)
    rows: rx.Field[list[PriceRow]] = rx.field(default_factory=list)
    problem: rx.Field[Text] = rx.field(default_factory=Text)

    @audience(ANYONE)
    @rx.event
    async def load_pricing(self) -> None:
        """Show the list that the address asks for; what it does not say is the first site, its currency, today."""
        site = _site(self._asked("site"))
        currency = _currency(self._asked("currency"), site)
        today = services().business_clock.now().astimezone(site.zone).date()
        day = asked_day(self._asked("date")) or today
        self.typed = PricingForm(site=site.code, currency=currency.value, day=day.isoformat()).texts()
        self.today = _today(today, site)
        estimate = await self.get_state(EstimateState)
        try:
            found = price_lists.in_force(currency, market_of(site), day)
        except NoPriceListError as problem:
            self.version, self.rows, self.problem = "", [], text(problem.code, **problem.params)
            estimate._withdraw()
        else:
            self._show(found, site)
            estimate._offer(found)
        self.serial, self.is_loaded = self.serial + 1, True

    @audience(ANYONE)
    @rx.event
    def show(self, form: PricingForm) -> rx.event.EventSpec:
        """查看: put it into the address, as a step of the browser's history."""
        site = _site(form.site)
        day = asked_day(form.day)
        address = routes.pricing(
            site=site.code, currency=_currency(form.currency, site).value, day=day.isoformat() if day else ""
        )
        return rx.redirect(address)

    @audience(ANYONE)
    @rx.event
    def follow_site(self, site: Annotated[str, Field(max_length=20)]) -> None:
        """The currency is that of the site, unless another is chosen after it."""
        self.typed = {**self.typed, "site": site, "currency": _site(site).currency.value}
        self.serial += 1

    def _show(self, found: PriceList, site: Site) -> None:
        self.version, self.rows, self.problem = found.version, prices.rows(found), Text()
        self.holds = _holds(found, site)
        self.allowance = text("pricing.allowance", count=f"{found.allowance:,}") if found.allowance else Text()


def _site(code: str) -> Site:
    try:
        return sites.get(code)
    except UnknownSiteError:
        return sites.all_sites()[0]


def _currency(code: str, site: Site) -> Currency:
    return Currency(code) if code in set(Currency) else site.currency


def _today(today: date, site: Site) -> Text:
    return text("pricing.today", day=today, site=site.name)


def _holds(found: PriceList, site: Site) -> Text:
    market = market_of(site)
    later = [
        one.first_day
        for one in price_lists.all_lists()
        if one.currency is found.currency and market in one.markets and one.first_day > found.first_day
    ]
    return text(
        "pricing.holds_until" if later else "pricing.holds",
        market=text(f"billing.market.{market}"),
        currency=text(f"billing.currency.{found.currency}"),
        first=found.first_day,
        next=min(later, default=""),
    )
