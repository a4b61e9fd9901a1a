"""账单管理: every month, and one month by days, workspaces and items."""

from __future__ import annotations

import re

import reflex as rx

from guance_portal.accounts.members.access import is_limited
from guance_portal.billing.bills.views import MonthDetail
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency, Money, written
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.bills import rows
from guance_portal.state.bills.rows import DayCell, ItemRow, ListedBillRow, MonthRow, PaidKindRow, PartRow
from guance_portal.state.fee_center.amounts import amount, figure

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class BillMonthsState(PageMixin, rx.State):
    """The months of an account, or of the one workspace that a session sees."""

    months: rx.Field[list[MonthRow]] = rx.field(default_factory=list)
    total: rx.Field[str] = rx.field(default="")
    is_loaded: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_months(self) -> None:
        """Read them."""
        self.is_loaded = False
        actor = self._actor()
        seen = await services().bill_views.months(actor)
        self.months = [rows.month_row(one, seen.currency, is_limited=is_limited(actor)) for one in seen.months]
        self.total = amount(sum(one.minor for one in seen.months), seen.currency)
        self.is_loaded = True


class BillMonthState(PageMixin, rx.State):
    """One month; `phase` is found or missing, empty before it is loaded."""

    phase: rx.Field[str] = rx.field(default="")
    month: rx.Field[str] = rx.field(default="")
    state: rx.Field[Text] = rx.field(default_factory=Text)
    is_final: rx.Field[bool] = rx.field(default=False)
    paper: rx.Field[str] = rx.field(default="")
    no_paper: rx.Field[Text] = rx.field(default_factory=Text)
    final: rx.Field[Text] = rx.field(default_factory=Text)
    symbol: rx.Field[str] = rx.field(default="")
    sum: rx.Field[str] = rx.field(default="")
    change: rx.Field[Text] = rx.field(default_factory=Text)
    average: rx.Field[str] = rx.field(default="")
    average_note: rx.Field[Text] = rx.field(default_factory=Text)
    highest: rx.Field[str] = rx.field(default="")
    highest_day: rx.Field[str] = rx.field(default="")
    days: rx.Field[list[DayCell]] = rx.field(default_factory=list)
    workspaces: rx.Field[list[PartRow]] = rx.field(default_factory=list)
    paid: rx.Field[list[PaidKindRow]] = rx.field(default_factory=list)
    items: rx.Field[list[ItemRow]] = rx.field(default_factory=list)
    exact: rx.Field[str] = rx.field(default="")
    total: rx.Field[str] = rx.field(default="")
    rest: rx.Field[Text] = rx.field(default_factory=Text)
    chosen: rx.Field[str] = rx.field(default="")
    bills: rx.Field[list[ListedBillRow]] = rx.field(default_factory=list)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_month(self) -> None:
        """Show the month, and the bills of the day, that the address asks for."""
        self.reset()
        asked = self._asked("month", 7)
        seen = await services().bill_views.month(self._actor(), asked) if _MONTH.fullmatch(asked) else None
        if seen is None:
            self.month, self.phase = asked, "missing"
            return
        self._show(seen, self._asked("day", 10))
        self.phase = "found"

    def _show(self, seen: MonthDetail, day: str) -> None:
        month, currency = seen.month, seen.currency
        self.month, self.is_final = month.month, month.is_final
        self.paper = rows.paper_address(month, is_limited=is_limited(self._actor()))
        self.no_paper = rows.no_paper(month, is_limited=is_limited(self._actor()))
        self.state = text("bills.final" if month.is_final else "bills.estimated")
        self.final = text("bills.final_on", day=f"{month.final_at:%Y-%m-%d}")
        self.symbol, self.total = currency.symbol, amount(month.minor, currency)
        self.sum = _figure(month.minor, currency)
        self.change = _change(month.minor, seen.before)
        mean = Money.rounded(Money(month.minor, currency).amount / len(seen.days), currency)
        self.average = _figure(mean.minor, currency)
        self.average_note = text("bills.average_note", days=len(seen.days), bills=month.bills)
        dearest = max(seen.days, key=lambda one: one[1])
        self.highest, self.highest_day = _figure(dearest[1], currency), dearest[0].isoformat()
        self.chosen = day if day in {one.isoformat() for one, _, _ in seen.days} else ""
        self.days, self.workspaces = rows.calendar(seen, self.chosen), rows.workspace_rows(seen)
        self.paid, self.items = rows.paid_rows(month.paid, currency), rows.item_rows(seen.items, currency)
        exact = sum((one.exact for one in seen.items), start=Money(0, currency).amount)
        self.exact = written(exact, currency)
        self.rest = text(
            "bills.rest", bills=month.bills, rest=written(Money(month.minor, currency).amount - exact, currency)
        )
        self.bills = [
            rows.bill_row(one, currency, is_console=False)
            for one in seen.bills
            if not self.chosen or one.day.isoformat() == self.chosen
        ]


def _figure(minor: int, currency: Currency) -> str:
    return figure(minor, currency) if minor >= 0 else f"−{figure(-minor, currency)}"


def _change(now: int, before: int | None) -> Text:
    """How much more or less than the month before, in per cent."""
    if not before or before < 0:
        return Text()
    percent = (now - before) * 100 / before
    return text("bills.more" if percent >= 0 else "bills.less", percent=f"{abs(percent):.1f}")
