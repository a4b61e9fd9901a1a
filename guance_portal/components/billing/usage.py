"""Use of a workspace of the 商业版: figures, chart and table; or, without data, a note."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.billing.usage import Span
from guance_portal.components.billing.items import item_color, swatch
from guance_portal.components.buttons import link_button
from guance_portal.components.charts import bar_chart
from guance_portal.components.feedback import empty_state, failed_panel
from guance_portal.components.icons import icon
from guance_portal.components.page_parts import panel
from guance_portal.components.table import Column, table
from guance_portal.components.tabs import segments
from guance_portal.components.words import said, t
from guance_portal.metering.items import GATEWAY_ITEMS
from guance_portal.state.billing.page import BillingState
from guance_portal.state.billing.usage import UsageState


def usage_panel() -> rx.Component:
    """使用统计: up to now, and yesterday."""
    return panel(
        table(
            [
                Column(t("billing.item"), _item, phone="main"),
                Column(t("billing.to_now"), lambda row: row.now, is_end=True, phone="main"),
                Column(t("billing.to_yesterday"), _yesterday, is_end=True, phone="minor"),
            ],
            UsageState.rows,
            label=t("billing.usage"),
        ),
        title=t("billing.usage"),
        lead=t("billing.usage_lead", at=said(UsageState.as_of)),
        is_flush=True,
    )


def history_panel() -> rx.Component:
    """使用统计视图: one item over a time, as a chart and as its table."""
    return panel(
        rx.el.div(
            segments(
                "item",
                t("billing.item"),
                [(item.value, t(item.words)) for item in GATEWAY_ITEMS],
                value=UsageState.item,
                on_change=UsageState.choose_item,
            ),
            segments(
                "span",
                t("billing.time"),
                [(span.value, t(f"billing.span.{span}")) for span in Span],
                value=UsageState.span,
                on_change=UsageState.choose_span,
            ),
            class_name="gc-chart-controls",
        ),
        rx.cond(
            UsageState.has_data,
            rx.fragment(
                rx.el.p(said(UsageState.summary), class_name="gc-chart-summary", role="status"),
                bar_chart(UsageState.bars, color=item_color(UsageState.item), summary=said(UsageState.summary)),
                _chart_table(),
            ),
            no_data(),
        ),
        title=t("billing.history"),
        lead=rx.cond(BillingState.is_upgraded, t("billing.history_lead_upgraded"), t("billing.history_lead")),
    )


def usage_or_failure(*panels: rx.Component) -> rx.Component:
    """The panels, or in their place what failed."""
    return shown_or_failed(UsageState.failure, rx.fragment(*panels))


def shown_or_failed(failure: rx.Var[str], child: rx.Component) -> rx.Component:
    """The child, or in its place what failed with its number."""
    return rx.cond(
        failure != "",
        panel(failed_panel(t("billing.failed"), failure, on_retry=BillingState.read_again)),
        child,
    )


def _item(row: Any) -> rx.Component:
    return rx.el.span(
        swatch(row.item),
        rx.el.span(said(row.name)),
        rx.el.small(said(row.means)),
        class_name="gc-use",
    )


def _yesterday(row: Any) -> rx.Component:
    return rx.el.span(rx.el.span(t("billing.yesterday"), " ", class_name="gc-phone-only"), row.yesterday)


def _chart_table() -> rx.Component:
    return rx.el.details(
        rx.el.summary(rx.el.span(t("billing.as_table")), icon("chevron-down", 14)),
        table(
            [
                Column(t("billing.day"), lambda bar: bar.day, phone="main"),
                Column(t("billing.count"), lambda bar: bar.text, is_end=True, phone="main"),
            ],
            UsageState.bars,
            label=t("billing.history"),
        ),
        class_name="gc-help gc-chart-table",
    )


def no_data() -> rx.Component:
    """What is missing, and the way to it."""
    return empty_state(
        t("billing.empty"),
        t("billing.empty_text"),
        icon_name="rocket",
        action=link_button(t("billing.to_guide"), href=routes.ONBOARDING, kind="secondary"),
    )
