"""What a workspace costs, on 付费计划与账单: a month to date, what it will come to, its days, items and bills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

import reflex as rx
from pydantic import Field

from guance_portal import routes
from guance_portal.billing.bills.costs import WorkspaceMonth
from guance_portal.billing.bills.forecast_rules import BackTest
from guance_portal.billing.bills.viewing import ItemSum
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency, Money, written
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.bills import rows
from guance_portal.state.bills.rows import ItemRow, ListedBillRow
from guance_portal.state.bills.stack import Stack, stack
from guance_portal.state.fee_center.amounts import amount

MonthName = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


@dataclass(frozen=True, slots=True)
class TrialRow:
    """The forecast tried on a month that has ended."""

    month: str
    expected: str
    actual: str
    error: str
    within: Text


@dataclass(frozen=True, slots=True)
class ItemsShown:
    """Items with their sum."""

    rows: list[ItemRow] = field(default_factory=list[ItemRow])
    exact: str = ""
    total: str = ""
    rest: Text = field(default_factory=Text)


class WorkspaceBillsState(PageMixin, rx.State):
    """A month of a workspace, in the console; `part` says whose items are shown: of the month, or of its latest day."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    has_bills: rx.Field[bool] = rx.field(default=False)
    month: rx.Field[str] = rx.field(default="")
    months: rx.Field[list[str]] = rx.field(default_factory=list)
    sum: rx.Field[str] = rx.field(default="")
    state: rx.Field[Text] = rx.field(default_factory=Text)
    is_final: rx.Field[bool] = rx.field(default=False)
    is_running: rx.Field[bool] = rx.field(default=False)
    through: rx.Field[Text] = rx.field(default_factory=Text)
    change: rx.Field[Text] = rx.field(default_factory=Text)
    latest: rx.Field[str] = rx.field(default="")
    latest_day: rx.Field[str] = rx.field(default="")
    latest_change: rx.Field[Text] = rx.field(default_factory=Text)
    expected: rx.Field[str] = rx.field(default="")
    bounds: rx.Field[Text] = rx.field(default_factory=Text)
    method: rx.Field[Text] = rx.field(default_factory=Text)
    trials: rx.Field[list[TrialRow]] = rx.field(default_factory=list)
    stack: rx.Field[Stack] = rx.field(default_factory=Stack)
    part: rx.Field[str] = rx.field(default="month")
    of_month: rx.Field[ItemsShown] = rx.field(default_factory=ItemsShown)
    of_latest: rx.Field[ItemsShown] = rx.field(default_factory=ItemsShown)
    bills: rx.Field[list[ListedBillRow]] = rx.field(default_factory=list)

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_bills(self) -> None:
        """Show the month that the address asks for, else the one that is running."""
        self.reset()
        actor = self._actor()
        if not actor.workspace_id:
            return
        try:
            seen = await services().workspace_costs.month(actor, self._asked("month", 7))
        except NotAllowedError:  # the page leads away by itself
            return
        if seen is not None:
            self._show(seen)
        self.has_bills, self.is_loaded = seen is not None, True

    @audience(Realm.CONSOLE)
    @rx.event
    def choose_month(self, month: MonthName) -> rx.event.EventSpec:
        """Lead to the page of another month."""
        return rx.redirect(routes.billing(month))

    @audience(Realm.CONSOLE)
    @rx.event
    def choose_part(self, part: Literal["month", "latest"]) -> None:
        """Show the items of the month, or of its latest day."""
        self.part = part

    def _show(self, seen: WorkspaceMonth) -> None:
        currency = seen.currency
        self.month = f"{seen.month:%Y-%m}"
        self.months = list(seen.months)
        self.is_final, self.is_running = seen.is_final, seen.is_running
        self.state = text("bills.final" if seen.is_final else "bills.estimated")
        self.sum = amount(seen.minor, currency)
        if seen.through is not None and seen.latest is not None:
            self.through = text("bills.through", day=f"{seen.through:%m-%d}")
            self.latest, self.latest_day = amount(seen.latest, currency), seen.through.isoformat()
            self.latest_change = _change("bills.than_day_before", seen.latest, seen.day_before)
        self.change = _change("bills.than_same_days", seen.minor, seen.before)
        self._show_forecast(seen)
        self.stack = stack(seen)
        self.of_month = _items(seen.items, seen.minor, len(seen.bills), currency)
        latest = [one for one in seen.bills if one.day == seen.through]
        self.of_latest = _items(seen.latest_items, seen.latest or 0, len(latest), currency)
        self.bills = [rows.bill_row(one, currency, is_console=True) for one in seen.bills]

    def _show_forecast(self, seen: WorkspaceMonth) -> None:
        told, currency = seen.forecast, seen.currency
        if told is None:
            return
        self.expected = amount(told.expected, currency)
        self.bounds = text("bills.between", low=amount(told.low, currency), high=amount(told.high, currency))
        self.method = text("bills.method_short" if told.is_short else "bills.method", days=len(told.days))
        self.trials = [_trial(one, currency) for one in seen.tests]


def _items(items: Sequence[ItemSum], minor: int, bills: int, currency: Currency) -> ItemsShown:
    exact = sum((one.exact for one in items), start=Money(0, currency).amount)
    return ItemsShown(
        rows=rows.item_rows(items, currency),
        exact=written(exact, currency),
        total=amount(minor, currency),
        rest=text("bills.rest", bills=bills, rest=written(Money(minor, currency).amount - exact, currency)),
    )


def _change(key: str, now: int, before: int | None) -> Text:
    """How much more or less than before, in per cent."""
    if before is None or before <= 0:
        return Text()
    percent = (now - before) * 100 / before
    return text(f"{key}_more" if percent >= 0 else f"{key}_less", percent=f"{abs(percent):.1f}")


def _trial(one: BackTest, currency: Currency) -> TrialRow:
    percent = f"{float(abs(one.error)) * 100:.1f} %"
    return TrialRow(
        month=f"{one.month:%Y-%m}",
        expected=amount(one.expected, currency),
        actual=amount(one.actual, currency),
        error=f"{'+' if one.error > 0 else '−' if one.error < 0 else ''}{percent}",
        within=text("bills.within" if one.is_within else "bills.beyond"),
    )
