"""每日费用: a bar for each day, one part for each item; coming days are hatched between their bounds.

The bars are drawn for the eye alone: the same figures stand in the table below them.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import attributes
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import when
from guance_portal.components.table import Column, table
from guance_portal.state.bills.workspace import WorkspaceBillsState

_C: Any = WorkspaceBillsState.stack


def stack_chart() -> rx.Component:
    """Legend, bars and table."""
    return rx.el.figure(
        rx.el.figcaption(translated(_C.summary), class_name="gc-chart-summary"),
        _legend(),
        rx.el.div(
            rx.el.div(rx.foreach(_C.axis, _mark), class_name="gc-daybars-axis"),
            rx.el.div(rx.foreach(_C.days, _day), class_name="gc-daybars-days"),
            class_name="gc-daybars",
            custom_attrs=attributes(aria_hidden=True),
        ),
        when(_C.has_negative, rx.el.p(text("bills.chart_negative"), class_name="gc-small-note")),
        _table(),
        class_name="gc-daybars-figure",
    )


def _legend() -> rx.Component:
    return rx.el.ul(
        rx.foreach(_C.legend, _legend_part),
        when(
            _C.has_coming,
            rx.fragment(
                rx.el.li(rx.el.i(class_name="gc-swatch coming"), text("bills.coming")),
                rx.el.li(rx.el.i(class_name="gc-swatch band"), text("bills.band")),
            ),
        ),
        class_name="gc-daybars-legend",
    )


def _legend_part(one: Any) -> rx.Component:
    return rx.el.li(_patch(one.color), translated(one.name))


def _patch(color: Any) -> rx.Component:
    return rx.el.i(class_name=f"gc-swatch {color}", custom_attrs=attributes(aria_hidden=True))


def _mark(mark: Any) -> rx.Component:
    return rx.el.span(rx.el.small(mark.label), style={"bottom": mark.height})


def _day(day: Any) -> rx.Component:
    bars = rx.cond(
        day.is_coming,
        rx.fragment(
            rx.el.i(class_name="gc-daybars-coming", style={"height": day.expected}),
            rx.el.i(class_name="gc-daybars-band", style={"bottom": day.band, "height": day.band_height}),
        ),
        rx.el.span(rx.foreach(day.parts, _bar), class_name="gc-daybars-bar"),
    )
    return rx.el.div(
        bars,
        rx.el.small(day.label),
        when(day.amount != "", _tip(day)),
        class_name="gc-daybars-day",
    )


def _bar(part: Any) -> rx.Component:
    return rx.el.i(class_name=f"gc-swatch {part.color}", style={"--part": part.height})


def _tip(day: Any) -> rx.Component:
    return rx.el.div(
        rx.el.b(day.day),
        rx.foreach(day.parts, _tip_part),
        when(
            day.is_coming,
            rx.el.span(rx.el.span(text("bills.band")), rx.el.span(text("bills.between", low=day.low, high=day.high))),
        ),
        rx.el.span(
            rx.el.b(rx.cond(day.is_coming, text("bills.coming"), text("bills.all"))),
            rx.el.b(day.amount),
        ),
        class_name="gc-chart-tip",
    )


def _tip_part(part: Any) -> rx.Component:
    return rx.el.span(rx.el.span(_patch(part.color), translated(part.name)), rx.el.span(part.amount))


def _table() -> rx.Component:
    return rx.el.details(
        rx.el.summary(rx.el.span(text("billing.as_table")), icon("chevron-down", 14)),
        table(
            (
                Column(text("bills.day"), lambda row: row.day, phone="main"),
                Column(text("bills.by_item"), _parts),
                Column(text("bills.cost"), _amount, is_end=True, phone="main"),
            ),
            _C.table,
            label=text("bills.daily_costs"),
        ),
        class_name="gc-help gc-chart-table",
    )


def _parts(row: Any) -> rx.Component:
    return rx.el.span(rx.foreach(row.parts, _said), translated(row.bounds), class_name="gc-daybars-words")


def _said(part: Any) -> rx.Component:
    return rx.el.span(translated(part.name), " ", part.amount)


def _amount(row: Any) -> rx.Component:
    return rx.el.span(
        rx.cond(row.bounds.zh != "", rx.el.small(text("bills.coming"), " "), ""),
        rx.el.b(row.amount, class_name="gc-money"),
    )
