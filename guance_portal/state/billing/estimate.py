"""费用估算: quantities in, a day's bill with its arithmetic out. Stands on 计费方式 and on 套餐升级."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Literal

import reflex as rx
from pydantic import Field

from guance_portal.billing import estimates, price_lists
from guance_portal.billing.estimates import Estimate, TypedUse
from guance_portal.billing.rules import EstimatedLine, Mode, Price, PriceList
from guance_portal.core.messages import Text, text
from guance_portal.core.money import digits, written
from guance_portal.metering.items import Item
from guance_portal.state.audience import ANYONE, audience
from guance_portal.state.base import PageMixin
from guance_portal.state.billing import prices
from guance_portal.state.display import joined


@dataclass(frozen=True, slots=True)
class TierOption:
    """One retention to choose from."""

    value: str
    text: Text


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """One item: what was typed, what it costs and how that comes about, or what is wrong with it.

    `key` changes with the price list and whose estimate it is, so that its controls start over.
    """

    key: str
    item: str
    name: Text
    suffix: Text
    typed: str
    days: str
    tiers: list[TierOption] = field(default_factory=list[TierOption])
    amount: str = ""
    steps: Text = field(default_factory=Text)
    included: Text = field(default_factory=Text)
    problem: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What of a day's cost an item is, as the width of its part of the bar."""

    item: str
    width: str


class EstimateState(PageMixin, rx.State):
    """An estimate by one price list, which a page offers with `_offer`; `is_own` when it began with what was used."""

    version: rx.Field[str] = rx.field(default="")
    first_day: rx.Field[str] = rx.field(default="")
    rows: rx.Field[list[EstimateRow]] = rx.field(default_factory=list)
    more_rows: rx.Field[list[EstimateRow]] = rx.field(default_factory=list)
    has_modes: rx.Field[bool] = rx.field(default=False)
    mode: rx.Field[str] = rx.field(default=Mode.DATAKIT_AND_TIME_SERIES.value)
    day: rx.Field[str] = rx.field(default="")
    month: rx.Field[str] = rx.field(default="")
    shares: rx.Field[list[ShareRow]] = rx.field(default_factory=list)
    shares_said: rx.Field[Text] = rx.field(default_factory=Text)
    is_own: rx.Field[bool] = rx.field(default=False)
    _typed: rx.Field[dict[str, TypedUse]] = rx.field(default_factory=dict)
    _about: str = ""

    @audience(ANYONE)
    @rx.event
    def change_quantity(
        self, item: Annotated[str, Field(max_length=40)], quantity: Annotated[str, Field(max_length=40)]
    ) -> None:
        """Work out again, with another quantity of an item."""
        if (wish := self._typed.get(item)) is not None:
            self._typed = {**self._typed, item: TypedUse(quantity, wish.days)}
            self._work_out()

    @audience(ANYONE)
    @rx.event
    def change_days(
        self, item: Annotated[str, Field(max_length=40)], days: Annotated[str, Field(pattern=r"^\d{1,3}$")]
    ) -> None:
        """Work out again, with an item kept for another time."""
        if (wish := self._typed.get(item)) is None:
            return
        price = self._prices().price(Item(item))
        if int(days) in {tier.days for tier in price.tiers}:
            self._typed = {**self._typed, item: TypedUse(wish.quantity, int(days))}
            self._work_out()

    @audience(ANYONE)
    @rx.event
    def choose_mode(self, mode: Literal["datakit_and_time_series", "time_series"]) -> None:
        """Work out again, with time series charged with or without DataKits."""
        self.mode = mode
        self._work_out()

    def _offer(self, offered: PriceList, about: str = "", used: Mapping[Item, Sequence[int]] | None = None) -> None:
        """Begin an estimate by this list; one that is under way by it, about the same, goes on.

        `about` names whose it is, `used` is what was counted there lately, day by day: with that it begins.
        """
        if (offered.version, about) == (self.version, self._about):
            return
        self._about, own = about, estimates.start_from(offered, used) if used else {}
        self.is_own = bool(own)
        self.version, self.first_day = offered.version, offered.first_day.isoformat()
        self.has_modes, self.mode = offered.allowance > 0, Mode.DATAKIT_AND_TIME_SERIES.value
        self._typed = own or estimates.start(offered)
        self._work_out()

    def _withdraw(self) -> None:
        """There is no list to estimate by."""
        self.version, self.rows, self.more_rows, self._typed = "", [], [], {}
        self.shares = []

    def _prices(self) -> PriceList:
        return price_lists.version(self.version)

    def _work_out(self) -> None:
        if not self.version:
            return
        offered = self._prices()
        found = estimates.estimate(offered, self._typed, Mode(self.mode))
        shown = {
            item: _row(offered, price, self._typed, found, about=self._about) for item, price in offered.prices.items()
        }
        self.rows = [row for item, row in shown.items() if item.traits.typical]
        self.more_rows = [row for item, row in shown.items() if not item.traits.typical]
        self.day, self.month = str(found.day), str(found.month)
        parts = estimates.shares(found)
        self.shares = [ShareRow(item.value, f"{weight / 10}%") for item, weight in parts.items()]
        self.shares_said = joined([_share(item, weight) for item, weight in parts.items()])


def _row(
    offered: PriceList, price: Price, typed: Mapping[str, TypedUse], found: Estimate, *, about: str
) -> EstimateRow:
    wish, line, problem = typed[price.item], found.lines.get(price.item), found.problems.get(price.item)
    return EstimateRow(
        key=f"{offered.version}:{about}:{price.item}",
        item=price.item.value,
        name=text(price.item.message_key),
        suffix=prices.typed_in(price),
        typed=wish.quantity,
        days=str(wish.days or ""),
        tiers=[TierOption(str(tier.days), prices.days(tier.days)) for tier in price.tiers if tier.days],
        amount=written(line.amount, offered.currency) if line else "",
        steps=_steps(line, offered) if line else Text(),
        included=_included(line, offered) if line else Text(),
        problem=text(problem.code) if problem else Text(),
    )


def _share(item: Item, weight: int) -> Text:
    return text("estimate.share", item=text(item.message_key), percent=f"{weight / 10:.1f}")


def _steps(line: EstimatedLine, offered: PriceList) -> Text:
    return text(
        "estimate.steps",
        quantity=_count(line.billable),
        unit=f"{line.unit:,}",
        quotient=digits(line.quotient),
        price=written(line.price, offered.currency),
    )


def _included(line: EstimatedLine, offered: PriceList) -> Text:
    if line.item is not Item.TIME_SERIES or line.billable == line.quantity:
        return Text()
    return text("estimate.included", each=f"{offered.allowance:,}", billable=_count(line.billable))


def _count(quantity: int | Decimal) -> str:
    whole = f"{quantity:,f}"
    return whole.rstrip("0").rstrip(".") if "." in whole else whole
