"""近 7 日用量 of a 体验版: a bar for each day with its figure, below the line of the daily quota."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import attributes
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel, when
from guance_portal.state.billing.quota import QuotaState as State


def week_panel() -> rx.Component:
    """The last seven days of one item: the one nearest its quota, until another is chosen."""
    return when(
        State.week.length() > 0,
        panel(
            rx.el.span(
                rx.el.select(
                    rx.foreach(State.rows, _item),
                    value=State.week_item,
                    on_change=State.choose_week,
                    custom_attrs=attributes(aria_label=text("billing.week_item")),
                ),
                icon("chevron-down", class_name="gc-chevron"),
                class_name="gc-select small",
            ),
            rx.el.div(
                rx.el.i(
                    class_name="gc-week-quota",
                    style={"height": State.week_line},
                    custom_attrs=attributes(aria_hidden=True),
                ),
                rx.el.ol(
                    rx.foreach(State.week, _day),
                    aria_label=text("billing.week_of", item=translated(State.week_name)),
                ),
                class_name="gc-week",
            ),
            title=text("billing.week"),
            lead=text("billing.week_lead", quota=State.week_quota),
        ),
    )


def _item(row: Any) -> rx.Component:
    return rx.el.option(translated(row.name), value=row.item)


def _day(bar: Any) -> rx.Component:
    """Figure, bar and day stand one below the other; a screen reader hears day and figure."""
    return rx.el.li(
        rx.el.small(translated(bar.short), custom_attrs={"title": bar.text}),
        rx.el.i(style={"height": bar.height}, custom_attrs=attributes(aria_hidden=True)),
        rx.el.span(translated(bar.label)),
        class_name=rx.cond(bar.is_full, "full", ""),
    )
