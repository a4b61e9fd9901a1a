"""使用统计 of a 商业版: today and yesterday, and a chart of one item with its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import reflex as rx
from pydantic import Field

from guance_portal.billing.plans import WorkspacePlan
from guance_portal.billing.usage import History, Lately, Point, UsageSpan, UsageUnavailableError
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Text, text
from guance_portal.metering.items import GATEWAY_ITEMS, Item
from guance_portal.metering.rules import adds_up
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.display import moment

ItemName = Annotated[str, Field(pattern=f"^({'|'.join(GATEWAY_ITEMS)})$")]
SpanName = Literal["7", "30", "90", "36"]


@dataclass(frozen=True, slots=True)
class UseRow:
    """One item: what of it has come today, and what came yesterday."""

    item: str
    name: Text
    means: Text
    now: str
    yesterday: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart, and one line of its table: `value` draws it, the rest is read."""

    label: str
    day: str
    value: int
    text: str


class UsageState(PageMixin, rx.State):
    """What was used; `BillingState` fills it and keeps it live."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    failure: rx.Field[str] = rx.field(default="")
    as_of: rx.Field[Text] = rx.field(default_factory=Text)
    rows: rx.Field[list[UseRow]] = rx.field(default_factory=list)
    item: rx.Field[str] = rx.field(default=Item.LOGS.value)
    span: rx.Field[str] = rx.field(default=UsageSpan.MONTH.value)
    bars: rx.Field[list[Bar]] = rx.field(default_factory=list)
    has_data: rx.Field[bool] = rx.field(default=False)
    summary: rx.Field[Text] = rx.field(default_factory=Text)

    @audience(Realm.CONSOLE)
    @rx.event
    async def choose_item(self, item: ItemName) -> None:
        """Draw another item."""
        self.item = item
        await self._redraw()

    @audience(Realm.CONSOLE)
    @rx.event
    async def choose_span(self, span: SpanName) -> None:
        """Draw another time."""
        self.span = span
        await self._redraw()

    async def _show(self, actor: Actor, plan: WorkspacePlan) -> None:
        views = services().usage_views
        try:
            lately = await views.lately(actor, plan)
            history = await views.history(actor, plan, UsageSpan(self.span))
        except UsageUnavailableError as error:
            self.failure = str(error.params["id"])
        else:
            self._tell(lately)
            self._draw(history)
            self.as_of = moment(services().business_clock.now(), plan.site.code)
            self.failure = ""
        self.is_loaded = True

    async def _redraw(self) -> None:
        try:
            actor = self._actor()
            plan = await services().plans.plan(actor)
        except PortalError as error:
            await self._say_error(error)
            return
        await self._show(actor, plan)

    def _tell(self, lately: Lately) -> None:
        self.rows = [
            UseRow(
                item=item.value,
                name=text(item.message_key),
                means=text(item.means),
                now=f"{lately.today[item]:,}",
                yesterday=f"{lately.yesterday[item]:,}",
            )
            for item in GATEWAY_ITEMS
        ]

    def _draw(self, history: History) -> None:
        item = Item(self.item)
        points = history.points[item]
        self.has_data = any(point.value for points in history.points.values() for point in points)
        self.bars = [_bar(point, history.span) for point in points]
        self.summary = _summary(item, history.span, points)


def _bar(point: Point, span: UsageSpan) -> Bar:
    by_month = span is UsageSpan.YEARS
    label = f"{point.starts:%Y-%m}" if by_month else f"{point.starts:%m-%d}"
    return Bar(label, label if by_month else point.starts.isoformat(), point.value, f"{point.value:,}")


def _summary(item: Item, span: UsageSpan, points: tuple[Point, ...]) -> Text:
    """The chart in a sentence: the sum of what adds up, and the highest bar."""
    highest = max(points, key=lambda point: point.value)
    key = "billing.summary_sum" if adds_up(item) else "billing.summary_highest"
    return text(
        key,
        item=text(item.message_key),
        span=text(f"billing.span.{span}"),
        sum=f"{sum(point.value for point in points):,}",
        most=f"{highest.value:,}",
        day=f"{highest.starts:%Y-%m}" if span is UsageSpan.YEARS else highest.starts,
    )
