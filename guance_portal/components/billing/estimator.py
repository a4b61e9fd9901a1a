"""费用估算: a panel where quantities are typed and each line shows how it comes about."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import attributes, is_set
from guance_portal.components.billing.items import swatch
from guance_portal.components.field_frame import message
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.money import money
from guance_portal.components.page_parts import panel, when
from guance_portal.components.tabs import segments
from guance_portal.state.billing.estimate import EstimateState as State


def estimator() -> rx.Component:
    """The panel; the page's loader offers `EstimateState` the price list to go by."""
    return panel(
        when(State.has_modes, _modes()),
        rx.el.div(rx.foreach(State.rows, _row), class_name="gc-estimate-rows"),
        rx.el.details(
            rx.el.summary(rx.el.span(text("estimate.more")), icon("chevron-down", 14)),
            rx.el.div(rx.foreach(State.more_rows, _row), class_name="gc-estimate-rows"),
            class_name="gc-help gc-estimate-more",
        ),
        when(State.shares.length() > 0, _shares()),
        _sums(),
        title=text("estimate.title"),
        lead=rx.cond(State.is_own, text("estimate.lead_own"), text("estimate.lead")),
        class_name="gc-estimate",
    )


def _modes() -> rx.Component:
    return segments(
        "mode",
        text("estimate.mode"),
        [
            ("datakit_and_time_series", text("estimate.mode_datakit_and_time_series")),
            ("time_series", text("estimate.mode_time_series")),
        ],
        value=State.mode,
        on_change=State.choose_mode,
    )


def _row(row: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.label(translated(row.name), html_for=_id(row, "quantity")),
            money(row.amount),
            class_name="gc-label",
        ),
        rx.el.div(
            rx.el.span(
                rx.el.input(
                    id=_id(row, "quantity"),
                    input_mode="decimal",
                    auto_complete="off",
                    max_length=40,
                    default_value=row.typed,
                    on_change=State.change_quantity(row.item).debounce(250),
                    custom_attrs=attributes(
                        aria_describedby=_id(row, "said"),
                        aria_invalid=is_set(row.problem),
                    ),
                ),
                rx.el.small(translated(row.suffix)),
                class_name="gc-input",
            ),
            rx.cond(row.tiers.length() > 0, _tiers(row), rx.fragment()),
            class_name="gc-estimate-controls",
        ),
        rx.el.div(
            message(row.problem),
            rx.cond(
                is_set(row.steps), rx.el.span(translated(row.steps), class_name="gc-estimate-steps"), rx.fragment()
            ),
            rx.cond(is_set(row.included), rx.el.span(translated(row.included)), rx.fragment()),
            id=_id(row, "said"),
            class_name="gc-estimate-said",
        ),
        key=row.key,
        class_name="gc-estimate-row",
        custom_attrs=attributes(data_item=row.item),
    )


def _tiers(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.select(
            rx.foreach(row.tiers, _tier),
            default_value=row.days,
            on_change=State.change_days(row.item),
            custom_attrs=attributes(aria_label=_kept(row)),
        ),
        icon("chevron-down", class_name="gc-chevron"),
        class_name="gc-select",
    )


def _tier(tier: Any) -> rx.Component:
    return rx.el.option(translated(tier.text), value=tier.value)


def _kept(row: Any) -> Any:
    return text("estimate.kept", item=translated(row.name))


def _shares() -> rx.Component:
    """A bar of what each item is of the day's cost, in the colours of the charts; read out as a sentence."""
    return rx.el.div(
        rx.foreach(State.shares, _share),
        role="img",
        aria_label=text("estimate.shares", shares=translated(State.shares_said)),
        class_name="gc-shares",
    )


def _share(share: Any) -> rx.Component:
    return swatch(share.item, style={"width": share.width}, key=share.item)


def _sums() -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.el.span(text("estimate.day")), money(State.day)),
        rx.el.div(
            rx.el.span(rx.el.b(text("estimate.month")), " ", rx.el.small(text("estimate.month_note"))),
            money(State.month),
            class_name="gc-estimate-month",
        ),
        rx.el.p(text("estimate.version", day=State.first_day)),
        class_name="gc-estimate-sums",
        role="status",
    )


def _id(row: Any, part: str) -> Any:
    return f"estimate-{part}-" + row.item.to(str)
