"""体验额度: today's use of a 体验版 against its quotas."""

from __future__ import annotations

from dataclasses import dataclass, field

import reflex as rx

from guance_portal.billing.plans import WorkspacePlan
from guance_portal.billing.usage import UsageUnavailableError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor
from guance_portal.core.messages import Text, text
from guance_portal.metering.items import Item, free_quotas
from guance_portal.metering.rules import NOTICE_AT
from guance_portal.metering.service import ItemUse, MeteredToday
from guance_portal.state.base import PageMixin
from guance_portal.state.billing import prices
from guance_portal.state.display import clock_time, joined, moment

LOW, FULL = "amber", "red"


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """One item of the board: figures as text, `percent` of the bar, its tone, and what will come of it."""

    item: str
    name: Text
    used: str
    limit: str
    percent: int
    tone: str = ""
    outlook: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long an item is kept."""

    name: Text
    kept: Text


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

    async def _show(self, actor: Actor, plan: WorkspacePlan) -> None:
        try:
            today = await services().usage_views.today(actor)
        except UsageUnavailableError as error:
            self.failure = str(error.params["id"])
        else:
            self._fill(today, plan.site.code)
            self.missing = joined(prices.extras(prices.sold_at(plan.site, today.day)))
            self.failure = ""
        self.is_loaded = True

    def _fill(self, today: MeteredToday, site: str) -> None:
        limited = [use for use in today.items if use.quota]
        self.rows = [_row(use, site) for use in limited]
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


def _row(use: ItemUse, site: str) -> QuotaRow:
    return QuotaRow(
        item=use.item.value,
        name=text(use.item.message_key),
        used=f"{use.used:,}",
        limit=f"{use.quota:,}",
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
