"""Use of a workspace of the 商业版: figures, chart and table; or, without data, a note."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.billing.usage import UsageSpan
from guance_portal.components.billing.items import item_color, swatch
from guance_portal.components.buttons import link_button
from guance_portal.components.charts import bar_chart
from guance_portal.components.feedback import empty_state, failed_panel
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel
from guance_portal.components.table import Column, table
from guance_portal.components.tabs import segments
from guance_portal.metering.items import GATEWAY_ITEMS
from guance_portal.state.billing.page import BillingState
from guance_portal.state.billing.usage import UsageState


def usage_panel() -> rx.Component:
    """使用统计: up to now, and yesterday."""
    return panel(
        table(
            [
                Column(text("billing.item"), _item, phone="main"),
                Column(text("billing.to_now"), lambda row: row.now, is_end=True, phone="main"),
                Column(text("billing.to_yesterday"), _yesterday, is_end=True, phone="minor"),
            ],
            UsageState.rows,
            label=text("billing.usage"),
        ),
        title=text("billing.usage"),
        lead=text("billing.usage_lead", at=translated(UsageState.as_of)),
        is_flush=True,
    )


def history_panel() -> rx.Component:
    """使用统计视图: one item over a time, as a chart and as its table."""
    return panel(
        rx.el.div(
            segments(
                "item",
                text("billing.item"),
                [(item.value, text(item.message_key)) for item in GATEWAY_ITEMS],
                value=UsageState.item,
                on_change=UsageState.choose_item,
            ),
            segments(
                "span",
                text("billing.time"),
                [(span.value, text(f"billing.span.{span}")) for span in UsageSpan],
                value=UsageState.span,
                on_change=UsageState.choose_span,
            ),
            class_name="gc-chart-controls",
        ),
        rx.cond(
            UsageState.has_data,
            rx.fragment(
                rx.el.p(translated(UsageState.summary), class_name="gc-chart-summary", role="status"),
                bar_chart(UsageState.bars, color=item_color(UsageState.item), summary=translated(UsageState.summary)),
                _chart_table(),
            ),
            no_data(),
        ),
        title=text("billing.history"),
        lead=rx.cond(BillingState.is_upgraded, text("billing.history_lead_upgraded"), text("billing.history_lead")),
    )


def usage_or_failure(*panels: rx.Component) -> rx.Component:
    """The panels, or in their place what failed."""
    return shown_or_failed(UsageState.failure, rx.fragment(*panels))


def shown_or_failed(failure: rx.Var[str], child: rx.Component) -> rx.Component:
    """The child, or in its place what failed with its number."""
    return rx.cond(
        failure != "",
        panel(failed_panel(text("billing.failed"), failure, on_retry=BillingState.read_again)),
        child,
    )


def _item(row: Any) -> rx.Component:
    return rx.el.span(
        swatch(row.item),
        rx.el.span(translated(row.name)),
        rx.el.small(translated(row.means)),
        class_name="gc-use",
    )


def _yesterday(row: Any) -> rx.Component:
    return rx.el.span(rx.el.span(text("billing.yesterday"), " ", class_name="gc-phone-only"), row.yesterday)


def _chart_table() -> rx.Component:
    return rx.el.details(
        rx.el.summary(rx.el.span(text("billing.as_table")), icon("chevron-down", 14)),
        table(
            [
                Column(text("billing.day"), lambda bar: bar.day, phone="main"),
                Column(text("billing.count"), lambda bar: bar.text, is_end=True, phone="main"),
            ],
            UsageState.bars,
            label=text("billing.history"),
        ),
        class_name="gc-help gc-chart-table",
    )


def no_data() -> rx.Component:
    """What is missing, and the way to it."""
    return empty_state(
        text("billing.empty"),
        text("billing.empty_text"),
        icon_name="rocket",
        action=link_button(text("billing.to_guide"), href=routes.ONBOARDING, kind="secondary"),
    )
