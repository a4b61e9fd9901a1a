"""体验额度: today's use of a 体验版 against its quotas."""

from __future__ import annotations

from dataclasses import dataclass, field

import reflex as rx

from guance_portal.billing.plans import WorkspacePlan
from guance_portal.billing.usage import UsageSpan, UsageUnavailableError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text
from guance_portal.metering.items import Item, free_quotas
from guance_portal.metering.rules import NOTICE_AT
from guance_portal.metering.service import ItemUse, MeteredToday
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.billing import prices
from guance_portal.state.billing.usage import ItemName
from guance_portal.state.display import clock_time, joined, moment

LOW, FULL = "amber", "red"
_LONG, _LONGER = 10_000, 1_000_000


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """One item of the board: figures as text, `percent` of the bar, its tone, and what will come of it."""

    item: str
    name: Text
    used: str
    limit: Text
    kept: Text
    percent: int
    tone: str = ""
    outlook: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long an item is kept."""

    name: Text
    kept: Text


@dataclass(frozen=True, slots=True)
class DayBar:
    """One day of the week: its figure, its bar as a share of the chart, and whether the quota was used up."""

    label: Text
    text: str
    short: Text
    height: str
    is_full: bool


class QuotaState(PageMixin, rx.State):
    """The board, and the notices above it; `BillingState` fills it and keeps it live."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    failure: rx.Field[str] = rx.field(default="")
    rows: rx.Field[list[QuotaRow]] = rx.field(default_factory=list)
    exhausted: rx.Field[Text] = rx.field(default_factory=Text)
    low: rx.Field[Text] = rx.field(default_factory=Text)
    oversized: rx.Field[Text] = rx.field(default_factory=Text)
    resets_at: rx.Field[Text] = rx.field(default_factory=Text)
    datakits: rx.Field[str] = rx.field(default="")
    missing: rx.Field[Text] = rx.field(default_factory=Text)
    has_data: rx.Field[bool] = rx.field(default=False)
    retention: rx.Field[list[Retention]] = rx.field(default_factory=list)
    week: rx.Field[list[DayBar]] = rx.field(default_factory=list)
    week_item: rx.Field[str] = rx.field(default="")
    week_name: rx.Field[Text] = rx.field(default_factory=Text)
    week_quota: rx.Field[str] = rx.field(default="")
    week_line: rx.Field[str] = rx.field(default="")
    _is_chosen: bool = False

    @audience(Realm.CONSOLE)
    @rx.event
    async def choose_week(self, item: ItemName) -> None:
        """Draw the week of another item."""
        self.week_item, self._is_chosen = item, True
        try:
            actor = self._actor()
            await self._draw_week(actor, await services().plans.plan(actor))
        except PortalError as error:
            await self._say_error(error)

    async def _show(self, actor: Actor, plan: WorkspacePlan) -> None:
        try:
            today = await services().usage_views.today(actor)
        except UsageUnavailableError as error:
            self.failure = str(error.params["id"])
        else:
            self._fill(today, plan.site.code)
            await self._draw_week(actor, plan)
            self.missing = joined(prices.extras(prices.sold_at(plan.site, today.day)))
            self.failure = ""
        self.is_loaded = True

    async def _draw_week(self, actor: Actor, plan: WorkspacePlan) -> None:
        """The item that was chosen, else the one nearest its quota."""
        if not self.rows:
            return
        if not self._is_chosen:
            self.week_item = max(self.rows, key=lambda row: row.percent).item
        history = await services().usage_views.history(actor, plan, UsageSpan.WEEK)
        item, quota = Item(self.week_item), free_quotas(plan.site.code)[Item(self.week_item)].limit or 0
        points = history.points[item]
        highest = max(quota, *(point.value for point in points))
        self.week_name, self.week_quota = text(item.message_key), f"{quota:,}"
        self.week_line = _share(quota, highest)
        self.week = (
            [
                DayBar(
                    label=text("billing.week_today") if point is points[-1] else Text(*[f"{point.starts:%m-%d}"] * 2),
                    text=f"{point.value:,}",
                    short=_short(point.value),
                    height=_share(point.value, highest),
                    is_full=point.value >= quota > 0,
                )
                for point in points
            ]
            if any(point.value for days in history.points.values() for point in days)
            else []
        )

    def _fill(self, today: MeteredToday, site: str) -> None:
        limited = [use for use in today.items if use.quota]
        kept = {item: quota.retention_days for item, quota in free_quotas(site).items()}
        self.rows = [_row(use, site, kept.get(use.item)) for use in limited]
        self.exhausted = joined([text(use.item.message_key) for use in limited if use.is_exhausted])
        self.low = joined([text(use.item.message_key) for use in limited if _is_low(use)])
        self.oversized = joined([text(use.item.message_key) for use in limited if _has_oversized(use)])
        self.resets_at = moment(today.ends_at, site)
        self.datakits = next(f"{use.used:,}" for use in today.items if use.item is Item.DATAKIT)
        self.has_data = any(use.used for use in today.items)
        self.retention = [
            Retention(text(item.message_key), text("billing.days", days=quota.retention_days))
            for item, quota in free_quotas(site).items()
            if quota.retention_days
        ]


def _short(value: int) -> Text:
    """A count that fits above a narrow bar."""
    if value < _LONG:
        return Text(*[f"{value:,}"] * 2)
    if value < _LONGER:
        return Text(f"{value / 10_000:.1f}万", f"{value / 1_000:.0f}K")
    return Text(f"{value / 10_000:,.0f}万", f"{value / 1_000_000:.1f}M")


def _share(value: int, highest: int) -> str:
    return f"{100 * value / highest if highest else 0:.1f}%"


def _row(use: ItemUse, site: str, days: int | None) -> QuotaRow:
    return QuotaRow(
        item=use.item.value,
        name=text(use.item.message_key),
        used=f"{use.used:,}",
        limit=text(
            "billing.quota_of", count=f"{use.quota:,}", measure=text(f"billing.measure.{use.item.traits.measure}")
        ),
        kept=text("billing.kept_for", days=days) if days else text("billing.kept_not"),
        percent=min(use.percent, 100),
        tone=FULL if use.is_exhausted else LOW if _is_low(use) else "",
        outlook=_outlook(use, site),
    )


def _is_low(use: ItemUse) -> bool:
    return not use.is_exhausted and use.percent >= NOTICE_AT[0]


def _has_oversized(use: ItemUse) -> bool:
    """Whether a batch larger than what is left was refused, while smaller ones are still taken."""
    return use.refused > 0 and not use.is_exhausted


def _outlook(use: ItemUse, site: str) -> Text:
    if use.is_exhausted:
        since = use.exhausted_at
        return text("billing.refused_since", time=clock_time(since, site)) if since else text("billing.refused")
    if _has_oversized(use):
        return text("billing.refused_batches", count=f"{use.refused:,}")
    if use.runs_out_at:
        return text("billing.runs_out", time=clock_time(use.runs_out_at, site))
    return text("billing.lasts" if use.used else "billing.none_today")
